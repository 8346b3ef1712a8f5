# SPDX-License-Identifier: MIT
# What has to be there before anything starts: users, folders, programs, secrets, configuration, database. Sourced.

layout=1

make_users() {
  [ -n "$as_root" ] || return 0
  local user
  for user in wharf wharf-clerk "$database_user"; do
    id "$user" >/dev/null 2>&1 && continue
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user" 2>/dev/null ||
      fail "the system user '$user' cannot be made; make it by hand: useradd --system --user-group $user"
  done
  # The clerk may write where the workers' group may.
  id -nG wharf-clerk | tr ' ' '\n' | grep -qx wharf || usermod -aG wharf wharf-clerk ||
    fail "the user 'wharf-clerk' cannot be added to the group 'wharf'"
  id "$nginx_user" >/dev/null 2>&1 || fail "the system user '$nginx_user' is missing; make it: useradd --system $nginx_user"
}

# folder, mode, owner [, group]
folder() {
  mkdir -p "$var/$1" && chmod "$2" "$var/$1" || fail "the folder '$var/$1' cannot be made or changed by '$me'"
  [ -z "$as_root" ] || chown "$3:${4:-$(id -gn "$3")}" "$var/$1" || fail "the folder '$var/$1' cannot be given to '$3'"
}

check_reachable() {
  [ -n "$as_root" ] || return 0
  local user
  for user in "$worker_user" "$clerk_user" "$database_user" "$nginx_user"; do
    as_user "$user" test -x "$var" ||
      fail "'$var' cannot be reached by the user '$user', who runs a part of Wharf; choose a WHARF_VAR below folders that everyone may enter, such as /srv/wharf"
  done
}

check_whole() {
  [ "$(cat "$var/.wharf" 2>/dev/null)" = "$layout" ] ||
    fail "'$var/.wharf' says '$(head -c 40 "$var/.wharf" | tr -d '\n')', and this Wharf expects '$layout'; was it made by another version?"
  local thing
  for thing in database blobs public secrets/session.key secrets/database-worker secrets/database-clerk secrets/database-admin; do
    [ -e "$var/$thing" ] ||
      fail "'$var' is damaged: '$thing' is missing; restore it from a backup, or remove '$var' to begin anew without its data"
  done
}

install_file() { # from, to
  cmp -s "$1" "$2" && return 0
  cp "$1" "$2.new" && chmod 0755 "$2.new" && mv -f "$2.new" "$2" || fail "'$2' cannot be written"
}

secret() { # name, owner, bytes
  local file=$var/secrets/$1
  if [ ! -s "$file" ]; then
    (umask 077 && openssl rand -hex "$3" >"$file.new") && mv "$file.new" "$file" || fail "the secret '$file' cannot be made"
  fi
  [ -z "$as_root" ] || chown "$2:" "$file" || fail "'$file' cannot be given to '$2'"
}

make_certificate() {
  local key=$var/conf/tls.key certificate=$var/conf/tls.crt
  # Made anew a day before it runs out.
  if [ ! -s "$key" ] || ! openssl x509 -in "$certificate" -noout -checkend 86400 >/dev/null 2>&1; then
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -keyout "$key" \
      -out "$certificate" -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' 2>/dev/null) ||
      fail "the self-signed certificate '$certificate' cannot be made"
    chmod 0644 "$certificate"
  fi
  [ -z "$as_root" ] || chown "$nginx_user:" "$key"
}

make_example() {
  local archive=$var/example/hello-wharf-1.0.0.tar.gz
  tar -C "$here/example" --sort=name --mtime=@1767225600 --owner=0 --group=0 --numeric-owner --format=ustar -cf - . |
    gzip -n9 >"$archive.new" && mv "$archive.new" "$archive" || fail "the example '$archive' cannot be written"
}

render_configuration() {
  local public=$address
  case $public in '*' | 127.0.0.1) public=127.0.0.1 ;; esac
  cat >"$var/conf/wharf.conf.new" <<END || fail "'$var/conf' cannot be written"
# Written anew at each start; WHARF_<SECTION>_<KEY> in the environment overrides a key.
[site]
mode = development
public_url = http://$public:$http_port
[database]
socket = $var/run/db/mariadb.sock
name = wharf
user = wharf_worker
password_file = $var/secrets/database-worker
clerk_user = wharf_clerk
clerk_password_file = $var/secrets/database-clerk
admin_user = wharf_admin
admin_password_file = $var/secrets/database-admin
[storage]
root = $var
[auth]
jwt_key_file = $var/secrets/session.key
[limits]
preset = $limits_preset
factor = $limits_factor
[nginx]
addresses = $address
http_port = $http_port
https_port = $https_port
certificate = $var/conf/tls.crt
certificate_key = $var/conf/tls.key
templates = $source_root/nginx
pid = $var/run/nginx/nginx.pid
access_log = $var/log/nginx/access.log
error_log = $var/log/nginx/error.log
download_log = $var/log/nginx/downloads.log
END
  mv -f "$var/conf/wharf.conf.new" "$var/conf/wharf.conf"
  mkdir -p "$var/conf/nginx"
  "$programs/wharf-registry" nginx-config --config "$var/conf/wharf.conf" --output "$var/conf/nginx" 2>"$var/log/render.log" ||
    fail "the configuration is refused: $(sed 's/^wharf-registry: error: //' "$var/log/render.log" | head -1)"
}

prepare_var() {
  [ ! -e "$var/.wharf" ] || check_whole
  make_users
  chmod 0755 "$var" || fail "'$var' belongs to another user than '$me'"
  check_reachable
  folder bin 0755 root
  folder conf 0755 root
  folder secrets 0711 root
  folder log 0755 root
  folder log/nginx 0755 "$nginx_user"
  folder run 1775 root "$(id -gn "$worker_user")"
  folder run/db 0755 "$database_user"
  # Not /tmp: a server that starts clears the temporary tables there, those of another one too.
  folder run/db/tmp 0700 "$database_user"
  folder run/nginx 0755 "$nginx_user"
  folder nginx 0700 "$nginx_user"
  folder example 0755 root
  # Blobs belong to the clerk. Workers add to them through their group, which is handed down to the folders within; sticky
  # means that they take nothing away that is not theirs.
  folder blobs 3770 "$clerk_user" "$(id -gn "$worker_user")"
  folder staging 0700 "$worker_user"
  folder public 0755 "$clerk_user"
  local program
  for program in "$programs"/wharf "$programs"/wharf-*; do install_file "$program" "$var/bin/${program##*/}"; done
  secret session.key "$worker_user" 32
  secret database-worker "$worker_user" 24
  secret database-clerk "$clerk_user" 24
  secret database-admin "$me" 24
  make_certificate
  make_example
  render_configuration
  if [ ! -d "$var/database" ]; then
    say 'making the database'
    rm -rf "$var/database.new"
    folder database.new 0700 "$database_user"
    TMPDIR=$var/run/db/tmp as_user "$database_user" mariadb-install-db --no-defaults --force --datadir="$var/database.new" --skip-test-db \
      --auth-root-authentication-method=socket --auth-root-socket-user="$me" --skip-name-resolve \
      >"$var/log/mariadb-install.log" 2>&1 </dev/null 9>&- || fail "the database cannot be made; see '$var/log/mariadb-install.log'"
    mv "$var/database.new" "$var/database"
  fi
}

database_root() { mariadb --no-defaults --connect-timeout=5 --batch --skip-column-names --socket="$var/run/db/mariadb.sock" --user="$me" "$@"; }

# The schema, its users, and the rights of each: once for each schema and set of rights.
prepare_database() {
  local stamp log=$var/log/migrate.log
  stamp=$("$programs/wharf-registry" --version; cat "$source_root/sql/grants.sql" "$var/secrets/database-"*; ls "$source_root/sql/schema")
  stamp=$(sha256sum <<<"$stamp")
  if [ "$(cat "$var/conf/schema.stamp" 2>/dev/null)" != "$stamp" ]; then
    { cat <<END
CREATE DATABASE IF NOT EXISTS wharf CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'wharf_admin'@'localhost', 'wharf_worker'@'localhost', 'wharf_clerk'@'localhost';
ALTER USER 'wharf_admin'@'localhost' IDENTIFIED BY '$(cat "$var/secrets/database-admin")';
ALTER USER 'wharf_worker'@'localhost' IDENTIFIED BY '$(cat "$var/secrets/database-worker")';
ALTER USER 'wharf_clerk'@'localhost' IDENTIFIED BY '$(cat "$var/secrets/database-clerk")';
GRANT ALL PRIVILEGES ON wharf.* TO 'wharf_admin'@'localhost';
END
    } | database_root 2>"$log" || fail "the database's users cannot be made: $(head -1 "$log")"
  fi
  "$programs/wharf-registry" migrate --config "$var/conf/wharf.conf" >"$log" 2>&1 ||
    fail "the schema cannot be brought up to date: $(sed 's/^wharf-registry: error: //' "$log" | head -1)"
  if [ "$(cat "$var/conf/schema.stamp" 2>/dev/null)" != "$stamp" ]; then
    database_root wharf <"$source_root/sql/grants.sql" 2>"$log" || fail "the database's rights cannot be set: $(head -1 "$log")"
    echo "$stamp" >"$var/conf/schema.stamp"
  fi
  echo "$layout" >"$var/.wharf"
}

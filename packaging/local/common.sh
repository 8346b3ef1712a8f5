# SPDX-License-Identifier: MIT
# What every step of wharf-local uses: messages, settings, users, processes. Sourced, not run.

say() { echo "wharf-local: $*"; }

# One sentence and exit 1. What this call has started is stopped first.
fail() {
  # Ctrl-C ends whatever is waited for, too: what went wrong is then no news.
  [ -z "${interrupted:-}" ] || set -- 'it was stopped while it started'
  echo "wharf-local: error: $*" >&2
  if [ -n "${started:-}" ]; then
    trap '' INT TERM HUP
    stop_all
  fi
  exit 1
}

heed_interruption() { [ -z "${interrupted:-}" ] || fail; }

check_port() { # name, value
  [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$2" -le 65535 ] || fail "$1 is '$2'; expected a port from 1 to 65535"
}

read_settings() {
  http_port=${WHARF_HTTP_PORT:-8080}
  https_port=${WHARF_HTTPS_PORT:-8443}
  address=${WHARF_ADDRESS:-127.0.0.1}
  programs=${WHARF_PROGRAMS:-$source_root/build/release/bin}
  check_port WHARF_HTTP_PORT "$http_port"
  check_port WHARF_HTTPS_PORT "$https_port"
  [ "$http_port" != "$https_port" ] || fail "WHARF_HTTP_PORT and WHARF_HTTPS_PORT are both $http_port; they must differ"

  var=${WHARF_VAR:-./var}
  case $var in /*) ;; *) var=$PWD/$var ;; esac
  var=$(realpath -m -- "$var")
  [[ $var =~ ^[A-Za-z0-9_./+,~@-]+$ ]] || fail "WHARF_VAR is '$var'; its path may hold letters, digits and _./+,~@- only"
  local longest=$var/run/db/mariadb.sock
  [ ${#longest} -le 107 ] ||
    fail "WHARF_VAR is too long: the socket '$longest' has ${#longest} characters and Linux takes 107; choose a shorter path"

  local cores
  cores=$(nproc)
  local workers=${WHARF_WORKERS:-$((4 * cores))}
  [[ $workers =~ ^[1-9][0-9]{0,3}$ ]] || fail "WHARF_WORKERS is '$workers'; expected a whole number from 1 to 9999"
  write_workers=$((workers / 2))
  [ "$write_workers" -gt 0 ] || write_workers=1
  read_workers=$((workers - write_workers))
  [ "$read_workers" -gt 0 ] || read_workers=1

  database_memory=${WHARF_MEMORY:-128M}
  [[ $database_memory =~ ^[1-9][0-9]{0,5}[MG]$ ]] || fail "WHARF_MEMORY is '$database_memory'; expected megabytes or gigabytes, as in 512M or 2G"

  case ${WHARF_LIMITS:-} in
    '') limits_preset=standard limits_factor=10 ;;
    off | standard | strict) limits_preset=$WHARF_LIMITS limits_factor=1 ;;
    *) fail "WHARF_LIMITS is '$WHARF_LIMITS'; expected off, standard or strict" ;;
  esac

  me=$(id -un) || fail 'the user that runs this has no name; expected an entry in /etc/passwd'
  if [ "$(id -u)" = 0 ]; then
    as_root=yes worker_user=wharf clerk_user=wharf-clerk nginx_user=www-data
    database_user=wharf-db
    ! id mysql >/dev/null 2>&1 || database_user=mysql
  else
    as_root= worker_user=$me clerk_user=$me nginx_user=$me database_user=$me
  fi
}

check_tools() {
  local tool
  for tool in nginx mariadbd mariadb mariadb-install-db spawn-fcgi multiwatch openssl curl setsid setpriv flock; do
    command -v "$tool" >/dev/null || fail "'$tool' is missing; 'make deps' installs it"
  done
  for tool in wharf-registry wharf-fcgi wharf-clerk; do
    [ -x "$programs/$tool" ] || fail "the program '$programs/$tool' is missing; 'make' builds it"
  done
}

# Nobody else may listen where we will.
check_free() {
  local port host=$address
  [ "$host" != '*' ] || host=127.0.0.1
  for port in "$http_port" "$https_port"; do
    if (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; then
      local name=WHARF_HTTP_PORT
      [ "$port" = "$http_port" ] || name=WHARF_HTTPS_PORT
      fail "port $port is in use; stop what listens there, or set $name to a free one"
    fi
  done
  local least
  least=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
  for port in "$http_port" "$https_port"; do
    [ "$port" -ge "$least" ] || fail "port $port is below $least, which an unprivileged nginx may not use; choose a higher one"
  done
}

# Two calls for one var wait for each other; the lock is on its marker of old, and goes with the process.
take_lock() {
  exec 9>>"$var/.lock" || fail "'$var' cannot be written by '$me'"
  flock -w 60 9 || fail "another wharf-local has been at work in '$var' for a minute; wait for it, or end it"
}
release_lock() { exec 9>&-; }

take_lock_in_new_var() {
  [ ! -e "$var" ] || [ -d "$var" ] || fail "WHARF_VAR is '$var', which is not a folder"
  if [ -d "$var" ] && [ ! -e "$var/.wharf" ] && [ ! -e "$var/.lock" ] && [ -n "$(ls -A "$var" 2>/dev/null)" ]; then
    fail "'$var' is not empty and was not made by Wharf; choose another WHARF_VAR"
  fi
  mkdir -p "$var" 2>/dev/null || fail "the folder '$var' cannot be made by '$me'"
  [ -w "$var" ] || fail "'$var' cannot be written by '$me'"
  take_lock
}

# Runs a command as a part's user, with all of that user's groups and no other privilege.
as_user() { # user, command …
  local user=$1
  shift
  if [ -n "$as_root" ]; then setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"; else "$@"; fi
}

# --- Processes: a pid file holds the process id, its start time and the boot's id, so that no reused id is taken for ours
pid_file() { echo "$var/run/$1.process"; }

boot_id() { cat /proc/sys/kernel/random/boot_id; }

start_time() { # pid; nothing for a process that is gone or only waits to be buried
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  stat=${stat##*) }
  set -- $stat
  [ "$1" != Z ] && [ "$1" != X ] && echo "${20}"
}

pid_of() {
  local pid began boot
  { read -r pid began boot <"$(pid_file "$1")"; } 2>/dev/null || return 1
  [ -n "$boot" ] && [ "$boot" = "$(boot_id)" ] && [ "$(start_time "$pid")" = "$began" ] && echo "$pid"
}

# The session that a part's leader left behind when it died. While a member lives, its number is given to no other.
orphaned_session_of() {
  local pid boot
  { read -r pid _ boot <"$(pid_file "$1")"; } 2>/dev/null || return 1
  [ -n "$boot" ] && [ "$boot" = "$(boot_id)" ] && [ -z "$(start_time "$pid")" ] && echo "$pid"
}

part_runs() { pid_of "$1" >/dev/null 2>&1; }

running_parts() {
  local part found=
  for part in $parts; do part_runs "$part" && found="$found $part"; done
  [ -n "$found" ] && echo "$found"
}

all_parts_run() {
  local part
  for part in $parts; do part_runs "$part" || return 1; done
}

# Waits until a command succeeds, for as long as the part lives (or `all` do); 1 after `seconds`.
wait_until() { # seconds, part, command …
  local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000)) part=$2
  shift 2
  until "$@"; do
    [ -z "${interrupted:-}" ] || return 1
    if [ "$part" = all ]; then all_parts_run || return 1; else part_runs "$part" || return 1; fi
    [ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
    sleep 0.02
  done
}

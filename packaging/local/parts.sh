# SPDX-License-Identifier: MIT
# The parts: how each is started, when it is ready, how it is stopped. Sourced.

log_of() {
  case $1 in
    nginx) echo "$var/log/nginx/error.log" ;;
    *) echo "$var/log/$1.log" ;;
  esac
}

# The first error since MariaDB was last started, which says why; of the others the last line.
last_words_of() {
  awk '/Starting MariaDB/ { error = "" } /\[ERROR\]/ && error == "" { error = $0 } { last = $0 }
       END { print error == "" ? last : error }' "$(log_of "$1")" 2>/dev/null
}

# In a session of its own, so that Ctrl-C reaches this script alone; the lock is not handed on.
launch() { # part, command …
  local part=$1 pid
  shift
  setsid "$@" </dev/null >>"$var/log/$part.log" 2>&1 9>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(start_time "$pid") $(boot_id)" >"$(pid_file "$part")"
}

launch_as() { # part, user, command …
  local part=$1 user=$2
  shift 2
  if [ -n "$as_root" ]; then
    launch "$part" setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
  else
    launch "$part" "$@"
  fi
}

launch_workers() { # part, socket, count
  local owner=()
  # spawn-fcgi makes the socket for nginx and becomes the workers' user.
  [ -z "$as_root" ] || owner=(-u "$worker_user" -g "$(id -gn "$worker_user")" -U "$nginx_user" -G "$(id -gn "$nginx_user")")
  # A worker that is killed is started again, however often.
  launch "$1" spawn-fcgi -n -s "$2" -M 0600 -b 4096 "${owner[@]}" -- \
    "$(command -v multiwatch)" -f "$3" -r 1000000 -- "$var/bin/wharf-fcgi" --config "$var/conf/wharf.conf"
}

start_part() {
  local part=$1
  heed_interruption
  rm -f "$(socket_of "$part")"
  case $part in
    mariadb)
      launch_as mariadb "$database_user" mariadbd --no-defaults --datadir="$var/database" --socket="$var/run/db/mariadb.sock" \
        --pid-file="$var/run/db/mariadb.pid" --tmpdir="$var/run/db/tmp" --skip-networking --skip-log-bin \
        --innodb-flush-log-at-trx-commit=1 \
        --innodb-buffer-pool-size="$database_memory" --character-set-server=utf8mb4 --collation-server=utf8mb4_bin --max-connections=500 \
        --max-allowed-packet=64M --transaction-isolation=READ-COMMITTED
      ;;
    clerk)
      # It may have been taken away so that the clerk makes the search index anew.
      folder search 0755 "$clerk_user"
      launch_as clerk "$clerk_user" "$var/bin/wharf-clerk" --config "$var/conf/wharf.conf"
      ;;
    workers-read) launch_workers "$part" "$var/run/read.sock" "$read_workers" ;;
    workers-write) launch_workers "$part" "$var/run/write.sock" "$write_workers" ;;
    nginx) launch_as nginx "$nginx_user" nginx -e "$var/log/nginx/error.log" -p "$var/" -c "$var/conf/nginx/nginx.conf" -g 'daemon off;' ;;
  esac
  wait_until 30 "$part" is_ready "$part" && return
  stop_part "$part"
  fail "$part did not start; its log ('$(log_of "$part")') ends: $(last_words_of "$part")"
}

# What appears when the part is ready, and must not be there from the last time.
socket_of() {
  case $1 in
    mariadb) echo "$var/run/db/mariadb.sock" ;;
    clerk) echo "$var/run/clerk.sock" ;;
    workers-read) echo "$var/run/read.sock" ;;
    workers-write) echo "$var/run/write.sock" ;;
    nginx) echo "$var/run/nginx/nginx.pid" ;;
  esac
}

is_ready() {
  [ -e "$(socket_of "$1")" ] || return 1
  case $1 in
    mariadb) database_root -e 'SELECT 1' >/dev/null 2>&1 ;;
    workers-*) is_listening "$(socket_of "$1")" ;;
  esac
}

# A socket's file is there a moment before anyone may connect to it.
is_listening() {
  awk -v socket="$1" '$4 == "00010000" && $8 == socket { found = 1 } END { exit !found }' /proc/net/unix
}

# All parts together: a worker answers through nginx, and finds the database, the storage and the clerk well.
site_answers() {
  local host=$address
  [ "$host" != '*' ] || host=127.0.0.1
  [ "$(curl -s --noproxy '*' -m 5 -o /dev/null -w '%{http_code}' "http://$host:$http_port/api/v1/health")" = 200 ]
}

wait_for_site() {
  local part
  wait_until 20 all site_answers && return
  for part in $parts; do
    part_runs "$part" || fail "$part has ended; its log ('$(log_of "$part")') ends: $(last_words_of "$part")"
  done
  fail "the site does not answer at port $http_port; the logs are in '$var/log'"
}

stop_part() {
  local part=$1 pid deadline patience=10
  # MariaDB writes its pages before it goes; killing it would only mean a recovery at the next start.
  [ "$part" != mariadb ] || patience=60
  if pid=$(pid_of "$part"); then
    # Asked to stop while it starts, MariaDB may hang for ever: it is let come up first, Ctrl-C or not.
    [ "$part" != mariadb ] || interrupted= wait_until 30 mariadb is_ready mariadb
    kill -TERM "$pid" 2>/dev/null
    deadline=$((${EPOCHREALTIME/./} + patience * 1000000))
    while part_runs "$part"; do
      if [ "${EPOCHREALTIME/./}" -ge "$deadline" ]; then
        say "$part did not stop within $patience s and is killed"
        kill -KILL -- "-$pid" 2>/dev/null
        deadline=$((deadline + 10000000))
      fi
      sleep 0.02
    done
  fi
  # A leader that was killed may have left others of its session behind.
  if pid=$(orphaned_session_of "$part"); then end_session "$pid"; fi
  rm -f "$(pid_file "$part")"
}

# Whoever is left in a session: first asked, after five seconds made to go.
end_session() {
  local signal members deadline
  for signal in TERM KILL; do
    members=$(session_members "$1") || return 0
    kill "-$signal" $members 2>/dev/null
    deadline=$((${EPOCHREALTIME/./} + 5000000))
    while session_members "$1" >/dev/null && [ "${EPOCHREALTIME/./}" -lt "$deadline" ]; do sleep 0.02; done
  done
}

session_members() {
  local session=$1 file stat pid found=
  for file in /proc/[0-9]*/stat; do
    { read -r stat <"$file"; } 2>/dev/null || continue
    pid=${stat%% *}
    stat=${stat##*) }
    set -- $stat
    # state, parent, group, session
    [ "$4" = "$session" ] && [ "$1" != Z ] && found="$found $pid"
  done
  [ -n "$found" ] && echo "$found"
}

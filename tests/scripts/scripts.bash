# Sourced by the tests that run the scripts against the servers of setup_suite.bash, from the repository's root. `run` sets
# output, stderr and status.
# shellcheck disable=SC2154

# Runs SQL as a server's superuser, through its socket: admin local|prod SQL [DATABASE]
admin() {
  local port=$LOCAL_PORT
  [[ $1 == local ]] || port=$PROD_PORT
  PGPASSWORD=postgres psql -XqAtw -v ON_ERROR_STOP=1 -h "$SERVERS/$1" -p "$port" -U postgres -d "${3:-postgres}" -c "$2"
}

quoted() {
  local quote=$1
  printf '%s%s%s' "$quote" "${2//"$quote"/$quote$quote}" "$quote"
}

# Starts a session of the local server in the background: start_session SQL [DATABASE]
start_session() {
  PGPASSWORD=postgres psql -Xqw -h 127.0.0.1 -p "$LOCAL_PORT" -U postgres -d "${2:-cruddur}" -c "$1" >/dev/null 2>&1 3>&- &
  sessions+=($!)
}

# Waits until that many other sessions of the local server run a statement: await COUNT [DATABASE]
await() {
  local _
  for _ in {1..50}; do
    [[ $(admin local "select count(*) from pg_stat_activity where datname = '${2:-cruddur}' and state = 'active' and pid <> pg_backend_pid()") != "$1" ]] || return 0
    sleep 0.1
  done
  return 1
}

# Runs a script with what it prints in $output and $stderr, and checks its exit status: expect STATUS SCRIPT [ARGUMENT ...]
expect() {
  local wanted=$1
  shift
  run --separate-stderr "$@" </dev/null
  echo "$* exited $status: $output $stderr"
  [[ $status == "$wanted" ]]
}

# Runs a script on a terminal, where somebody types a line: on_terminal TEXT COMMAND
on_terminal() {
  run script -qec "$2" /dev/null < <(sleep 1 && echo "$1" && sleep 3)
  echo "exited $status: $output"
}

rows() { admin "$1" "select count(*) from users" cruddur; }

# Copies what the scripts need into a folder, and goes there: copy_scripts FOLDER
copy_scripts() {
  local module
  mkdir -p "$1/functions/migrations/target"
  cp -r bin sql events template.yaml pom.xml "$1"
  for module in functions/{migrations,database,lambda}; do
    mkdir -p "$1/$module/src"
    cp -r "$module/src/main" "$1/$module/src"
    cp "$module/pom.xml" "$1/$module"
  done
  # The last, so that it is newer than what it was built from.
  cp functions/migrations/target/function.jar "$1/functions/migrations/target"
  cd "$1" || return 1
}

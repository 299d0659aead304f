# Facts about every command of bin/, and the commands that use HTTP, with a server whose responses each test sets.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup_file() {
  export RESPONSES=$BATS_FILE_TMPDIR
  python3 "$BATS_TEST_DIRNAME/http_server.py" "$RESPONSES" 3>&- &
  echo $! >"$RESPONSES/pid"
  for _ in {1..100}; do
    [[ ! -s $RESPONSES/port ]] || break
    sleep 0.1
  done
}

teardown_file() { kill "$(<"$RESPONSES/pid")"; }

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/servers.bash
  . tests/scripts/scripts.bash
  root=$PWD
  in_ci=${CI:-}
  port=$(<"$RESPONSES/port")
  export HOME=$BATS_TEST_TMPDIR POSTGRES_PORT=$LOCAL_PORT HTTP_PORT=$port IDENTITY_PORT=$port INVOKE_PORT=$port API_URL=http://127.0.0.1:$port
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=secret AWS_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null
  unset CONNECTION_URL PROD_CONNECTION_URL CI CODESPACE_NAME GITPOD_WORKSPACE_ID AWS_SESSION_TOKEN http_proxy HTTP_PROXY
  mapfile -t commands < <(find bin -maxdepth 1 -type f)
  commands+=(tests/scripts/run)
  : >"$RESPONSES/requests"
  respond 200 ''
}

# Sets the server's response: respond STATUS BODY
respond() { printf %s "$1" >"$RESPONSES/status" && printf "%b" "$2" >"$RESPONSES/body"; }

opened='[{"workspace":"x","address":"8.8.4.4","change":"opened","expiresAt":"2026-01-01T00:00:00Z"}]'

@test "-h and --help print the header and do nothing else, as any argument" {
  local command
  ((${#commands[@]} > 18))
  for command in "${commands[@]}"; do
    expect 0 "$command" -h
    [[ ${lines[0]} == "Summary: "* && $output == *"Usage: $command"* && $stderr == "" && $output != *"#"* ]]
    printed=$output
    expect 0 "$command" prod anything --help
    [[ $output == "$printed" ]]
  done
  [[ ! -s $RESPONSES/requests ]]
}

@test "-h that cannot be printed fails, and does nothing else" {
  local command
  bin/db-setup --end-sessions
  for command in "${commands[@]}"; do
    for arguments in '-h >/dev/full' '--help >&-' '-h >/dev/full 2>/dev/full'; do
      run bash -c "$command $arguments"
      echo "$command $arguments exited $status: $output"
      [[ $status != 0 ]]
    done
  done
  [[ $(rows local) == 4 && ! -s $RESPONSES/requests ]]
}

@test "sourced, each prints an error, and changes nothing in the shell" {
  local command
  for command in "${commands[@]}"; do
    for arguments in "" -h; do
      run -0 bash -c 'before=$(set +o; shopt; trap; pwd); . "$0" '"$arguments"'; echo "status $?"
        [[ $(set +o; shopt; trap; pwd) == "$before" ]] && echo unchanged' "$command"
      echo "$command: $output"
      [[ ${lines[0]} == *"do not source"* && ${lines[1]} == "status 2" && ${lines[2]} == unchanged ]]
    done
  done
  [[ $(rows local) == 4 ]]
}

@test "each works by a symbolic link of another name, from any folder, in a folder of any name" {
  local command folder="$HOME/a josé ☁ 'b' \$c"
  mkdir -p "$HOME/links"
  for command in "${commands[@]}"; do
    ln -s "$root/$command" "$HOME/links/one"
    ln -s one "$HOME/links/two"
    ln -s links/two "$HOME/three"
    cd "$HOME/links"
    expect 0 "$HOME/three" -h
    [[ $output == *"Usage: $command"* ]]
    expect 0 ./two -h
    cd "$root"
    rm "$HOME"/links/* "$HOME/three"
  done
  copy_scripts "$folder"
  respond 200 '{"access_token": "a.b.c"}'
  export LC_ALL=C
  expect 0 bin/db-setup
  [[ $output == *"activities |    5"* ]]
  expect 0 bin/invoke PostConfirmation
  cd bin
  expect 0 bash ./db-sessions
  expect 0 bash token londo
  [[ $output == a.b.c ]]
  respond 200 '[]'
  expect 0 ./rds-update-sg-rule --list
}

@test "Java finds a folder that only UTF-8 can name, in the locale C" {
  copy_scripts "$HOME/josé"
  echo 'void main() { IO.println(java.nio.file.Path.of("").toAbsolutePath()); }' >Näme.java
  LC_ALL=C expect 0 bash -euc 'self=local; . bin/lib/usage.sh; . bin/lib/jdk.sh; "$java" Näme.java'
  [[ $output == "$PWD" ]]
}

# Runs every command that can be run here, each with what it prints and how it ends: run_all FOLDER
run_all() {
  local name
  : >"$RESPONSES/requests"
  each() { # NAME COMMAND ...
    name=$1 && shift
    "$@" >"$folder/$name.out" 2>"$folder/$name.err" </dev/null && ended=0 || ended=$?
    echo "$ended" >"$folder/$name.status"
  }
  folder=$1
  mkdir -p "$folder"
  bin/db-drop 2>/dev/null || true
  each setup bin/db-setup
  each create bin/db-create
  each load bin/db-schema-load
  each seed bin/db-seed
  each migrate bin/db-migrate
  each sessions bin/db-sessions
  each dump bin/db-dump
  each connect bin/db-connect
  echo "select handle, 1 as \"ü\" from users order by 1" | bin/db-connect >"$folder/piped.out" 2>"$folder/piped.err"
  each drop bin/db-drop
  each again bin/db-drop
  respond 200 '{"access_token": "a.b.c", "id_token": "d.e.f"}'
  each token bin/token londo
  each id-token bin/token --id londo
  each invoke bin/invoke HomeActivities
  respond 200 "$opened"
  each open bin/rds-update-sg-rule --workspace x
  each close bin/rds-update-sg-rule --workspace x --close
  each list bin/rds-update-sg-rule --list
  respond 200 '8.8.4.4\n'
  CHECK_IP_URL=$API_URL LAMBDA_ENDPOINT_URL=http://127.0.0.1:1 INGRESS_FUNCTION=f AWS_MAX_ATTEMPTS=1 \
    each lambda bin/rds-update-sg-rule --workspace x --via lambda
  each deploy bin/deploy prod
  each deploy-unasked env PATH="$HOME/none:$PATH" bin/deploy
  each reconcile bin/users-reconcile
  each screenshots bin/screenshots x
  each test bin/test x
  each test-template bin/test-template --x
  each format bin/format x
  cp "$RESPONSES/requests" "$folder/requests"
  respond 200 '[]'
  each check bin/check
  each check-prod bin/check prod x
}

@test "no environment variable and no user's settings change what the commands do" {
  run_all "$HOME/plain"
  [[ $(cat "$HOME/plain/"{setup,seed,piped}.out) == *"activities |    5"*andrewbrown* ]]
  [[ $(cat "$HOME/plain/"{setup,seed,migrate,sessions,drop,token,invoke,open,list}.status | sort -u) == 0 ]]
  [[ $(<"$HOME/plain/token.out") == a.b.c && $(wc -l <"$HOME/plain/requests") == 7 ]]

  mkdir "$HOME/hostile" && cd "$HOME/hostile"
  printf '%s\n' include fail 'output = "curl-was-here"' verbose 'user = "x:y"' 'proxy = "http://127.0.0.1:1"' >.curlrc
  printf '%s\n' '\echo psqlrc' '\set ON_ERROR_STOP off' '\x on' '\set AUTOCOMMIT off' '\timing on' 'select broken;' >.psqlrc
  echo "*:*:*:*:wrong" >.pgpass && chmod 600 .pgpass
  printf '[cruddur]\nhost=192.0.2.1\n' >.pg_service.conf
  cd "$root"
  local name hostile=()
  for name in PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGOPTIONS PGAPPNAME \
    PGSSLMODE PGREQUIRESSL PGSSLCOMPRESSION PGSSLCERT PGSSLKEY PGSSLROOTCERT PGSSLCRL PGSSLCRLDIR PGSSLSNI PGREQUIREPEER \
    PGSSLMINPROTOCOLVERSION PGSSLMAXPROTOCOLVERSION PGSSLNEGOTIATION PGGSSENCMODE PGKRBSRVNAME PGGSSLIB PGGSSDELEGATION \
    PGCONNECT_TIMEOUT PGCLIENTENCODING PGTARGETSESSIONATTRS PGLOADBALANCEHOSTS PGCHANNELBINDING PGREQUIREAUTH PGREALM \
    PGDATESTYLE PGTZ PGGEQO PGSYSCONFDIR PGLOCALEDIR PGMINPROTOCOLVERSION PGMAXPROTOCOLVERSION PG_COLOR; do
    hostile+=("$name=verify-full")
  done
  # Only the documented variables, and hostile ones.
  run_hostile() { # FOLDER VARIABLE=VALUE ...
    local folder=$1
    shift
    env -i PATH="$PATH" HOME="$HOME/hostile" LC_ALL=C CDPATH=.:/:"$HOME" RESPONSES="$RESPONSES" opened="$opened" \
      POSTGRES_PORT="$LOCAL_PORT" HTTP_PORT="$port" IDENTITY_PORT="$port" INVOKE_PORT="$port" API_URL="$API_URL" \
      AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=secret AWS_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null "$@" \
      bash -c "$(declare -f run_all respond)"$'\nrun_all "$0"' "$folder"
  }
  run_hostile "$HOME/changed" "${hostile[@]}" PSQLRC="$HOME/hostile/.psqlrc" AWS_CLI_AUTO_PROMPT=on AWS_PAGER=false \
    AWS_DEFAULT_OUTPUT=yaml PSQL_PAGER=false PAGER=false
  diff -r "$HOME/plain" "$HOME/changed"
  [[ -z $(find . "$HOME" -maxdepth 2 -name curl-was-here) ]]
}

@test "prod's URL alone decides about TLS, whatever libpq's variables say" {
  PGSSLMODE=disable PROD_CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/cruddur expect 1 bin/db-create prod
  [[ $stderr == *"does not support SSL"* ]]
  PGSSLMODE=verify-full PROD_CONNECTION_URL="postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/x?sslmode=disable" \
    expect 0 bin/db-create prod
  CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/x bin/db-drop --yes-destroy x
}

@test "bin/local refuses wrong arguments, without HOME and in the locale C" {
  if [[ ! -f local/target/local-1.jar ]]; then
    [[ $in_ci != true ]]
    skip "local/target is not built"
  fi
  # A copy that has everything that would be built.
  copy_scripts "$HOME/copy"
  cp "$root/pom.xml" .
  mkdir -p local target web
  ln -sfn "$root/local/target" local/target
  touch target/local-built web/oauth4webapi.js
  local environment
  for environment in "-u HOME" LC_ALL=C "-u HOME LC_ALL=C"; do
    # shellcheck disable=SC2086
    expect 2 env $environment bin/local --x
    [[ $output == "" && $stderr == *--x* ]]
    # shellcheck disable=SC2086
    expect 2 env $environment bin/local --http-port x
    [[ $output == "" && $stderr == *--http-port* ]]
  done
}

@test "without HOME, a JDK is found" {
  expect 0 env -u HOME bash -euc 'self=local; . bin/lib/usage.sh; . bin/lib/jdk.sh; echo "$java"'
  [[ -x $output && $stderr == "" ]]
}

@test "a token comes from the local identity service alone" {
  respond 200 '{"access_token": "a.b-c_d", "id_token":"i"}'
  expect 0 bin/token 'a b&c'
  [[ $output == a.b-c_d && $(<"$RESPONSES/requests") == *'username=a'*'b%26c"'* ]]
  expect 0 bin/token --id x
  [[ $output == i ]]
  for arguments in "" "a b" "--id" "--id a b" "--other a"; do
    # shellcheck disable=SC2086
    expect 2 bin/token $arguments
  done
  respond 400 '<html>bad</html>'
  expect 1 bin/token x
  [[ $output == "" && $stderr == *"No token for x"* ]]
}

@test "an event is a file where the caller stands, a sample, or standard input" {
  respond 200 '{"ok": true}'
  cd "$HOME"
  echo '{"mine":1}' >"my event.json"
  expect 0 "$root/bin/invoke" HomeActivities "my event.json"
  [[ $output == '{"ok": true}' && $(<"$RESPONSES/requests") == *'/functions/HomeActivitiesFunction/invocations","{\"mine\":1}'* ]]
  expect 0 "$root/bin/invoke" HomeActivitiesFunction "$HOME/my event.json"
  expect 2 "$root/bin/invoke" HomeActivities no.json
  expect 2 "$root/bin/invoke" "../x"
  expect 2 "$root/bin/invoke" A b c
  run --separate-stderr "$root/bin/invoke" HomeActivities - <<<'{"piped":1}'
  [[ $status == 0 && $(tail -1 "$RESPONSES/requests") == *piped* ]]
}

@test "the updater is called at the API's address, with or without slashes, and its JSON is read with or without blanks" {
  local slashes
  for slashes in "" / //; do
    respond 200 "$opened"
    API_URL=http://127.0.0.1:$port$slashes expect 0 bin/rds-update-sg-rule --workspace x
    [[ $output == "x: opened 8.8.4.4 until 2026-01-01T00:00:00Z" ]]
    respond 200 '[ {\n "change" : "moved",\n "address" : "8.8.4.4", "expiresAt" : "soon"}, {"change": "closed", "address": "9.9.9.9"} ]\n'
    API_URL=http://127.0.0.1:$port$slashes expect 0 bin/rds-update-sg-rule --workspace x
    [[ $output == "x: moved 8.8.4.4 until soon, closed 9.9.9.9" ]]
    respond 200 ' [\n]\n'
    API_URL=http://127.0.0.1:$port$slashes expect 0 bin/rds-update-sg-rule --workspace x --close
    [[ $output == "nothing was open for x" ]]
  done
  [[ $(cut -d, -f2 "$RESPONSES/requests" | sort -u) == '"/api/ingress/x"' ]]
}

@test "the updater is never called by IPv6, since the database has no such address" {
  has_ipv6 || skip "this machine has no IPv6"
  respond 200 '[]'
  curl -q -sS --noproxy '*' "http://[::1]:$port/api/ingress"
  [[ $(<"$RESPONSES/requests") == *'"/api/ingress",""]' ]]
  API_URL="http://[::1]:$port" run bin/rds-update-sg-rule --list
  echo "$output"
  [[ $status != 0 && $(wc -l <"$RESPONSES/requests") == 1 ]]
}

@test "another response than the updater's is an error, on one line" {
  respond 200 '<!doctype html>\n<title>Sign in to the café</title>'
  expect 1 bin/rds-update-sg-rule --workspace x
  [[ $output == "" && ${#stderr_lines[@]} == 1 && $stderr == *"not the updater: <!doctype html> <title>"* ]]
  expect 1 bin/rds-update-sg-rule --list
  respond 502 '<html>\r\n<head><title>502 Bad Gateway</title></head>'
  expect 1 bin/rds-update-sg-rule --workspace x
  [[ $output == "" && ${#stderr_lines[@]} == 1 && $stderr == *"answered 502 <html>"* ]]
}

# Prints the default workspace on a machine of this name: named_on NAME
named_on() {
  printf '#!/bin/sh\n[ -n "$NAME" ] && echo "$NAME"\n' >"$HOME/hostname" && chmod +x "$HOME/hostname"
  : >"$RESPONSES/requests"
  USER=Jo NAME=$1 PATH=$HOME:$PATH expect "${2:-0}" bin/rds-update-sg-rule
  sed 's:.*/api/ingress/\([^"]*\)".*:\1:' "$RESPONSES/requests"
}

@test "the name of user and machine is made valid, and asked for only where it is needed" {
  respond 200 "$opened"
  local long
  long=$(printf 'a%.0s' {1..59})
  while IFS='=' read -r name wanted; do
    named_on "$name" >"$HOME/named"
    echo "$name is named $(tail -1 "$HOME/named"), not $wanted"
    [[ $(tail -1 "$HOME/named") == "$wanted" ]]
  done <<END
Andrew’s-MacBook=jo-andrew-s-macbook
host.example.local=jo-host-example-local
_x_=jo-x
-=jo-$(uname -n | tr '[:upper:]._' '[:lower:]--')
日本=jo-$(uname -n | tr '[:upper:]._' '[:lower:]--')
$long-b=jo-$long
END
  CODESPACE_NAME="Fluffy Space_1" named_on any >"$HOME/named"
  [[ $(tail -1 "$HOME/named") == fluffy-space-1 ]]
  # Without hostname and uname, bash's HOSTNAME names the machine.
  mkdir "$HOME/bare"
  local program
  for program in env bash dirname readlink sed tr cut mktemp rm curl head cat; do ln -s "$(command -v "$program")" "$HOME/bare/$program"; done
  PATH=$HOME/bare expect 0 bin/rds-update-sg-rule --workspace x
  PATH=$HOME/bare expect 0 bin/rds-update-sg-rule --list
  PATH=$HOME/bare HOSTNAME=Box expect 0 bin/rds-update-sg-rule
  expect 2 bin/rds-update-sg-rule --workspace ""
  expect 2 bin/rds-update-sg-rule --workspace "a b"
}

@test "an address service's response is checked before anything is sent" {
  export CHECK_IP_URL=$API_URL/ip LAMBDA_ENDPOINT_URL=$API_URL INGRESS_FUNCTION=f
  local wrong
  for wrong in '<html>Sign in</html>' '' '1.2.3' '1.2.3.256' '1.2.3.4.5' '01.2.3.4' '::1' '1.2.3.4", "x": "' '1.2.3.4 5.6.7.8'; do
    : >"$RESPONSES/requests"
    respond 200 "$wrong"
    expect 1 bin/rds-update-sg-rule --via lambda --workspace x
    [[ $stderr == *"no IPv4 address"* && $(wc -l <"$RESPONSES/requests") == 1 ]]
  done
  respond 503 'down'
  expect 1 bin/rds-update-sg-rule --via lambda --workspace x
  [[ $stderr == *"did not answer"* ]]
  # The address is sent without white space. The server's response is the same for the function, and invalid there.
  : >"$RESPONSES/requests"
  respond 200 '8.8.4.4\r\n'
  expect 1 bin/rds-update-sg-rule --via lambda --workspace x
  [[ $(tail -1 "$RESPONSES/requests") == *'\"address\":\"8.8.4.4\",'* && $stderr == *"not the updater"* ]]
}

@test "the scripts stay as they are in a clone that turns line ends into Windows's" {
  git clone -q -c core.autocrlf=true "$root" "$HOME/clone"
  cd "$HOME/clone"
  run ! grep -rlI $'\r' bin sql events web tests/scripts .ci template.yaml pom.xml
  [[ $(bin/token -h) == Summary:* ]]
}

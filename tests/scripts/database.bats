# The database scripts against two real servers: a local one, and one that plays production, with TLS and its own CA.
# bats file_tags=database
# Each test is a subshell of its own that ends at the first failure; bats sets stderr and stderr_lines.
# shellcheck disable=SC2030,SC2031,SC2154,SC2155,SC2164,SC2209
bats_require_minimum_version 1.5.0

RULER="Ruler of \"all\" \\x @:/%!\$#?"
SECRET="pa ss'wo\"rd@:/%!\$#?&=+\\x41é"

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/scripts.bash
  admin local "create role plain login password 'plain'"
  # The migrations revoke this from all roles, and the scripts need it to see what they make and drop.
  admin local "grant connect on database postgres to plain"
  admin prod "create role $(quoted '"' "$RULER") login createdb createrole password $(quoted "'" "$SECRET")"
  # The rights of RDS's master user, who is not a superuser.
  admin prod "grant pg_monitor, pg_signal_backend to $(quoted '"' "$RULER") with admin option"
  # Another file's tests may have made these, for another user.
  admin prod "do \$\$ declare each record; begin
    for each in select rolname from pg_roles where rolname like 'cruddur%' loop
      execute format('grant %I to %I with admin true, inherit false, set false', each.rolname, $(quoted "'" "$RULER"));
    end loop; end \$\$"
}

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/servers.bash
  . tests/scripts/scripts.bash
  unset CONNECTION_URL CI
  export POSTGRES_PORT=$LOCAL_PORT HOME=$BATS_TEST_TMPDIR
  tls="sslmode=verify-full&sslrootcert=$(encoded "$SERVERS/ca.pem")"
  export PROD_CONNECTION_URL="postgresql://$(encoded "$RULER"):$(encoded "$SECRET")@127.0.0.1:$PROD_PORT/cruddur?$tls"
  local_where="127.0.0.1:$LOCAL_PORT/cruddur as postgres (local)"
  prod_where="127.0.0.1:$PROD_PORT/cruddur as $RULER (prod)"
}

teardown() {
  local pid
  for pid in "${sessions[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
  # A statement that sleeps does not notice that its client has gone.
  local server
  for server in ${sessions[0]:+local prod}; do
    admin "$server" "select pg_terminate_backend(pid) from pg_stat_activity where datname in ('cruddur', 'postgres') and pid <> pg_backend_pid()" >/dev/null
  done
}

# Runs a script with only these programs in PATH: with_only "PROGRAM ..." SCRIPT
with_only() {
  local program bare=$BATS_TEST_TMPDIR/bare
  mkdir -p "$bare"
  for program in env bash dirname readlink sed id cat uname $1; do
    ln -sf "$(command -v "$program")" "$bare/$program"
  done
  shift
  local wanted=$1
  shift
  expect "$wanted" env PATH="$bare" "$@"
}

# Prints the folder of a pg_dump of at least that version: newest_pg_dump MAJOR
newest_pg_dump() {
  local program
  for program in "$(command -v pg_dump)" /usr/lib/postgresql/*/bin/pg_dump; do
    [[ -x $program && $("$program" --version) =~ \)\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= $1)) && dirname "$program" && return
  done
  true
}

@test "db-setup makes the local database, and prints its rows" {
  expect 0 bin/db-drop
  expect 0 bin/db-setup
  [[ $output == *"activities |    5"*"users      |    4"* ]]
  [[ ${stderr_lines[0]} == "$local_where" ]]
}

@test "db-setup run again makes everything again" {
  admin local "delete from activities" cruddur
  expect 0 bin/db-setup
  [[ $(admin local "select count(*) from activities" cruddur) == 5 ]]
}

@test "db-create leaves a database that is there" {
  expect 0 bin/db-create
  [[ $stderr == *"is there already"* && $(rows local) == 4 ]]
}

@test "db-schema-load leaves tables that are there, and says what to do" {
  expect 1 bin/db-schema-load
  [[ $stderr == *"activities, flyway_schema_history, users"*bin/db-migrate*"bin/db-setup"* && $(rows local) == 4 ]]
}

@test "db-seed run again adds nothing" {
  expect 0 bin/db-seed
  [[ $output == *"activities |    5"*"users      |    4"* ]]
}

@test "a failure in the middle of the seed leaves nothing behind" {
  admin local "truncate users, activities; create function refuse() returns trigger language plpgsql as
    'begin raise exception ''no more''; end'; create trigger refuse before insert on activities
    for each row when (new.idempotency_key = 'seed-4') execute function refuse()" cruddur
  expect 1 bin/db-seed
  [[ $stderr == *"sql/seed.sql"*"no more"* && $(rows local) == 0 ]]
}

@test "a failure in the roles names the file, and db-migrate goes on from there" {
  admin local "drop database if exists cruddur" && admin local "create database cruddur owner plain"
  CONNECTION_URL=postgresql://plain:plain@127.0.0.1:$LOCAL_PORT/cruddur expect 1 bin/db-schema-load
  [[ $stderr == *"sql/migrations/R__roles.sql failed with SQLSTATE 42501"*"bin/db-migrate completes it"* ]]
  expect 1 bin/db-schema-load
  expect 0 bin/db-migrate --dry-run
  [[ $output == "pending R__roles.sql" ]]
  # The migrations run as the owner, who may not create roles here.
  expect 1 bin/db-migrate
  [[ $stderr == *"SQLSTATE 42501: the owner of the database must"*"be allowed to create roles"* ]]
  admin local "alter database cruddur owner to postgres"
  expect 0 bin/db-migrate
  [[ $output =~ ^"applied R__roles.sql "[0-9]+" ms"$ && $stderr == *"pending R__roles.sql"* ]]
  expect 0 bin/db-migrate
  [[ $output == "" && $stderr == *"Nothing is pending."* ]]
}

@test "db-setup changes nothing where the migrations cannot run" {
  admin local "create role \"o'neill\" login superuser password 'p'"
  bin/db-setup --end-sessions
  CONNECTION_URL="postgresql://o'neill:p@127.0.0.1:$LOCAL_PORT/cruddur" expect 1 bin/db-setup
  [[ $stderr == *"cannot do so for a user with a ' in the name"* && $(rows local) == 4 ]]
  with_only "psql pg_isready" 1 bin/db-setup
  [[ $stderr == *"mvn was not found"* && $(rows local) == 4 ]]
}

@test "db-setup stops at the first failure and names the step" {
  CONNECTION_URL=postgresql://plain:plain@127.0.0.1:$LOCAL_PORT/other expect 1 bin/db-setup
  [[ ${stderr_lines[-1]} == "db-setup stopped: db-create failed." ]]
}

@test "db-drop drops once, and has nothing to do twice" {
  expect 0 bin/db-drop
  expect 0 bin/db-drop
  [[ $stderr == *"is not there"* ]]
}

@test "the others say that the database is absent" {
  local script
  for script in db-seed db-schema-load db-migrate db-sessions db-dump; do
    expect 1 "bin/$script"
    [[ ${stderr_lines[0]} == "$local_where" && $stderr == *'"cruddur" does not exist'* ]]
  done
  run ! bin/db-connect <<<"select 1"
}

@test "db-connect runs what comes through a pipe, up to the first error" {
  bin/db-setup
  run --separate-stderr bin/db-connect <<<"select 'one'; select broken; select 'two'"
  [[ $status != 0 && $output == *one* && $output != *two* && ${stderr_lines[0]} == "$local_where" ]]
}

@test "db-connect on a terminal says in its prompt where it is" {
  PSQL_PAGER=cat on_terminal "select 6 * 7;" bin/db-connect
  [[ $output == *"local cruddur="* && $output == *42* ]]
  # A file there may have statements that cannot run in a transaction.
  printf '%s\n' "vacuum users;" "select 6 * 9;" >"$HOME/change.sql"
  run bin/db-connect <"$HOME/change.sql"
  [[ $status != 0 && $output == *"cannot run inside a transaction block"* ]]
  PSQL_PAGER=cat on_terminal "\\i $HOME/change.sql" bin/db-connect
  [[ $output == *54* && $output != *ERROR* ]]
}

@test "db-drop refuses while 3 sessions are open and prints them, --end-sessions ends them" {
  start_session "select pg_sleep(60)" && start_session "select pg_sleep(60)" && start_session "select pg_sleep(60)" && await 3
  expect 1 bin/db-drop
  [[ $stderr == *"3 other sessions"*"(3 rows)"*"--end-sessions"* && $(rows local) == 4 ]]
  expect 0 bin/db-drop --end-sessions
  bin/db-setup
}

@test "db-drop prints the server's reason, and its advice only if that helps" {
  # The database that the scripts work from, with another session in it.
  start_session "select pg_sleep(60)" postgres && await 1 postgres
  local option
  for option in "" --end-sessions; do
    CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/postgres expect 1 bin/db-drop ${option:+"$option"}
    [[ $stderr == *"cannot drop the currently open database"*"postgres was not dropped."* && $stderr != *essions* ]]
  done
  CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/template1 expect 1 bin/db-drop
  [[ $stderr == *"cannot drop a template database"* && $stderr != *essions* ]]
  start_session "select pg_sleep(60)" && await 1
  CONNECTION_URL=postgresql://plain:plain@127.0.0.1:$LOCAL_PORT/cruddur expect 1 bin/db-drop
  [[ $stderr == *"must be owner"* && $stderr != *essions* && $(rows local) == 4 ]]
}

@test "a seed user whose handle is taken is left out, and no other user gets the activities" {
  admin local "truncate users, activities; insert into users (display_name, handle, email, cognito_user_id)
    values ('Real', 'Londo', 'real@example.com', 'real')" cruddur
  expect 0 bin/db-seed
  [[ $output == *"activities |    3"*"users      |    4"* && $stderr == *"other users have these handles"*": londo"* ]]
  expect 0 bin/db-seed
  [[ $(admin local "select count(*) from activities inner join users on users.uuid = user_uuid where handle = 'Londo'" cruddur) == 0 ]]
  bin/db-setup
}

@test "what comes through a pipe is one transaction, so the roles keep their rights while a file with them runs" {
  local ids
  ids=$(bin/db-connect <<<"select pg_current_xact_id(); select pg_current_xact_id()" | grep -oE '[0-9]{3,}')
  [[ $(wc -l <<<"$ids") == 2 && $(sort -u <<<"$ids" | wc -l) == 1 ]]
  # As on RDS, where a role without it cannot sign in; docs/operations.md has this remedy.
  admin local "create role rds_iam"
  # The feed's role reads until the last run of R__roles.sql has ended.
  {
    echo "set role cruddur_feed;"
    while [[ ! -e $HOME/done ]]; do
      echo "select count(*) from activities;"
      sleep 0.001
    done
  } | PGPASSWORD=postgres psql -XqAt -h 127.0.0.1 -p "$LOCAL_PORT" -U postgres -d cruddur >"$HOME/read" 2>&1 3>&- &
  local reader=$! runs=0
  until ((runs >= 5 && $(wc -l <"$HOME/read") > 100)); do
    kill -0 "$reader"
    bin/db-connect <sql/migrations/R__roles.sql
    runs=$((runs + 1))
  done
  touch "$HOME/done"
  wait "$reader"
  [[ $(sort -u "$HOME/read") == 5 ]]
  [[ $(admin local "select pg_has_role('cruddur_feed', 'rds_iam', 'member')") == t ]]
  admin local "drop role rds_iam"
}

@test "db-sessions shows who waits for whom" {
  expect 0 bin/db-sessions
  [[ $output == *"(0 rows)"* ]]
  start_session "begin; lock table users; select pg_sleep(60)" && await 1
  start_session "select count(*) from users" && await 2
  expect 0 bin/db-sessions
  local column
  for column in pid user database client application state connected in_transaction since_query waits_for blocked_by; do
    [[ ${lines[0]} == *" $column "* ]]
  done
  blocker=$(admin local "select pid from pg_stat_activity where query like 'begin; lock%'")
  [[ $output == *"127.0.0.1 | psql "*"Lock relation"*"| $blocker "* ]]
  run timeout 3 bin/db-sessions --watch
  [[ $(grep -c "Lock relation" <<<"$output") == 2 ]]
}

@test "db-sessions names the role that would see what is hidden" {
  start_session "select pg_sleep(60)" && await 1
  export CONNECTION_URL=postgresql://plain:plain@127.0.0.1:$LOCAL_PORT/cruddur
  expect 0 bin/db-sessions
  [[ $output == *"insufficient privilege"* && $stderr == *"pg_monitor"*"pg_read_all_stats"* ]]
  admin local "grant pg_monitor to plain"
  expect 0 bin/db-sessions
  [[ $output == *"pg_sleep"* && $stderr != *pg_monitor* ]]
}

@test "db-setup prod makes and marks the production database, over TLS, as a user of any name and password" {
  expect 0 bin/db-setup prod
  [[ $output == *"activities |    5"* && ${stderr_lines[0]} == "$prod_where" && $stderr == *"Marked"* ]]
  run --separate-stderr bin/db-connect prod <<<"select ssl from pg_stat_ssl where pid = pg_backend_pid()"
  [[ $output == *" t"* ]]
}

@test "without a terminal, production is not touched: not in CI, not by a pipe" {
  local script
  for script in db-drop db-schema-load db-seed db-setup; do
    CI=true expect 1 "bin/$script" prod
    [[ $stderr == *"--yes-destroy"* ]]
    run bash -c 'yes cruddur | "$0" prod' "bin/$script"
    [[ $status == 1 && $output == *"--yes-destroy"* ]]
    expect 1 "bin/$script" prod --yes-destroy cruddr
    [[ $stderr == *"nothing was changed"* ]]
  done
  [[ $(rows prod) == 4 ]]
}

@test "the mark is in the database, so a local URL asks too, and db-setup keeps it" {
  export CONNECTION_URL=$PROD_CONNECTION_URL
  local script
  for script in db-drop db-schema-load db-seed db-setup; do
    expect 1 "bin/$script"
    [[ $stderr == *"(local)"*"--yes-destroy"* ]]
  done
  expect 0 bin/db-setup --yes-destroy cruddur
  expect 1 bin/db-drop
  [[ $(rows prod) == 4 ]]
}

@test "--yes-destroy with the name lets each script work on production, twice" {
  expect 0 bin/db-seed prod --yes-destroy cruddur
  expect 0 bin/db-drop prod --yes-destroy cruddur
  expect 0 bin/db-drop prod --yes-destroy cruddur
  expect 0 bin/db-create prod
  expect 0 bin/db-create prod
  expect 1 bin/db-schema-load prod
  expect 0 bin/db-schema-load prod --yes-destroy cruddur
  expect 1 bin/db-schema-load prod --yes-destroy cruddur
  admin prod "delete from flyway_schema_history where script like 'R%'" cruddur
  expect 0 bin/db-migrate prod --dry-run
  expect 1 bin/db-migrate prod
  [[ $stderr == *"pending R__roles.sql"*"--yes-destroy"* && $output == "" ]]
  expect 0 bin/db-migrate prod --yes-destroy cruddur
  expect 0 bin/db-migrate prod
  expect 1 bin/db-seed prod
  expect 0 bin/db-setup prod --yes-destroy cruddur
}

@test "db-create and db-schema-load prod make the tables, and nothing in them, in the empty database that RDS made" {
  bin/db-drop prod --yes-destroy cruddur
  admin prod "create database cruddur owner $(quoted '"' "$RULER")"
  on_terminal "cruddur" "bash -c 'bin/db-create prod && bin/db-schema-load prod'"
  [[ $status == 0 && $output == *"is there already"*"Marked"*"Type its name to load the schema"*"Loaded the schema."* ]]
  [[ $(rows prod) == 0 ]]
  bin/db-setup prod --yes-destroy cruddur
}

@test "on a terminal the name is typed" {
  on_terminal "yes" "bin/db-drop prod"
  [[ $status == 1 && $output == *"Type its name to drop it"*"nothing was changed"* && $(rows prod) == 4 ]]
  on_terminal "cruddur" "bin/db-drop prod"
  [[ $status == 0 && $output == *"Dropped cruddur."* ]]
  bin/db-setup prod
}

@test "prod is nothing but prod, and bad usage exits 2" {
  local script
  for script in bin/db-*; do
    expect 2 "$script" prdo
    expect 2 "$script" local
    expect 2 "$script" ""
    expect 2 "$script" --yes-destroy
    expect 2 "$script" "postgresql://me:secret@127.0.0.1/cruddur"
    [[ $stderr != *secret* ]]
  done
}

@test "-h prints the header" {
  local script
  for script in bin/db-*; do
    expect 0 "$script" -h
    [[ ${lines[0]} == Summary:* && ${lines[1]} == "Usage: $script"* && $output == *Environment:* ]]
  done
}

@test "malformed URLs are refused, and not repeated" {
  local url
  for url in cruddur mysql://me:secret@127.0.0.1/cruddur postgresql://me:secret@127.0.0.1 postgresql://me:secret@127.0.0.1/ \
    postgresql://me:sec@ret@127.0.0.1/cruddur postgresql://me:sec/ret@127.0.0.1/cruddur postgresql://me:secret/cruddur \
    postgresql://me:secret%@127.0.0.1/cruddur postgresql://me:secret%zz@127.0.0.1/cruddur postgresql://me:secret%00@127.0.0.1/cruddur \
    postgresql://me:secret@127.0.0.1:port/cruddur postgresql://127.0.0.1/cruddur?password=secret \
    "postgresql://127.0.0.1/cruddur?p%61ssword=secret" "host=127.0.0.1 password=secret" postgresql://me:secret@127.0.0.1/cruddur?nix=1; do
    CONNECTION_URL=$url expect 2 bin/db-drop
    PROD_CONNECTION_URL=$url expect 2 bin/db-drop prod
    [[ $stderr != *sec* && $stderr != *ret@* ]]
  done
}

@test "passwords with any character, IPv6 and settings reach the server" {
  reaches() { # URL WHERE
    CONNECTION_URL=$1 run --separate-stderr bin/db-connect <<<"select 'here'"
    echo "$output $stderr"
    [[ $output == *here* && ${stderr_lines[0]} == "$2" ]]
  }
  admin prod "create role \"Pla in\" login password 'r aw\"''!\$#?&=+\\x41é:~'"
  reaches "postgresql://Pla%20in:r%20aw\"'!\$#?&=+\\x41%C3%A9:~@127.0.0.1:$PROD_PORT/cruddur?$tls" \
    "127.0.0.1:$PROD_PORT/cruddur as Pla in (local)"
  reaches "postgres://postgres:postgres@localhost:$LOCAL_PORT/cruddur?connect_timeout=3&application_name=a%26b" \
    "localhost:$LOCAL_PORT/cruddur as postgres (local)"
  ! has_ipv6 || reaches "postgresql://postgres:postgres@[::1]:$LOCAL_PORT/cruddur" "[::1]:$LOCAL_PORT/cruddur as postgres (local)"
  PGHOST=192.0.2.1 PGHOSTADDR=192.0.2.1 PGDATABASE=no PGUSER=no PGSERVICE=no reaches "" "$local_where"
}

@test "a database of any name is made, listed and dropped" {
  local name="it's \"a\" %@:/? name"
  export CONNECTION_URL="postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/$(encoded "$name")"
  expect 0 bin/db-setup
  [[ ${stderr_lines[0]} == "127.0.0.1:$LOCAL_PORT/$name as postgres (local)" ]]
  expect 0 bin/db-sessions
  expect 0 bin/db-drop
  [[ $(admin local "select count(*) from pg_database where datname like 'it%'") == 0 ]]
}

@test "without a password in the URL, libpq's password file serves" {
  echo "127.0.0.1:$LOCAL_PORT:*:postgres:postgres" >"$HOME/.pgpass" && chmod 600 "$HOME/.pgpass"
  export CONNECTION_URL=postgresql://postgres@127.0.0.1:$LOCAL_PORT/cruddur
  expect 0 bin/db-sessions
  expect 0 bin/db-migrate
}

@test "a wrong password, a foreign certificate and no TLS are told apart" {
  CONNECTION_URL=postgresql://postgres:wrong@127.0.0.1:$LOCAL_PORT/cruddur expect 1 bin/db-seed
  [[ $stderr == *"password authentication failed"* && $stderr != *wrong* ]]
  PROD_CONNECTION_URL=${PROD_CONNECTION_URL%%\?*} expect 1 bin/db-create prod
  [[ $stderr == *certificate* ]]
  PROD_CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/cruddur expect 1 bin/db-create prod
  [[ $stderr == *"does not support SSL"* ]]
}

@test "a host that does not answer fails in seconds" {
  local script
  CONNECTION_URL=postgresql://me:secret@127.0.0.1:1/cruddur expect 1 bin/db-drop
  [[ $stderr == *"refused"* ]]
  kill -STOP "$(cat "$SERVERS/local.pid")"
  SECONDS=0
  CONNECTION_URL="postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/cruddur?connect_timeout=2" run --separate-stderr bin/db-drop
  kill -CONT "$(cat "$SERVERS/local.pid")"
  echo "$SECONDS s: $stderr"
  [[ $status == 1 && ${stderr_lines[0]} == "$local_where" && $stderr == *"timeout"* ]] && ((SECONDS < 8))
}

@test "no password is printed or in a process list" {
  # Records the arguments of the real programs.
  local program
  mkdir "$HOME/spy"
  for program in psql pg_isready pg_dump java; do
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>"%s"\nexec "%s" "$@"\n' "$HOME/arguments" "$(command -v $program)" >"$HOME/spy/$program"
    chmod +x "$HOME/spy/$program"
  done
  (
    PATH=$HOME/spy:$PATH
    bin/db-setup prod --yes-destroy cruddur
    bin/db-create prod
    bin/db-schema-load prod --yes-destroy cruddur
    bin/db-migrate prod
    bin/db-sessions prod
    bin/db-connect prod <<<"select 1"
    bin/db-dump prod >/dev/null
    bin/db-drop prod --yes-destroy cruddur
    bin/db-setup prod
  ) >"$HOME/printed" 2>&1 </dev/null || true
  grep -q verify-full "$HOME/arguments"
  local secret
  for secret in "$SECRET" "$(encoded "$SECRET")" "wo\"rd" "wo%22rd" "wo\\\"rd"; do
    run ! grep -F -e "$secret" "$HOME/arguments" "$HOME/printed"
  done
}

@test "no password is in /proc while a statement runs" {
  admin prod "begin; lock table users; select pg_sleep(20)" cruddur >/dev/null 2>&1 3>&- &
  sessions+=($!)
  bin/db-seed prod --yes-destroy cruddur >/dev/null 2>&1 3>&- &
  sessions+=($!)
  local commands='' _
  for _ in {1..50}; do
    [[ $commands != *"sql/seed.sql"* ]] || break
    commands=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ')
    sleep 0.1
  done
  [[ $commands == *"sql/seed.sql"* ]]
  run ! grep -F -e "$SECRET" -e "$(encoded "$SECRET")" <<<"$commands"
}

@test "prod without a URL is the deployed stack's database, entered with a token" {
  local token real_aws
  load programs
  needs aws
  real_aws=$(command -v aws)
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null
  token=$(aws rds generate-db-auth-token --hostname 127.0.0.1 --port "$PROD_PORT" --username cruddur_admin)
  [[ $token == "127.0.0.1:$PROD_PORT/?Action=connect&DBUser=cruddur_admin&"*X-Amz-Signature=* ]]
  admin prod "create role cruddur_admin login createdb createrole password $(quoted "'" "$token")"
  # An earlier test made the roles, as another user.
  admin prod "grant cruddur_users, cruddur_activities, cruddur_feed, cruddur_sweeper, cruddur_ingress, cruddur_session_ender to cruddur_admin with admin option"
  admin prod "grant pg_monitor, pg_signal_backend to cruddur_admin with admin option"
  admin prod "create role analyst login password $(quoted "'" "$token")"
  mkdir "$HOME/aws"
  cat >"$HOME/aws/aws" <<END
#!/usr/bin/env bash
case "\$*" in
  "cloudformation describe-stacks --stack-name cruddur "*)
    printf '%s\t%s\n' ApiUrl https://x DatabaseEndpoint 127.0.0.1 DatabasePort $PROD_PORT DatabaseName stacked
    ;;
  "rds generate-db-auth-token --hostname 127.0.0.1 --port $PROD_PORT --username "*)
    # The server accepts only the token that the real aws made first.
    echo >>"$HOME/tokens"
    cat "$HOME/token"
    user=\${!#} && "$real_aws" "\$@" >"$HOME/made"
    [[ \$(cut -d'&' -f1-2 "$HOME/made") == "127.0.0.1:$PROD_PORT/?Action=connect&DBUser=\$user" ]]
    ;;
  *) echo "no such stack" >&2 && exit 255 ;;
esac
END
  chmod +x "$HOME/aws/aws" && printf %s "$token" >"$HOME/token"
  unset PROD_CONNECTION_URL
  export PATH=$HOME/aws:$PATH
  # The scripts in a folder where the test's CA stands in for RDS's.
  local here=$PWD
  copy_scripts "$HOME/copy"
  cp "$SERVERS/ca.pem" functions/database/src/main/resources/rds-ca.pem
  touch functions/migrations/target/function.jar
  expect 0 bin/db-setup prod
  [[ ${stderr_lines[0]} == "127.0.0.1:$PROD_PORT/stacked as cruddur_admin (prod)" && $output$stderr != *Signature* ]]
  PROD_DATABASE_USER=analyst expect 0 bin/db-sessions prod
  # The question may last longer than a token is valid.
  : >"$HOME/tokens"
  echo stacked >"$HOME/typed"
  run script -qec "bin/db-drop prod" /dev/null <"$HOME/typed"
  [[ $status == 0 && $output == *"Dropped stacked."* && $(wc -l <"$HOME/tokens") == 2 ]]
  cd "$here"
  # The default trusts RDS's certificates, which did not sign this server's.
  expect 1 bin/db-create prod
  [[ $stderr == *rds-ca.pem* || $stderr == *"certificate verify failed"* ]]
  STACK_NAME=other expect 1 bin/db-create prod
  [[ $stderr == *"no such stack"* ]]
}

@test "without psql, each prints how to install it" {
  local script
  for script in bin/db-*; do
    with_only "" 1 "$script"
    [[ $stderr == *Debian*postgresql-client*Fedora*postgresql*macOS*libpq* ]]
  done
}

@test "without aws and a URL, prod prints what to set" {
  unset PROD_CONNECTION_URL
  with_only "psql pg_isready" 2 bin/db-create prod
  [[ $stderr == *PROD_CONNECTION_URL*aws* ]]
}

@test "they work from any folder" {
  local bin=$PWD/bin
  cd "$HOME"
  expect 0 "$bin/db-setup"
  expect 0 "$bin/db-setup" -h
  cd "$bin/lib"
  expect 0 ../db-sessions
}

@test "db-dump names the versions where pg_dump is too old" {
  bin/db-setup
  mkdir "$HOME/old"
  printf '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.1"\n' >"$HOME/old/pg_dump" && chmod +x "$HOME/old/pg_dump"
  [[ -z $(newest_pg_dump 18) ]] || skip "a pg_dump for this server is installed"
  PATH=$HOME/old:$PATH expect 1 bin/db-dump
  [[ $stderr == *"PostgreSQL 18"*"pg_dump 18 or newer"*"the newest here is"* && -z $output ]]
}

@test "db-dump prints what makes the database again" {
  local folder
  folder=$(newest_pg_dump 18)
  [[ $folder ]] || skip "pg_dump 18 is not here"
  bin/db-setup
  expect 0 bin/db-dump
  [[ $output == *"CREATE TABLE public.activities"* && $output == *"@example.com"* ]]
  bin/db-dump >"$HOME/dump.sql"
  export CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/restored
  bin/db-create
  bin/db-connect <"$HOME/dump.sql"
  run bin/db-seed
  [[ $output == *"activities |    5"*"users      |    4"* ]]
}

@test "on an older server nothing is dropped or made, and db-dump takes that version's pg_dump" {
  local script server=$SERVERS/old
  POSTGRES_PORT=$(free_port)
  (unprivileged "$(old_binaries)/bin/initdb" -D "$server" -U postgres -A trust --no-sync >/dev/null)
  start_server "$(old_binaries)" "$server" "$POSTGRES_PORT"
  run bin/db-connect <<<"select 1"
  PGPASSWORD=postgres psql -Xqw -h "$server" -p "$POSTGRES_PORT" -U postgres -c "create database cruddur"
  bin/db-connect <<<"create table kept as select 'this' as what"
  for script in db-setup db-drop db-create db-schema-load db-migrate db-seed; do
    expect 1 "bin/$script"
    [[ $stderr == *"PostgreSQL 15"*"16 or newer; nothing was changed"* && $output == "" ]]
  done
  run bin/db-connect <<<"select what from kept"
  [[ $output == *this* ]]
  [[ -z $(newest_pg_dump 15) ]] || expect 0 bin/db-dump
  stop_server "$server"
  [[ -z $(newest_pg_dump 15) ]] || [[ $output == *"CREATE TABLE public.kept"*this* ]]
}

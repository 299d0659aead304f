# bin/check: in AWS by moto, with a real PostgreSQL that has TLS and the migrations, and on this machine by bin/local's addresses.
# shellcheck disable=SC1091,SC2016,SC2030,SC2031,SC2053,SC2125,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  . bin/tests/scripts.bash
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_CONFIG_FILE=/dev/null AWS_MAX_ATTEMPTS=1 CLOUD=$BATS_FILE_TMPDIR
  python3 -W ignore bin/tests/deployed.py "$CLOUD" "$PROD_PORT" 2>"$CLOUD/log" 3>&- &
  echo $! >"$CLOUD/pid"
  while [[ ! -s $CLOUD/moto ]] && kill -0 $! 2>/dev/null; do sleep 0.1; done
  # Where moto is here, it must start.
  [[ -s $CLOUD/moto ]] || ! python3 -c 'import moto.server' 2>/dev/null || { cat "$CLOUD/log" && return 1; }
  admin prod "create role checker login superuser password 'p'"
  admin prod "create database checked"
  CONNECTION_URL=postgresql://checker:p@127.0.0.1:$PROD_PORT/checked?sslmode=require bin/db-migrate >/dev/null
}

teardown_file() {
  kill "$(<"$BATS_FILE_TMPDIR/pid")" 2>/dev/null || true
}

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . bin/tests/servers.bash
  . bin/tests/scripts.bash
  for program in aws python3 curl; do
    command -v "$program" >/dev/null || missing "$program"
  done
  [[ -s $CLOUD/moto ]] || missing "python3's moto"
  AWS_ENDPOINT_URL=$(<"$CLOUD/moto")
  export HOME=$BATS_TEST_TMPDIR AWS_ENDPOINT_URL PROD_CONNECTION_URL
  PROD_CONNECTION_URL="postgresql://checker:p@127.0.0.1:$PROD_PORT/checked?sslmode=verify-full&sslrootcert=$(encoded "$SERVERS/ca.pem")"
  unset STACK_NAME CONNECTION_URL
  # Version 1 of aws asks the real RDS and the real logs, whatever AWS_ENDPOINT_URL says.
  printf '#!/bin/sh\nexec %q "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n' "$(command -v aws)" >"$HOME/aws"
  chmod +x "$HOME/aws"
  PATH=$HOME:$PATH
  rm -f "$CLOUD/static"
  echo '{}' >"$CLOUD/functions"
  web 302 "/login?client_id=c1"
  python3 - <<'END'
import boto3

logs, cloudwatch = boto3.client("logs"), boto3.client("cloudwatch")
for group in logs.describe_log_groups()["logGroups"]:
    logs.delete_log_group(logGroupName=group["logGroupName"])
for function in ("feed", "sweep", "trigger"):
    logs.create_log_group(logGroupName="/aws/lambda/" + function)
for alarm in ("late", "full"):
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="fine")
END
}

missing() {
  [[ ${CI:-} != true ]] || { echo "$1 is missing" && return 1; }
  skip "$1 is missing"
}

# What page, API and sign-in answer from now on: web SIGN_IN_STATUS SIGN_IN_LOCATION [FEED]
web() {
  jq -n --argjson status "$1" --arg location "$2" --arg feed "${3:-[]}" '{
    "/": [200, {}, "<title>Cruddur</title>"],
    "/api/activities/home": [200, {}, $feed],
    "/oauth2/authorize": [$status, {location: $location}, ""]
  }' >"$CLOUD/web"
}

# Writes a line into the log of a function's version: write FUNCTION VERSION TEXT
write() {
  local stream="2026/11/25/$1[$2]abc"
  aws logs create-log-stream --log-group-name "/aws/lambda/$1" --log-stream-name "$stream" 2>/dev/null || true
  jq -n --arg text "$3" '[{timestamp: (now * 1000 | floor), message: $text}]' >"$HOME/events"
  aws logs put-log-events --log-group-name "/aws/lambda/$1" --log-stream-name "$stream" --log-events "file://$HOME/events" >/dev/null
}

# Says what the line of a thing is: line_of THING
line_of() { grep "^.... $1: " <<<"$output"; }

@test "what is deployed and works is ok, a line for each thing" {
  # Of another version, and of another time.
  write feed 2 "not primed, so first calls will be slow: x"
  write feed 2 '{"timestamp":"2026-11-25T00:00:00Z","message":"x","level":"ERROR"}'
  write feed 1 '{"timestamp":"2026-11-25T00:00:00Z","message":"fine","level":"INFO"}'
  expect 0 bin/check prod
  [[ $stderr == "" && $(cut -d: -f1 <<<"$output" | sort | xargs -n 2 | xargs) == "ok Feed ok Sweep ok Trigger ok alarms ok connection ok database ok feed ok migrations ok page ok sign-in" ]]
  [[ $(line_of Feed) == "ok   Feed: version 1 active, snapshot taken, primed, no error within the last hour" ]]
  [[ $(line_of Trigger) == 'ok   Trigger: version $LATEST active, no error within the last hour' ]]
  [[ $(line_of connection) == "ok   connection: TLS: TLSv1.3, TLS_AES_256"* && $(line_of alarms) == *"none of 2"* ]]
}

@test "what does not work is red, with what to do" {
  echo '{
    "trigger": {"State": "Failed", "StateReason": "no subnet", "LastUpdateStatus": "InProgress"},
    "sweep": {"SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}}
  }' >"$CLOUD/functions"
  write feed 1 "not primed, so first calls will be slow: activities/home.sql failed with SQLSTATE 42P01"
  write feed 1 '{"timestamp":"2026-11-25T00:00:00Z","message":"activities/home.sql: 57014","level":"ERROR"}'
  write sweep 1 '{"type":"platform.report","record":{"status":"timeout"}}'
  touch "$CLOUD/static"
  aws cloudwatch set-alarm-state --alarm-name late --state-value ALARM --state-reason "3 rows too late"
  web 302 "/error?error=redirect_mismatch" '{"message": "Internal Server Error"}'
  admin prod "create database unmigrated"
  PROD_CONNECTION_URL=${PROD_CONNECTION_URL/checked/unmigrated} expect 1 bin/check prod
  admin prod "drop database unmigrated"
  [[ $(grep -c ^red <<<"$output") == 8 ]]
  [[ $(line_of Trigger) == *", is Failed (no subnet), has the update status InProgress. aws logs tail /aws/lambda/trigger --since 1h"* ]]
  [[ $(line_of Feed) == *"but: not primed, so first calls will be slow: activities/home.sql failed with SQLSTATE 42P01,"* ]]
  [[ $(line_of Feed) == *"failed within the last hour: activities/home.sql: 57014."* ]]
  [[ $(line_of Sweep) == *", has no snapshot,"*"failed within the last hour: "*timeout* ]]
  [[ $(line_of database) == *"waits for a reboot"*"aws rds reboot-db-instance --db-instance-identifier cruddur-database" ]]
  [[ $(line_of migrations) == *"pending V1__tables.sql, "*"bin/db-migrate prod applies them" ]]
  [[ $(line_of alarm) == *"late: 3 rows too late."* && $(line_of feed) == *'answered 200 {"message": "Internal Server Error"}'* ]]
  [[ $(line_of sign-in) == *"answered 302"* && $(line_of page) == ok* && $(line_of connection) == ok* ]]
}

@test "a database that this machine does not reach is skipped; an alias that is gone is red" {
  aws lambda delete-alias --function-name sweep --name live
  echo '{}' >"$CLOUD/web"
  PROD_CONNECTION_URL=postgresql://checker:p@127.0.0.1:1/checked expect 1 bin/check prod
  aws lambda create-alias --function-name sweep --name live --function-version 1
  [[ $(line_of connection) == "skip "*"does not reach the database"*"bin/rds-update-sg-rule"* && $(line_of migrations) == "skip "* ]]
  [[ $(line_of Sweep) == "red  "*ResourceNotFound* && $(grep -c '^red .*answered 404' <<<"$output") == 3 ]]
}

@test "a refused password and a connection without TLS are red" {
  self=check
  . bin/lib/database.sh
  . bin/lib/workspace.sh
  . bin/lib/check.sh
  export PROD_CONNECTION_URL=${PROD_CONNECTION_URL/checker:p@/checker:wrong@}
  run check_database prod
  [[ $output == "red  connection: "*"password authentication failed"* ]]
  PROD_CONNECTION_URL=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/postgres?sslmode=disable
  run check_database prod
  [[ $output == "red  connection: without TLS"* ]]
}

@test "without a stack nothing is checked, and bad usage exits 2" {
  STACK_NAME=other expect 1 bin/check prod
  [[ $output == "" && $stderr == *"other"*"could not be read"* ]]
  expect 2 bin/check prdo
  expect 2 bin/check prod x
}

@test "of bin/local, what does not answer is red" {
  export HTTP_PORT=1 INVOKE_PORT=1 IDENTITY_PORT=1 POSTGRES_PORT=1
  expect 1 bin/check
  [[ $(line_of HomeActivitiesFunction) == *"bin/local does not answer on port 1"* && $(line_of connection) == *refused* ]]
  [[ $(line_of page) == *"no answer"* && $(line_of sign-in) == red* && $output != *MigrationTrigger* ]]
}

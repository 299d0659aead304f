# bin/check: in AWS by moto, and on this machine by bin/local's addresses.
# bats file_tags=database
# shellcheck disable=SC1091,SC2016,SC2030,SC2031,SC2053,SC2125,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_CONFIG_FILE=/dev/null AWS_MAX_ATTEMPTS=1 AWS_FOLDER=$BATS_FILE_TMPDIR
  python3 -W ignore tests/scripts/check_aws.py "$AWS_FOLDER" 2>"$AWS_FOLDER/log" 3>&- &
  echo $! >"$AWS_FOLDER/pid"
  while [[ ! -s $AWS_FOLDER/moto ]] && kill -0 $! 2>/dev/null; do sleep 0.1; done
  # If moto is installed, it must start.
  [[ -s $AWS_FOLDER/moto ]] || ! python3 -c 'import moto.server' 2>/dev/null || { cat "$AWS_FOLDER/log" && return 1; }
}

teardown_file() {
  kill "$(<"$BATS_FILE_TMPDIR/pid")" 2>/dev/null || true
}

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/scripts.bash
  load programs
  needs aws python3 curl
  [[ -s $AWS_FOLDER/moto ]] || missing "python3's moto"
  AWS_ENDPOINT_URL=$(<"$AWS_FOLDER/moto")
  export HOME=$BATS_TEST_TMPDIR AWS_ENDPOINT_URL
  unset STACK_NAME
  # Version 1 of aws ignores AWS_ENDPOINT_URL for RDS and for logs.
  printf '#!/bin/sh\nexec %q "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n' "$(command -v aws)" >"$HOME/aws"
  chmod +x "$HOME/aws"
  PATH=$HOME:$PATH
  rm -f "$AWS_FOLDER/static" "$AWS_FOLDER/unconfirmed" "$AWS_FOLDER/calls"
  echo '{}' >"$AWS_FOLDER/functions"
  report=$(report TLSv1.3)
  echo "{\"migrate\": $report}" >"$AWS_FOLDER/responses"
  web 302 "/login?client_id=c1"
  python3 - <<'END'
import boto3

logs, cloudwatch = boto3.client("logs"), boto3.client("cloudwatch")
for group in logs.describe_log_groups()["logGroups"]:
    logs.delete_log_group(logGroupName=group["logGroupName"])
for function in ("feed", "sweep", "migrate", "trigger"):
    logs.create_log_group(logGroupName="/aws/lambda/" + function)
for alarm in ("late", "full"):
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="fine")
END
}

# Prints the migrator's response to a dry run: report TLS [PENDING FILE ...]
report() {
  jq -cn --arg tls "$1" '{version: "6", database: "cruddur", applied: [], renamed: 0, tls: (if $tls == "" then null else $tls end),
    pending: $ARGS.positional | map({file: ., version: "1", description: "x", milliseconds: 0})}' --args "${@:2}"
}

# Sets the responses of page, feed and sign-in: web SIGN_IN_STATUS SIGN_IN_LOCATION [FEED]
web() {
  jq -n --argjson status "$1" --arg location "$2" --arg feed "${3:-[]}" '{
    "/": [200, {}, "<title>Cruddur</title>"],
    "/api/activities/home": [200, {}, $feed],
    "/oauth2/authorize?response_type=code&scope=openid&client_id=c1&redirect_uri=https://cruddur.example": [$status, {location: $location}, ""]
  }' >"$AWS_FOLDER/web"
}

# Writes a line into the log of a function's version: write FUNCTION VERSION TEXT [SECONDS FROM NOW]
write() {
  local stream="2026/11/25/$1[$2]abc"
  aws logs create-log-stream --log-group-name "/aws/lambda/$1" --log-stream-name "$stream" 2>/dev/null || true
  jq -n --arg text "$3" --argjson later "${4:-0}" '[{timestamp: ((now + $later) * 1000 | floor), message: $text}]' >"$HOME/events"
  aws logs put-log-events --log-group-name "/aws/lambda/$1" --log-stream-name "$stream" --log-events "file://$HOME/events" >/dev/null
}

# Prints the line of a check: line_of THING
line_of() { grep "^.... $1: " <<<"$output"; }

@test "a deployed stack that works is ok, with a line for each check" {
  write feed 1 "primed: 20 calls in 2100 ms"
  # Of another version, and of another time.
  write feed 2 "not primed, so first calls will be slow: x"
  write feed 2 '{"timestamp":"2026-11-25T00:00:00Z","message":"x","level":"ERROR"}'
  write feed 1 '{"timestamp":"2026-11-25T00:00:00Z","message":"fine","level":"INFO"}'
  write sweep 1 "not primed, so first calls will be slow: x" 1000
  expect 0 bin/check prod
  [[ $stderr == "" && $(cut -d: -f1 <<<"$output" | sort | xargs) == "ok HomeActivitiesFunction ok MigrateFunction ok MigrationTrigger ok SweepActivitiesFunction ok alarm mail ok alarms ok connection ok database ok database ok feed ok migrations ok page ok sign-in" ]]
  [[ $(line_of HomeActivitiesFunction) == *": version 1 active, snapshot taken, primed: 20 calls in 2100 ms, no error within the last hour, answers, reaches the database" ]]
  # The line has nothing that is not in the log.
  [[ $(line_of SweepActivitiesFunction) == *": version 1 active, snapshot taken, its log says nothing of priming, no error within the last hour" ]]
  [[ $(line_of MigrationTrigger) == 'ok   MigrationTrigger: version $LATEST active, no error within the last hour' ]]
  [[ $(line_of connection) == *"with TLSv1.3" && $(line_of alarms) == *"none of 2"* && $(line_of "alarm mail") == *"to you@example.com" ]]
  # The functions are called only with events that change nothing.
  canary=$(jq -c . events/canary.json)
  [[ $(sort "$AWS_FOLDER/calls") == "feed live $canary"$'\n''migrate live {"dryRun":true}' ]]
}

@test "a check that fails is red, with the remedy" {
  echo '{
    "trigger": {"State": "Failed", "StateReason": "no subnet", "LastUpdateStatus": "InProgress"},
    "sweep": {"State": "Inactive", "SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}}
  }' >"$AWS_FOLDER/functions"
  report=$(report "" V1__tables.sql R__roles.sql)
  echo "{\"migrate\": $report, \"feed\": {\"errorMessage\": \"canary.sql failed with SQLSTATE 28000\"}}" >"$AWS_FOLDER/responses"
  write feed 1 "not primed, so first calls will be slow: activities/home.sql failed with SQLSTATE 42P01"
  write feed 1 '{"timestamp":"2026-11-25T00:00:00Z","message":"activities/home.sql: 57014","level":"ERROR"}'
  write sweep 1 '{"type":"platform.report","record":{"status":"failure"}}'
  touch "$AWS_FOLDER/static" "$AWS_FOLDER/unconfirmed"
  aws cloudwatch set-alarm-state --alarm-name late --state-value ALARM --state-reason "3 rows too late"
  web 302 "/error?error=redirect_mismatch" '{"message": "Internal Server Error"}'
  expect 1 bin/check prod
  [[ $(grep -c ^red <<<"$output") == 11 ]]
  [[ $(line_of MigrationTrigger) == *", is Failed (no subnet), has the update status InProgress. aws logs tail /aws/lambda/trigger --since 1h"* ]]
  [[ $(line_of HomeActivitiesFunction) == *"but: not primed, so first calls will be slow: activities/home.sql failed with SQLSTATE 42P01,"* ]]
  [[ $output == *"give it a new Description in template.yaml and run bin/deploy"* ]]
  [[ $(line_of HomeActivitiesFunction) == *"failed within the last hour: activities/home.sql: 57014, failed now: "*"SQLSTATE 28000"* ]]
  [[ $(line_of SweepActivitiesFunction) == *", is Inactive "*", has no snapshot,"*"failed within the last hour: "*failure* ]]
  for instance in cruddur-database cruddur-reader; do
    grep "^red  database: $instance waits for a reboot.*: aws rds reboot-db-instance --db-instance-identifier $instance\$" <<<"$output"
  done
  [[ $(line_of connection) == *"without TLS"*verify-full* && $(line_of MigrateFunction) == ok* ]]
  [[ $(line_of migrations) == *"pending V1__tables.sql, R__roles.sql. bin/db-migrate prod "* ]]
  [[ $(line_of alarm) == *"late: 3 rows too late."* && $(line_of feed) == *'answered 200 {"message": "Internal Server Error"}'* ]]
  [[ $(line_of "alarm mail") == *"you@example.com has not confirmed"* ]]
  [[ $(line_of sign-in) == *"answered 302"* && $(line_of page) == ok* ]]
}

# Checks one function of the stack, and no more: check_one LOGICAL PHYSICAL
check_one() {
  self=check
  . bin/lib/usage.sh
  . bin/lib/workspace.sh
  . bin/lib/check.sh
  . bin/lib/check-stack.sh
  resources=$'AWS::Lambda::Alias\t'"$1Aliaslive"$'\tx'
  check_function "$@"
}

@test "a migrator that fails, and a response that does not fit the event, are red" {
  echo '{"migrate": {"errorMessage": "the migration failed with SQLSTATE 42501"}, "feed": {"statusCode": 200}}' >"$AWS_FOLDER/responses"
  run check_one MigrateFunction migrate
  [[ ${#lines[@]} == 1 && $output == "red  MigrateFunction: "*", failed now: "*"SQLSTATE 42501"* ]]
  run check_one HomeActivitiesFunction feed
  [[ $output == "red  "*'answered its canary with {"statusCode":200}'* ]]
  echo '{"migrate": {"statusCode": 200}}' >"$AWS_FOLDER/responses"
  run check_one MigrateFunction migrate
  [[ $(line_of MigrateFunction) == ok* && $(line_of migrations) == "red  "*statusCode* ]]
}

@test "an idle migrator is ok, and its checks are skipped while Lambda prepares it; a missing alias is red" {
  echo '{"migrate": {"State": "Inactive"}}' >"$AWS_FOLDER/functions"
  echo '{"migrate": {"refused": "ResourceNotReadyException"}}' >"$AWS_FOLDER/responses"
  aws lambda delete-alias --function-name sweep --name live
  echo '{}' >"$AWS_FOLDER/web"
  expect 1 bin/check prod
  aws lambda create-alias --function-name sweep --name live --function-version 1
  [[ $(line_of MigrateFunction) == "ok   "*"idle, so that its next call starts slowly"* ]]
  [[ $(line_of connection) == "skip "*"bin/check prod says more in a minute" && $(line_of migrations) == "skip "* ]]
  [[ $(line_of SweepActivitiesFunction) == "red  "*ResourceNotFound* && $(grep -c '^red .*answered 404' <<<"$output") == 3 ]]
}

@test "without a stack nothing is checked, and bad usage exits 2" {
  STACK_NAME=other expect 1 bin/check prod
  [[ $output == "" && $stderr == *"other"*"could not be read"* ]]
  expect 2 bin/check prdo
  expect 2 bin/check prod x
}

@test "a part of bin/local that does not answer is red, and no function that would change something is called" {
  export HTTP_PORT=1 INVOKE_PORT=1 IDENTITY_PORT=1
  expect 1 bin/check
  [[ $(line_of HomeActivitiesFunction) == *"bin/local does not answer on port 1"* && $(line_of MigrateFunction) == "red  "* ]]
  [[ $(line_of SweepActivitiesFunction) == "skip "* && $(line_of SecurityGroupUpdaterFunction) == "skip "* ]]
  [[ $(line_of page) == *"no answer"* && $(line_of sign-in) == red* && $output != *MigrationTrigger* ]]
}

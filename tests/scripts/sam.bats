# The functions in containers, by SAM's CLI and a Docker engine, on the database of bin/local --containers.
# Skipped where one of them, aws or moto is absent, also in CI.
# shellcheck disable=SC1091,SC2015,SC2154,SC2164

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/servers.bash
  if ! able; then return; fi
  export SAM_CLI_TELEMETRY=0 folder=$BATS_FILE_TMPDIR AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_CONFIG_FILE=/dev/null
  local ec2_port postgres_port
  ec2_port=$(free_port)
  python3 -W ignore -m moto.server -H 127.0.0.1 -p "$ec2_port" >"$folder/moto.log" 2>&1 3>&- &
  echo $! >"$folder/moto.pid"
  export AWS_ENDPOINT_URL_EC2=http://127.0.0.1:$ec2_port
  for _ in {1..100}; do (: <>"/dev/tcp/127.0.0.1/$ec2_port") 2>/dev/null && break || sleep 0.1; done
  SECURITY_GROUP_ID=$(aws ec2 create-security-group --group-name cruddur --description local --query GroupId --output text)
  export SECURITY_GROUP_ID
  postgres_port=$(free_port)
  bin/local --containers --http-port "$(free_port)" --invoke-port "$(free_port)" --identity-port "$(free_port)" \
    --postgres-port "$postgres_port" --data "$folder/data" >"$folder/ready" 2>"$folder/log" 3>&- &
  echo $! >"$folder/local.pid"
  for _ in {1..1800}; do
    [[ ! -s $folder/ready ]] || break
    kill -0 $! || { cat "$folder/log" >&2 && return 1; }
    sleep 0.1
  done
  sed "s/:54322/:$postgres_port/; s/:5000/:$ec2_port/" events/env.json >"$folder/env.json"
  export processor=default
  [[ $(uname -m) != aarch64 ]] || processor=arm64
}

teardown_file() {
  local pid
  for pid in "$BATS_FILE_TMPDIR"/*.pid; do
    [[ ! -f $pid ]] || kill "$(<"$pid")" || true
  done
  # PostgreSQL's files are gone when bats removes the folder, so it must have ended by then.
  [[ ! -f $BATS_FILE_TMPDIR/local.pid ]] || while kill -0 "$(<"$BATS_FILE_TMPDIR/local.pid")" 2>/dev/null; do sleep 0.1; done
}

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/servers.bash
  able || skip "sam, a Docker engine, aws or python3's moto is not here"
}

teardown() {
  [[ ! -f $BATS_TEST_TMPDIR/pid ]] || kill "$(<"$BATS_TEST_TMPDIR/pid")"
}

able() {
  command -v sam && command -v aws && docker info && python3 -c 'import moto.server'
} >/dev/null 2>&1

# Prints what a function answers to its sample: answer FUNCTION SAMPLE
answer() {
  sam local invoke "$1" --config-env "$processor" --event "events/$2.json" --env-vars "$folder/env.json" 2>"$folder/sam.log" ||
    { cat "$folder/sam.log" >&2 && return 1; }
}

# Fails, and shows the answer, unless jq says true of it: expect FUNCTION SAMPLE FILTER
expect() {
  local answered
  answered=$(answer "$1" "$2")
  jq -e "$3" <<<"$answered" >/dev/null || { echo "$1: $answered" && return 1; }
}

# Starts a server of SAM's on a free port, and waits until it answers: serve COMMAND
serve() {
  port=$(free_port)
  sam local "$1" --config-env "$processor" --env-vars "$folder/env.json" --port "$port" >"$folder/$1.log" 2>&1 3>&- &
  echo $! >"$BATS_TEST_TMPDIR/pid"
  for _ in {1..600}; do (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return || sleep 0.1; done
  cat "$folder/$1.log" >&2
  return 1
}

@test "sam local invoke runs every function" {
  # Not its sample, which is a dry run.
  expect MigrateFunction sweep-activities '.pending == [] and .applied == []'
  diff <(answer PostConfirmationFunction post-confirmation | jq -S .) <(jq -S . events/post-confirmation.json)
  expect CreateActivityFunction create-activity '.statusCode == 200 and (.body | fromjson | .handle == "delenn")'
  expect HomeActivitiesFunction home-activities '.statusCode == 200 and (.body | fromjson | length > 1)'
  # None, where a schedule of bin/local was first.
  expect SweepActivitiesFunction sweep-activities '.removed >= 0'
  expect SecurityGroupUpdaterFunction security-group-updater '.[0].change == "opened" and .[0].sessionsEnded == 0'
}

@test "sam local start-api serves all routes" {
  serve start-api
  [[ $(curl -qs -o "$folder/body" -w '%{http_code}' "http://127.0.0.1:$port/api/activities/home") == 200 ]]
  jq -e 'length > 1' "$folder/body"
  [[ $(curl -qs -d '{}' -H 'content-type: application/json' "http://127.0.0.1:$port/api/activities") == '["token_not_allowed"]' ]]
  for request in "GET ingress" "PUT ingress/x" "DELETE ingress/x"; do
    [[ $(curl -qs -X "${request% *}" "http://127.0.0.1:$port/api/${request#* }") == '["signature_missing"]' ]]
  done
}

@test "sam local start-lambda answers the AWS CLI" {
  serve start-lambda
  aws lambda invoke --endpoint-url "http://127.0.0.1:$port" --no-sign-request --function-name HomeActivitiesFunction \
    --payload "fileb://events/home-activities.json" "$folder/body"
  jq -e '.statusCode == 200' "$folder/body"
}

# bin/deploy and bin/users-reconcile against moto and a real PostgreSQL; sam, mvn and npm are stand-ins that say what they were told.
# shellcheck disable=SC2015,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  export DATABASE=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/reconcile
  psql -Xqw -d "${DATABASE%/*}/postgres" -c "create database reconcile"
  psql -Xqw -v ON_ERROR_STOP=1 -d "$DATABASE" -f sql/schema.sql
}

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  for program in aws jq python3; do
    command -v "$program" >/dev/null || missing "$program"
  done
  python3 -c 'import moto.server' 2>/dev/null || missing "python3's moto"
  aws=$BATS_TEST_TMPDIR
  quota=10
  [[ $BATS_TEST_DESCRIPTION != *"large account"* ]] || quota=1000
  python3 -W ignore bin/tests/aws.py "$aws" "$DATABASE" "$quota" 2>"$aws/log" 3>&- &
  aws_pid=$!
  for _ in {1..100}; do [[ -s $aws/moto ]] && break || sleep 0.1; done
  export AWS_ENDPOINT_URL AWS_ENDPOINT_URL_LAMBDA AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  AWS_ENDPOINT_URL=$(<"$aws/moto")
  AWS_ENDPOINT_URL_LAMBDA=$(<"$aws/lambda")
  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null AWS_MAX_ATTEMPTS=1
  export PROD_CONNECTION_URL=$DATABASE PGSSLMODE=disable HOME=$aws
  unset STACK_NAME
}

teardown() { kill "$aws_pid" && wait "$aws_pid" || true; }

missing() {
  [[ ${CI:-} != true ]] || { echo "$1 is missing" && return 1; }
  skip "$1 is missing"
}

# Makes a pool with confirmed users user-1 to user-70 of whom all but 7 and 66 have a row, and one who is not confirmed.
pool() {
  python3 - <<'END' | psql -Xqw -v ON_ERROR_STOP=1 -d "$DATABASE"
import json

import boto3

cognito = boto3.client("cognito-idp")
pool = cognito.create_user_pool(PoolName="cruddur", UsernameAttributes=["email"])["UserPool"]["Id"]
client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="page")["UserPoolClient"]["ClientId"]


def make(email, **extra):
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "O'Brien \\ \"ü\""}]
    user = cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, **extra)["User"]
    return next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")


print("truncate users cascade;")
for number in range(1, 71):
    email = ("unlucky" if number == 66 else "user") + f"-{number}@example.com"
    sub = make(email)
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password="Secret-1234", Permanent=True)
    if number not in (7, 66):
        values = f"'{number}', 'user-{number}', '{email}', '{sub}'"
        print(f"insert into users (display_name, handle, email, cognito_user_id) values ({values});")
make("not-yet@example.com")

outputs = {"UserPoolId": pool, "UserPoolClientId": client, "PostConfirmationFunctionName": "confirm"}
body = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {k: {"Value": v} for k, v in outputs.items()}}
boto3.client("cloudformation").create_stack(StackName="cruddur", TemplateBody=json.dumps(body))
END
}

rows() { psql -XqAtw -d "$DATABASE" -c "select count(*) from users"; }

@test "users-reconcile lists confirmed users without a row, over all pages, and changes nothing" {
  pool
  run --separate-stderr bin/users-reconcile prod
  [[ $status == 0 && ${#lines[@]} == 2 && ${lines[0]} == *" missing" && ${lines[1]} == *" missing" ]]
  [[ $stderr == *"70 confirmed, 2 without a row"* && $stderr == *--apply* ]]
  [[ ! -e $aws/events.jsonl && $(rows) == 68 ]]
}

@test "users-reconcile --apply sends each through the alias as Cognito would, and says who failed" {
  pool
  run --separate-stderr bin/users-reconcile prod --apply
  [[ $status == 1 && $(sort <<<"$output" | cut -d' ' -f2 | sort | xargs) == "failed written" ]]
  [[ $stderr == *"Please try again in a minute."* && $stderr == *"2 without a row, 1 failed"* ]]
  [[ $(rows) == 69 ]]
  run -0 cut -f1 "$aws/events.jsonl"
  [[ ${lines[0]} == "/2015-03-31/functions/confirm/invocations?Qualifier=live" ]]
  # The same members as the sample that the function is tested with.
  shape='[paths(scalars)] | map(select(.[1] != "userAttributes")) | sort'
  run -0 jq -c "$shape" events/post-confirmation.json
  sample=$output
  run -0 jq -c "$shape" <(head -1 "$aws/events.jsonl" | cut -f2)
  [[ $output == "$sample" ]]
  run -0 jq -r '.request.userAttributes.name' <(head -1 "$aws/events.jsonl" | cut -f2)
  [[ $output == "O'Brien \\ \"ü\"" ]]
  # Again: only the unlucky one is left.
  run --separate-stderr bin/users-reconcile prod --apply
  [[ $status == 1 && ${#lines[@]} == 1 && $output == *" failed" && $(rows) == 69 ]]
}

@test "users-reconcile touches nobody when the database or the pool does not answer" {
  pool
  PROD_CONNECTION_URL=postgresql://postgres@127.0.0.1:1/x run --separate-stderr bin/users-reconcile prod --apply
  [[ $status != 0 && $output == "" && ! -e $aws/events.jsonl ]]
  STACK_NAME=other run --separate-stderr bin/users-reconcile prod --apply
  [[ $status != 0 && $output == "" && ! -e $aws/events.jsonl ]]
}

@test "users-reconcile is for prod, and says so" {
  for arguments in "" prdo --apply "prod --aply"; do
    # shellcheck disable=SC2086
    run --separate-stderr bin/users-reconcile $arguments
    [[ $status == 2 && $output == "" && $stderr == *"bin/users-reconcile -h"* ]]
  done
  run -0 --separate-stderr bin/users-reconcile -h
  [[ ${lines[0]} == Summary:* ]]
}

# Stand-ins for mvn and npm, and for sam, which keeps parameters from one deployment to the next as CloudFormation does.
stand_ins() {
  mkdir "$aws/bin" && cp -r bin samconfig.toml template.yaml "$aws"
  mkdir "$aws/web" && echo "<!doctype html>" >"$aws/web/index.html" && echo "export {};" >"$aws/web/page.js"
  printf '#!/bin/sh\necho "mvn $*" >>%q\n' "$aws/told" >"$aws/bin/mvn"
  echo "{}" >"$aws/web/package-lock.json"
  printf '#!/bin/sh\nmkdir -p web/node_modules/oauth4webapi/build && echo "export {};" >web/node_modules/oauth4webapi/build/index.js\n' >"$aws/bin/npm"
  cat >"$aws/bin/sam" <<END
#!/usr/bin/env python3
import boto3, json, sys
print("sam", *sys.argv[1:], file=open("$aws/told", "a"))
cloudformation = boto3.client("cloudformation")
given = dict(each.split("=", 1) for each in sys.argv if "=" in each)
try:
    stack = cloudformation.describe_stacks(StackName="cruddur")["Stacks"][0]
    kept = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    change = cloudformation.update_stack
except cloudformation.exceptions.ClientError:
    kept = {"PageOrigin": ""}
    change = cloudformation.create_stack
    boto3.client("s3").create_bucket(Bucket="page")
    origin = {"Id": "x", "DomainName": "page.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "x", "ViewerProtocolPolicy": "https-only"}
    web = boto3.client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": "x", "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour, "Comment": "", "Enabled": True})
    open("$aws/web-id", "w").write(web["Distribution"]["Id"])
outputs = {"WebUrl": "https://d1.example", "WebBucket": "page", "WebDistributionId": open("$aws/web-id").read(),
           "ApiUrl": "https://api.example", "Issuer": "https://issuer.example/pool", "UserPoolClientId": "c1",
           "LoginUrl": "https://login.example"}
parameters = {**kept, **given}
body = json.dumps({"Parameters": {name: {"Type": "String"} for name in parameters},
                   "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
                   "Outputs": {name: {"Value": value} for name, value in outputs.items()}})
if given or change == cloudformation.create_stack:
    change(StackName="cruddur", TemplateBody=body,
           Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()])
END
  chmod +x "$aws/bin/mvn" "$aws/bin/npm" "$aws/bin/sam"
  PATH=$aws/bin:$PATH
  cd "$aws"
}

@test "deploy makes the page's address known on the first deployment, and uploads the page with its settings" {
  stand_ins
  run --separate-stderr bin/deploy Stage=development
  [[ $status == 0 && ${lines[0]} == "page https://d1.example" && ${lines[1]} == "api  https://api.example" ]]
  [[ $stderr == *"API_URL=https://api.example"*bin/rds-update-sg-rule*"bin/db-schema-load prod"*"bin/deploy Revision=2"* ]]
  run -0 cat told
  [[ ${lines[0]} == "mvn "*"-pl functions/"*"package" ]]
  [[ ${lines[1]} == "sam deploy --stack-name cruddur --confirm-changeset --parameter-overrides Stage=development" ]]
  [[ ${lines[2]} == "sam deploy --stack-name cruddur --no-confirm-changeset --parameter-overrides PageOrigin=https://d1.example" ]]
  run -0 aws s3 cp s3://page/config.json -
  [[ $(jq -c '[.issuer, .client_id, .api, .sign_up_endpoint, .token_endpoint]' <<<"$output") == '["https://issuer.example/pool","c1","","https://login.example/signup","https://login.example/oauth2/token"]' ]]
  run -0 aws s3 ls --recursive s3://page
  [[ $output == *oauth4webapi.js* && $output != *node_modules* && $output != *package* ]]
  run -0 aws s3api head-object --bucket page --key page.js --query ContentType --output text
  [[ $output == *javascript ]]
  # The second time it is known, and what is gone from the page goes.
  rm web/page.js told
  run -0 --separate-stderr bin/deploy
  run -0 cat told
  [[ ${lines[1]} == "sam deploy --stack-name cruddur --confirm-changeset" && ${#lines[@]} == 2 ]]
  run -0 aws s3 ls s3://page
  [[ $output != *page.js* && $output == *config.json* && $output == *index.html* ]]
  run -0 aws cloudfront list-invalidations --distribution-id "$(<web-id)" --query 'length(InvalidationList.Items)'
  [[ $output == 2 ]]
}

@test "deploy reserves concurrency in a large account, unless told otherwise" {
  stand_ins
  run -0 --separate-stderr bin/deploy
  run -0 grep -c ReserveConcurrency=true told
  rm told
  run -0 --separate-stderr bin/deploy ReserveConcurrency=false
  run -1 grep -c ReserveConcurrency=true told
}

@test "deploy refuses what is no parameter, before it does anything" {
  stand_ins
  run --separate-stderr bin/deploy prod
  [[ $status == 2 && $stderr == *"bin/deploy -h"* && ! -e told ]]
}

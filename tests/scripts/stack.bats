# bin/deploy and bin/users-reconcile against moto and a real PostgreSQL; sam, mvn and npm are stand-ins that write down
# their arguments.
# All of it runs among variables and settings that must change nothing.
# shellcheck disable=SC2015,SC2016,SC2119,SC2030,SC2031,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup_file() {
  cd "$BATS_TEST_DIRNAME/../.."
  export DATABASE=postgresql://postgres:postgres@127.0.0.1:$LOCAL_PORT/reconcile AWS_FOLDER=$BATS_FILE_TMPDIR
  psql -Xqw -d "${DATABASE%/*}/postgres" -c "create database reconcile"
  psql -Xqw -v ON_ERROR_STOP=1 -d "$DATABASE" -f sql/schema.sql
  python3 -W ignore tests/scripts/stack_aws.py "$AWS_FOLDER" "$DATABASE" 2>"$AWS_FOLDER/log" 3>&- &
  echo $! >"$AWS_FOLDER/pid"
  while [[ ! -s $AWS_FOLDER/moto ]] && kill -0 $! 2>/dev/null; do sleep 0.1; done
}

teardown_file() { kill "$(<"$AWS_FOLDER/pid")" 2>/dev/null || true; }

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  load programs
  needs aws jq python3 curl
  [[ -s $AWS_FOLDER/moto ]] || missing "python3's moto"
  aws=$BATS_TEST_TMPDIR
  echo 10 >"$AWS_FOLDER/quota"
  rm -f "$AWS_FOLDER"/{static,events.jsonl,meanwhile,cut}
  export AWS_ENDPOINT_URL AWS_ENDPOINT_URL_LAMBDA AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  AWS_ENDPOINT_URL=$(<"$AWS_FOLDER/moto")
  AWS_ENDPOINT_URL_LAMBDA=$(<"$AWS_FOLDER/lambda")
  curl -q -sS --noproxy '*' -o /dev/null -X POST "$AWS_ENDPOINT_URL/moto-api/reset"
  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null AWS_MAX_ATTEMPTS=1
  export PROD_CONNECTION_URL="$DATABASE?sslmode=disable" HOME=$aws
  export CDPATH=.:$aws AWS_PAGER=false AWS_CLI_AUTO_PROMPT=on PGHOST=192.0.2.1 PGSSLMODE=verify-full PGOPTIONS=-x
  unset STACK_NAME
}

# Makes a pool with confirmed users user-1 to user-70, of whom all but 7, 9 and 66 have a row, and one user of each other
# state. Two rows have no user. While the pool is first listed, user 9 and a newcomer get their rows. The stack "empty" has
# a pool without users.
pool() {
  python3 - <<'END' | plainly
import json
import os
import pathlib

import boto3

cognito = boto3.client("cognito-idp")
pool = cognito.create_user_pool(PoolName="cruddur", UsernameAttributes=["email"])["UserPool"]["Id"]
client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="page")["UserPoolClient"]["ClientId"]


def make(email, confirmed=False):
    attributes = {"email": email, "email_verified": "true", "name": "O'Brien \\ \"ü\""}
    attributes = [{"Name": name, "Value": value} for name, value in attributes.items()]
    user = cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes)["User"]
    if confirmed:
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password="Secret-1234", Permanent=True)
    return next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")


def row(name, sub):
    return f"insert into users (display_name, handle, email, cognito_user_id) values ('{name}', '{name}', '{name}@example.com', '{sub}');"


print("truncate users cascade;")
for number in range(1, 71):
    name = ("unlucky" if number == 66 else "user") + f"-{number}"
    sub = make(name + "@example.com", confirmed=True)
    if number == 9:
        pathlib.Path(os.environ["AWS_FOLDER"], "meanwhile").write_text(row(name, sub) + row("newcomer", "newcomer"))
    elif number not in (7, 66):
        print(row(name, sub))
print(row("not-yet", make("not-yet@example.com")))
for state in ("external_provider", "archived", "compromised", "unknown"):
    make(state + "@example.com")
for state in ("reset", "disabled"):
    make(state + "@example.com", confirmed=True)
cognito.admin_reset_user_password(UserPoolId=pool, Username="reset@example.com")
cognito.admin_disable_user(UserPoolId=pool, Username="disabled@example.com")
cognito.sign_up(ClientId=client, Username="unconfirmed@example.com", Password="Secret-1234")
print(row("gone", "gone-1") + row("gone-too", "it''s \"gone\" \\ 2"))
print("""
    insert into activities (user_uuid, message, expires_at)
    select uuid, handle, now() + interval '24 hours' from users where handle in ('gone', 'user-1');
    insert into activities (user_uuid, message, expires_at, reply_to_activity_uuid)
    select users.uuid, 'reply', now() + interval '24 hours', activities.uuid
    from users, activities
    where users.handle in ('gone', 'user-1') and activities.message = 'gone';""")

empty = cognito.create_user_pool(PoolName="empty")["UserPool"]["Id"]
for stack, its_pool in (("cruddur", pool), ("empty", empty)):
    outputs = {"UserPoolId": its_pool, "UserPoolClientId": client, "PostConfirmationFunctionName": "confirm"}
    body = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {k: {"Value": v} for k, v in outputs.items()}}
    boto3.client("cloudformation").create_stack(StackName=stack, TemplateBody=json.dumps(body))
END
}

# Runs psql without what setup has put in its way.
plainly() { env -u PGHOST -u PGSSLMODE -u PGOPTIONS psql -Xqw -v ON_ERROR_STOP=1 -d "$DATABASE" "$@"; }

rows() { plainly -At -c "select count(*) from users"; }

# How many lines end in each word.
outcomes() { awk '{ print $NF }' <<<"$output" | sort | uniq -c | xargs; }

@test "users-reconcile lists who differs, --apply writes rows by PostConfirmation, --remove-gone removes them with their activities" {
  pool
  # Nobody is touched when the database or the stack does not answer.
  PROD_CONNECTION_URL='postgresql://postgres@127.0.0.1:1/x?sslmode=disable' run --separate-stderr bin/users-reconcile prod --apply
  [[ $status != 0 && $output == "" && ! -e $AWS_FOLDER/events.jsonl ]]
  STACK_NAME=other run --separate-stderr bin/users-reconcile prod --apply
  [[ $status != 0 && $output == "" && ! -e $AWS_FOLDER/events.jsonl ]]
  # All pages are read, and who signs up meanwhile is neither missing nor gone.
  run --separate-stderr bin/users-reconcile prod
  echo "$output $stderr"
  [[ $status == 0 && $(outcomes) == "2 gone 4 missing" && ! -e $AWS_FOLDER/meanwhile ]]
  [[ $'\n'$output$'\n' == *$'\n'"gone-1 gone"$'\n''it'\''s "gone" \ 2 gone'$'\n'* ]]
  [[ $stderr == *"1 ARCHIVED, 1 COMPROMISED, 70 CONFIRMED, 1 EXTERNAL_PROVIDER, 1 FORCE_CHANGE_PASSWORD, 1 RESET_REQUIRED, 1 UNCONFIRMED, 1 UNKNOWN, 1 disabled CONFIRMED."* ]]
  [[ $stderr == *"4 were without a row, 0 failed; 2 gone from the pool, 0 removed."*--apply*--remove-gone* ]]
  [[ ! -e $AWS_FOLDER/events.jsonl && $(rows) == 72 ]]
  # Through the alias, as Cognito would.
  run --separate-stderr bin/users-reconcile prod --apply
  [[ $status == 1 && $(outcomes) == "1 failed 3 gone 3 written" ]]
  [[ $stderr == *"It will be saved when you sign in."* && $stderr == *"4 were without a row, 1 failed"* ]]
  [[ $(rows) == 75 ]]
  run -0 cut -f1 "$AWS_FOLDER/events.jsonl"
  [[ ${lines[0]} == "/2015-03-31/functions/confirm/invocations?Qualifier=live" ]]
  # The same members as the sample that the function is tested with.
  shape='[paths(scalars)] | map(select(.[1] != "userAttributes")) | sort'
  run -0 jq -c "$shape" events/post-confirmation.json
  sample=$output
  run -0 jq -c "$shape" <(head -1 "$AWS_FOLDER/events.jsonl" | cut -f2)
  [[ $output == "$sample" ]]
  run -0 jq -r '.request.userAttributes.name' <(head -1 "$AWS_FOLDER/events.jsonl" | cut -f2)
  [[ $output == "O'Brien \ \"ü\"" ]]
  # What is asked comes before anything is written.
  rm "$AWS_FOLDER/events.jsonl"
  run --separate-stderr bin/users-reconcile prod --apply --remove-gone </dev/null
  [[ $status == 1 && $output == "" && $stderr == *"--yes-destroy and its name let this script remove 3 of its 75 users, with their activities." ]]
  # Nobody is removed with the pool of another stack, or where the pool's list lacks its second page.
  STACK_NAME=empty run --separate-stderr bin/users-reconcile prod --apply --remove-gone --yes-destroy reconcile
  [[ $status == 1 && $output == "" && $stderr == *"no row belongs to a user of the pool us-east-1_"*"Nothing was removed" ]]
  echo 60 >"$AWS_FOLDER/cut"
  run --separate-stderr bin/users-reconcile prod --apply --remove-gone --yes-destroy reconcile
  [[ $status == 1 && $output == "" && $stderr == *"the pool's list was not whole"*"Nothing was removed" ]]
  rm "$AWS_FOLDER/cut"
  [[ ! -e $AWS_FOLDER/events.jsonl && $(rows) == 75 ]]
  # Others' replies to the activities of who is gone stay.
  run --separate-stderr bin/users-reconcile prod --apply --remove-gone --yes-destroy reconcile
  [[ $status == 1 && $(outcomes) == "1 failed 3 removed" && $stderr == *"3 gone from the pool, 3 removed."* ]]
  [[ $(rows) == 72 && $(plainly -At -c "select count(*) from users where handle like 'gone%' or handle = 'newcomer'") == 0 ]]
  [[ $(plainly -At -c "select string_agg(message, ' ' order by message) from activities where reply_to_activity_uuid is null") == "reply user-1" ]]
}

@test "users-reconcile is for prod, and says so" {
  for arguments in "" prdo --apply "prod --aply" "prod --yes-destroy" "--remove-gone --yes-destroy prod"; do
    # shellcheck disable=SC2086
    run --separate-stderr bin/users-reconcile $arguments
    [[ $status == 2 && $output == "" && $stderr == *"bin/users-reconcile -h"* ]]
  done
  run -0 --separate-stderr bin/users-reconcile -h
  [[ ${lines[0]} == Summary:* ]]
}

# Stand-ins for mvn and npm, and for sam, which makes a change set and keeps the parameters of the last deployment.
stand_ins() {
  (. tests/scripts/scripts.bash && copy_scripts "$aws") && cp samconfig.toml "$aws"
  mkdir "$aws/web" && echo "<!doctype html>" >"$aws/web/index.html" && echo "export {};" >"$aws/web/page.js"
  printf '#!/bin/sh\ncat >/dev/null\necho "mvn $*" >>%q\n' "$aws/calls" >"$aws/bin/mvn"
  echo "{}" >"$aws/web/package-lock.json"
  printf '#!/bin/sh\nmkdir -p web/node_modules/oauth4webapi/build && echo "export {};" >web/node_modules/oauth4webapi/build/index.js\n' >"$aws/bin/npm"
  cat >"$aws/bin/sam" <<END
#!/usr/bin/env python3
import boto3, json, os, sys, time
sys.stdin.read()
print("sam", *sys.argv[1:], file=open("$aws/calls", "a"))
cloudformation = boto3.client("cloudformation")
given = dict(each.split("=", 1) for each in sys.argv if "=" in each)
kind, kept, name = "CREATE", {"PageOrigin": "http://127.0.0.1:3000"}, os.environ["STACK_NAME"]
try:
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    if stack["StackStatus"] != "REVIEW_IN_PROGRESS":
        kind, kept = "UPDATE", {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
except cloudformation.exceptions.ClientError:
    pass
if not os.path.exists("$aws/web-id"):
    boto3.client("s3").create_bucket(Bucket="page")
    origin = {"Id": "x", "DomainName": "page.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "x", "ViewerProtocolPolicy": "https-only"}
    web = boto3.client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": "x", "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour, "Comment": "", "Enabled": True})
    open("$aws/web-id", "w").write(web["Distribution"]["Id"])
if kind == "UPDATE" and not given:
    print("Error: No changes to deploy. Stack " + name + " is up to date")
    sys.exit()
if os.path.exists("$aws/refused"):
    print("Error: Failed to create changeset: no right to do so")
    sys.exit(1)
outputs = {"WebUrl": "https://d1.example", "WebBucket": "page", "WebDistributionId": open("$aws/web-id").read(),
           "ApiUrl": "https://api.example", "Issuer": "https://issuer.example/pool", "UserPoolClientId": "c1",
           "LoginUrl": "https://login.example"}
for lacking in open("$aws/lacking").read().split() if os.path.exists("$aws/lacking") else []:
    del outputs[lacking]
parameters = {**kept, **given}
database = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "MasterUsername": "a",
            "MasterUserPassword": "secret-123", "DBInstanceIdentifier": "cruddur-database"}
body = json.dumps({"Parameters": {name: {"Type": "String"} for name in parameters},
                   "Resources": {"Topic": {"Type": "AWS::SNS::Topic"},
                                 "Database": {"Type": "AWS::RDS::DBInstance", "Properties": database}},
                   "Outputs": {name: {"Value": value} for name, value in outputs.items()}})
made = cloudformation.create_change_set(
    StackName=name, ChangeSetName="samcli-deploy" + str(time.time_ns()), ChangeSetType=kind, TemplateBody=body,
    Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()])
print("\nChangeset created successfully. " + made["Id"] + "\n")
END
  # Version 1 of aws asks the real RDS, whatever AWS_ENDPOINT_URL says.
  printf '#!/bin/sh\n[ "$1" != rds ] || set -- "$@" --endpoint-url "$AWS_ENDPOINT_URL"\nexec %q "$@"\n' "$(command -v aws)" >"$aws/bin/aws"
  chmod +x "$aws"/bin/{mvn,npm,sam,aws}
  PATH=$aws/bin:$PATH
  cd "$aws"
}

# The change sets, and the stack's status or "none".
state_of() {
  aws cloudformation list-change-sets --stack-name "$1" --query 'length(Summaries[?ExecutionStatus==`AVAILABLE`])' --output text
  aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || echo none
}

# Runs bin/deploy on a terminal where somebody types an answer: answered TEXT ARGUMENT ...
answered() {
  printf '%s\n' "$1" >typed
  shift
  run script -qec "bin/deploy $*" /dev/null <typed
  echo "exited $status: $output"
}

@test "deploy changes and uploads nothing after no, and deploys after yes" {
  stand_ins
  touch web/page.js
  # Without a terminal, nobody is asked, and nothing begins.
  run --separate-stderr bin/deploy </dev/null
  [[ $status == 1 && $stderr == *"no terminal"*"nothing was changed" && ! -e calls ]]
  run bash -c 'yes | bin/deploy'
  [[ $status == 1 && ! -e calls ]]
  # The first time: no stack is left behind.
  for no in N ""; do
    answered "$no" Stage=development
    [[ $status == 1 && $output == *"account 123456789012, region us-east-1"*Topic*AWS::SNS::Topic*"Execute them? [y/N]"*"nothing was changed"* ]]
    [[ $(state_of cruddur | xargs) == "0 none" ]]
  done
  run -0 aws s3 ls --recursive s3://page
  [[ $output == "" ]]
  # Then yes: one question, two change sets, and the page.
  rm calls
  answered yes Stage=development
  [[ $status == 0 && $output == *"page https://d1.example"*"api  https://api.example"* ]]
  [[ $(grep -c "Execute them" <<<"$output") == 1 && $output != *reboot* ]]
  [[ $(state_of cruddur | xargs) == *"0 "*_COMPLETE ]]
  # Later: no leaves the stack and the page as they are.
  echo changed >web/index.html
  answered "nope, yes?" Stage=production
  [[ $status == 1 && $output == *"nothing was changed"* && $(state_of cruddur | xargs) == *"0 "*_COMPLETE ]]
  run -0 aws cloudformation describe-stacks --query 'Stacks[0].Parameters[?ParameterKey==`Stage`].ParameterValue' --output text
  [[ $output == development ]]
  [[ $(aws s3 cp s3://page/index.html -) == "<!doctype html>" ]]
  run -0 aws cloudfront list-invalidations --distribution-id "$(<web-id)" --query 'length(InvalidationList.Items)' --output text
  [[ $output == 1 ]]
}

@test "deploy makes the page's address known on the first deployment, and uploads the page with its settings" {
  stand_ins
  # The smallest account in which concurrency is reserved, except where the parameter is given.
  echo 135 >"$AWS_FOLDER/quota"
  # The stand-in for sam reads only AWS_DEFAULT_REGION, as sam does.
  run --separate-stderr env -u AWS_DEFAULT_REGION bin/deploy --yes Stage=development
  echo "$output $stderr"
  [[ $status == 0 && ${lines[0]} == "page https://d1.example" && ${lines[1]} == "api  https://api.example" ]]
  [[ $stderr == *"Checking ..."*"ok   database: cruddur-database is available"*"red  page: https://d1.example "*"bin/check prod checks again." ]]
  run -0 cat calls
  [[ ${lines[0]} == "mvn "*"-pl functions/"*"package" ]]
  sam="sam deploy --stack-name cruddur --no-execute-changeset --no-fail-on-empty-changeset"
  [[ ${lines[1]} == "$sam --parameter-overrides Stage=development ReserveConcurrency=true" ]]
  [[ ${lines[2]} == "$sam --parameter-overrides PageOrigin=https://d1.example" ]]
  run -0 aws s3 cp s3://page/config.json -
  [[ $(jq -c '[.issuer, .client_id, .api, .sign_up_endpoint, .token_endpoint, .revocation_endpoint]' <<<"$output") == '["https://issuer.example/pool","c1","","https://login.example/signup","https://login.example/oauth2/token","https://login.example/oauth2/revoke"]' ]]
  run -0 aws s3 ls --recursive s3://page
  [[ $output == *oauth4webapi.js* && $output != *node_modules* && $output != *package* ]]
  run -0 aws s3api head-object --bucket page --key page.js --query ContentType --output text
  [[ $output == *javascript ]]
  rm calls
  answered n ReserveConcurrency=false
  [[ $status == 1 ]]
  run -1 grep ReserveConcurrency=true calls
  # The second time it is known, nothing changes, so nobody is asked, and what is gone from the page goes.
  echo 10 >"$AWS_FOLDER/quota"
  touch "$AWS_FOLDER/static"
  rm web/page.js calls
  answered n
  [[ $status == 0 && $output == *"up to date"* && $output != *Execute* ]]
  [[ $output == *"aws rds reboot-db-instance --db-instance-identifier cruddur-database"* ]]
  run -0 cat calls
  [[ ${lines[1]} == "$sam" && ${#lines[@]} == 2 ]]
  run -0 aws s3 ls s3://page
  [[ $output != *page.js* && $output == *config.json* && $output == *index.html* ]]
  run -0 aws cloudfront list-invalidations --distribution-id "$(<web-id)" --query 'length(InvalidationList.Items)' --output text
  [[ $output == 2 ]]
  # A stack of an older template has no address of the page at all.
  rm calls
  run --separate-stderr bin/deploy --yes PageOrigin=
  echo "$stderr"
  [[ $status == 0 ]]
  run -0 grep -c "PageOrigin=https://d1.example" calls
  [[ $output == 1 ]]
  # What is no parameter is refused, before anything is done.
  rm calls
  run --separate-stderr bin/deploy prod
  [[ $status == 2 && $stderr == *"bin/deploy -h"* && ! -e calls ]]
}

@test "deploy reserves concurrency wherever 100 executions stay unreserved" {
  stand_ins
  reserves() { # UNRESERVED PARAMETER ...
    echo "$1" >"$AWS_FOLDER/quota"
    rm -f calls
    answered n "${@:2}"
    [[ $status == 1 ]]
    grep -q "ReserveConcurrency=true" calls
  }
  # Together 35 by default.
  run ! reserves 134 Stage=development
  reserves 135 Stage=development
  run ! reserves 135 HomeActivitiesConcurrency=21
  reserves 136 HomeActivitiesConcurrency=21
  # What the stack has reserved counts as available, and a parameter that is not given stays.
  echo 136 >"$AWS_FOLDER/quota"
  answered yes HomeActivitiesConcurrency=21
  [[ $status == 0 ]]
  reserves 100 Stage=production
  run ! reserves 99 Stage=production
  run ! reserves 100 HomeActivitiesConcurrency=22
  run --separate-stderr bin/deploy --yes HomeActivitiesConcurrency=many
  [[ $status == 2 && $stderr == *"not a number: HomeActivitiesConcurrency=many"* ]]
}

@test "deploy refuses another engine, which would leave the data behind, unless a snapshot brings it along" {
  stand_ins
  run --separate-stderr bin/deploy --yes Stage=development DatabaseEngine=postgres
  echo "$stderr"
  [[ $status == 0 ]]
  rm calls
  run --separate-stderr bin/deploy --yes DatabaseEngine=aurora
  [[ $status == 1 && $stderr == *"DatabaseEngine=aurora would replace the database by an empty one, and leave the data of postgres behind."*docs/operations.md*"nothing was changed" ]]
  run --separate-stderr bin/deploy --yes DatabaseEngine=aurora DatabaseSnapshot=
  [[ $status == 1 && ! -e calls ]]
  run --separate-stderr bin/deploy --yes DatabaseEngine=aurora DatabaseSnapshot=arn:aws:rds:us-east-1:123456789012:snapshot:moving
  [[ $status == 0 && $(<calls) == *"DatabaseEngine=aurora DatabaseSnapshot=arn:"* ]]
  run --separate-stderr bin/deploy --yes DatabaseEngine=postgres
  [[ $status == 1 && $stderr == *"the data of aurora behind"* ]]
  run --separate-stderr bin/deploy --yes DatabaseEngine=aurora PostsLimit=31
  [[ $status == 0 ]]
}

@test "deploy stops where something fails, says what, and uploads nothing" {
  stand_ins
  touch refused
  run --separate-stderr bin/deploy --yes
  [[ $status == 1 && $stderr == *"no right to do so"*"nothing was changed"* ]]
  rm refused
  # A reason may have several lines. Without the limit, an event that is not read would hang the test.
  run --separate-stderr timeout 300 bin/deploy --yes Stage=broken
  echo "$stderr"
  [[ $status == 1 && $stderr == *"CREATE_FAILED Topic: There are too many topics"*"delete-stack --stack-name cruddur"*"first at Topic: There are too many topics" ]]
  [[ $stderr != *modify-db-instance* ]]
  aws cloudformation delete-stack --stack-name cruddur
  run --separate-stderr timeout 300 bin/deploy --yes Stage=protected
  [[ $status == 1 && $stderr == *"db-instance-identifier cruddur --no-deletion-protection"*"delete-stack --stack-name cruddur"*"(ROLLBACK_FAILED)"* ]]
  aws cloudformation delete-stack --stack-name cruddur
  run --separate-stderr timeout 300 bin/deploy --yes Stage=protected DatabaseEngine=aurora DatabaseSuffix=-2
  [[ $status == 1 && $stderr == *"modify-db-cluster --db-cluster-identifier cruddur-2 --no-deletion-protection"* ]]
  aws cloudformation delete-stack --stack-name cruddur
  run --separate-stderr bin/deploy --yes Stage=canceled
  [[ $status == 1 && $stderr == *"the deployment failed (ROLLBACK_COMPLETE)" ]]
  aws cloudformation delete-stack --stack-name cruddur
  run --separate-stderr timeout 300 bin/deploy --yes Stage=stuck
  echo "$stderr"
  [[ $status == 1 && $stderr == *"continue-update-rollback --stack-name cruddur"*"(UPDATE_ROLLBACK_FAILED)"* && $stderr != *delete-stack* ]]
  aws cloudformation delete-stack --stack-name cruddur
  # An output that is missing is not uploaded as nothing.
  echo LoginUrl >lacking
  run --separate-stderr bin/deploy --yes
  [[ $status == 1 && $output == "" && $stderr == *"has no output LoginUrl"* ]]
  run -0 aws s3 ls --recursive s3://page
  [[ $output == "" ]]
  # What interrupts the question leaves no change set.
  echo >lacking
  mkfifo keys
  # What runs in the background ignores Ctrl-C, unless it is said otherwise.
  env --default-signal=INT script -qefc "bin/deploy Stage=other" talk <keys >/dev/null 2>&1 3>&- &
  exec 9>keys
  until grep -q "Execute them" talk; do
    kill -0 $!
    sleep 0.2
  done
  printf '\003' >&9
  wait $! || true
  cat talk
  run state_of cruddur
  [[ ${lines[0]} == 0 && ${lines[1]} == *_COMPLETE ]]
}

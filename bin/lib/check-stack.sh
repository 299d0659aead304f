# Sourced by bin/check prod, after bin/lib/check.sh and bin/lib/stack.sh: the checks of the stack in AWS.

# Prints the names of the stack's resources of a type: logical, tab, physical: resources TYPE
resources() { awk -F '\t' -v type="$1" '$1 == type { print $2 "\t" $3 }' <<<"$resources"; }

# Reads what the stack has made.
read_resources() {
  resources=$(aws cloudformation list-stack-resources --stack-name "$STACK_NAME" --output text \
    --query 'StackResourceSummaries[].[ResourceType,LogicalResourceId,PhysicalResourceId]')
}

# Prints a time of AWS, such as 2026-01-02T03:04:05.000+0000, in seconds since 1970.
seconds() { date -u -d "$1" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%S "${1%%[.+]*}" +%s; }

# Prints the last line of a version's log, of some time, that matches a pattern of CloudWatch:
# last_line GROUP VERSION PATTERN FROM [UNTIL], in seconds since 1970
last_line() {
  local events
  events=$(aws logs filter-log-events --log-group-name "$1" --start-time "$4"000 ${5:+--end-time "$5"000} --filter-pattern "$3" --output text \
    --query 'events[].[logStreamName,message]' 2>"$error") || return 1
  awk -F '\t' -v version="[$2]" '
    index($1, version) { last = $2 }
    END {
      if (match(last, /"message": *"[^"]*"/)) { last = substr(last, RSTART, RLENGTH); sub(/^"message": *"/, "", last); sub(/"$/, "", last) }
      print substr(last, 1, 200)
    }' <<<"$events"
}

# Calls a function of the stack, by its alias if it has one. Its response, or the reason for its absence, is in $answer.
# check_function has set physical and qualifier: call FUNCTION EVENT
call() {
  local failure
  if ! failure=$(aws lambda invoke --function-name "$physical" ${qualifier[@]+"${qualifier[@]}"} --payload "fileb://$2" \
    --query FunctionError --output text "$answer" 2>"$error"); then
    cp "$error" "$answer"
    return 1
  fi
  [[ $failure == None ]]
}

# Adds the log's line about the priming of a snapshot to good or to problems, which has a remedy: check_priming GROUP
# VERSION PUBLISHED
check_priming() {
  local log published
  published=$(seconds "$3")
  # Lambda takes the snapshot within minutes of the publication.
  log=$(last_line "$1" "$2" '"primed"' "$published" $((published + 900))) || log="its log cannot be read"
  case $log in
    primed:*) good+=", snapshot taken, $log" ;;
    "") good+=", snapshot taken, its log says nothing of priming" ;;
    *)
      problems+=", has a snapshot, but: $log"
      remedy="once the cause is gone, give it a new Description in template.yaml and run bin/deploy: only a new version has a new snapshot"
      ;;
  esac
}

# Checks a function, by the version that its alias names where it has one: check_function LOGICAL PHYSICAL
check_function() {
  local described why state reason update snapshots snapshot version published group log hour_ago idle='' good='' problems=''
  local physical=$2 remedy="once the cause is gone, bin/deploy"
  local -a qualifier=()
  [[ $resources != *$'\t'"$1Aliaslive"$'\t'* ]] || qualifier=(--qualifier live)
  if ! described=$(aws lambda get-function-configuration --function-name "$2" ${qualifier[@]+"${qualifier[@]}"} --output text \
    --query '[State,LastUpdateStatus,SnapStart.ApplyOn,SnapStart.OptimizationStatus,Version,LastModified,LoggingConfig.LogGroup,StateReason]' 2>"$error"); then
    read_why
    line red "$1" "$why"
    return
  fi
  IFS=$'\t' read -r state update snapshots snapshot version published group reason <<<"$described"
  [[ $group != None ]] || group=/aws/lambda/$2
  # Lambda refuses the calls of a function that was idle for long, until its network is back (AWS Lambda Developer Guide,
  # "Lambda function states"). If the function has a snapshot, clients call it and get that refusal, so it is a fault.
  if [[ $state == Active ]]; then
    good=active
  elif [[ ($state == Inactive || $state == Pending) && $snapshots != PublishedVersions ]]; then
    idle=yes good="idle, so that its next call starts slowly"
  else
    problems+=", is $state ($reason)"
  fi
  [[ $update == Successful || $update == None ]] || problems+=", has the update status $update"
  if [[ $snapshots == PublishedVersions && $snapshot != On ]]; then
    problems+=", has no snapshot, so that it starts slowly"
  elif [[ $snapshots == PublishedVersions ]]; then
    check_priming "$group" "$version" "$published"
  fi
  hour_ago=$(($(date +%s) - 3600))
  log=$(last_line "$group" "$version" '{ $.level = "ERROR" || $.level = "FATAL" || $.record.status = "timeout" || $.record.status = "error" || $.record.status = "failure" }' \
    "$hour_ago") || log="its log cannot be read"
  [[ -z $log ]] || problems+=", failed within the last hour: $log"
  check_call "$1"
  # Of the functions without a snapshot, only MigrateFunction is called.
  if [[ $1 == MigrateFunction && $idle && $problem ]]; then
    line skip connection "MigrateFunction was idle, and Lambda prepares it now" "bin/check prod says more in a minute"
    line skip migrations "they cannot be seen yet"
  else
    problems+=${problem:+, failed now: $problem}
  fi
  if [[ $problems ]]; then
    line red "$1" "version $version${problems}" "aws logs tail $group --since 1h says more; $remedy"
  else
    line ok "$1" "version $version $good, no error within the last hour${found:+, $found}"
  fi
  [[ $1 != MigrateFunction || $problem ]] || check_database prod
}

check_functions() {
  local logical physical functions
  functions=$(resources AWS::Lambda::Function)
  while IFS=$'\t' read -r logical physical; do
    [[ -z $logical ]] || check_function "$logical" "$physical" </dev/null
  done <<<"$functions"
}

# Checks each instance of the database in RDS. Some parameters wait for a reboot, which AWS does not make.
check_instances() {
  local identifiers instances instance status waits why
  instances=$(resources AWS::RDS::DBInstance)
  identifiers=$(awk -F '\t' '{ printf "%s%s", comma, $2; comma = "," }' <<<"$instances")
  if ! instances=$(aws rds describe-db-instances --filters "Name=db-instance-id,Values=$identifiers" --output text \
    --query "DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,DBParameterGroups[?ParameterApplyStatus=='pending-reboot']|[0]&&'waits']" 2>"$error"); then
    read_why
    line red database "$why"
    return
  fi
  while IFS=$'\t' read -r instance status waits; do
    if [[ $status != available ]]; then
      line red database "$instance is $status" "aws rds describe-events --source-type db-instance --source-identifier $instance says more"
    elif [[ $waits == waits ]]; then
      line red database "$instance waits for a reboot, to use its changed parameters" \
        "It is away for about a minute: aws rds reboot-db-instance --db-instance-identifier $instance"
    else
      line ok database "$instance is available, and uses all of its parameters"
    fi
  done <<<"$instances"
}

check_alarms() {
  local names=() logical physical alarms found name reason why
  alarms=$(resources AWS::CloudWatch::Alarm)
  while IFS=$'\t' read -r logical physical; do
    [[ -z $logical ]] || names+=("$physical")
  done <<<"$alarms"
  if ((${#names[@]} == 0)); then
    line skip alarms "the stack has none"
  elif ! found=$(aws cloudwatch describe-alarms --alarm-names "${names[@]}" --output text \
    --query "MetricAlarms[?StateValue=='ALARM'].[AlarmName,StateReason]" 2>"$error"); then
    read_why
    line red alarms "$why"
  elif [[ -z $found ]]; then
    line ok alarms "none of ${#names[@]} in alarm"
  else
    while IFS=$'\t' read -r name reason; do
      line red alarm "$name: $reason" "its description says what it means"
    done <<<"$found"
  fi
}

# Checks that the alarms reach somebody.
check_alarm_mail() {
  local topic subscriptions address arn why
  topic=$(resources AWS::SNS::Topic)
  topic=${topic##*$'\t'}
  if ! subscriptions=$(aws sns list-subscriptions-by-topic --topic-arn "$topic" --output text --query 'Subscriptions[].[Endpoint,SubscriptionArn]' 2>"$error"); then
    read_why
    line red "alarm mail" "$why"
  elif [[ -z $subscriptions ]]; then
    line ok "alarm mail" "to nobody, as AlarmEmail is empty"
  else
    while IFS=$'\t' read -r address arn; do
      if [[ $arn == PendingConfirmation ]]; then
        line red "alarm mail" "$address has not confirmed the subscription" "The mail from AWS Notifications has the link"
      else
        line ok "alarm mail" "to $address"
      fi
    done <<<"$subscriptions"
  fi
}

# Sourced by bin/check prod, after bin/lib/check.sh and bin/lib/stack.sh: what AWS says of the stack.

# Prints the names of the stack's resources of a type: logical, tab, physical: resources TYPE
resources() { awk -F '\t' -v type="$1" '$1 == type { print $2 "\t" $3 }' <<<"$resources"; }

# Reads what the stack has made.
read_resources() {
  resources=$(aws cloudformation list-stack-resources --stack-name "$STACK_NAME" --output text \
    --query 'StackResourceSummaries[].[ResourceType,LogicalResourceId,PhysicalResourceId]')
}

# Prints a time of AWS, such as 2026-01-02T03:04:05.000+0000, in seconds since 1970.
seconds() { date -u -d "$1" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%S "${1%%[.+]*}" +%s; }

# Prints the last line of a version's log that matches a pattern of CloudWatch: last_line GROUP VERSION SINCE PATTERN
last_line() {
  local events
  events=$(aws logs filter-log-events --log-group-name "$1" --start-time "$3"000 --filter-pattern "$4" --output text \
    --query 'events[].[logStreamName,message]' 2>"$error") || return 1
  awk -F '\t' -v version="[$2]" '
    index($1, version) { last = $2 }
    END {
      if (match(last, /"message": *"[^"]*"/)) { last = substr(last, RSTART, RLENGTH); sub(/^"message": *"/, "", last); sub(/"$/, "", last) }
      print substr(last, 1, 200)
    }' <<<"$events"
}

# Checks a function, by the version that its alias names where it has one: check_function LOGICAL PHYSICAL
check_function() {
  local found why state reason update snapshots snapshot version published group log hour_ago problems='' primed=''
  local -a qualifier=()
  [[ $resources != *$'\t'"$1Aliaslive"$'\t'* ]] || qualifier=(--qualifier live)
  if ! found=$(aws lambda get-function-configuration --function-name "$2" ${qualifier[@]+"${qualifier[@]}"} --output text \
    --query '[State,LastUpdateStatus,SnapStart.ApplyOn,SnapStart.OptimizationStatus,Version,LastModified,LoggingConfig.LogGroup,StateReason]' 2>"$error"); then
    read_error
    line red "$1" "$why"
    return
  fi
  IFS=$'\t' read -r state update snapshots snapshot version published group reason <<<"$found"
  [[ $group != None ]] || group=/aws/lambda/$2
  [[ $state == Active ]] || problems+=", is $state ($reason)"
  [[ $update == Successful || $update == None ]] || problems+=", has the update status $update"
  hour_ago=$(($(date +%s) - 3600))
  if [[ $snapshots == PublishedVersions && $snapshot != On ]]; then
    problems+=", has no snapshot, so that it starts slowly"
  elif [[ $snapshots == PublishedVersions ]]; then
    published=$(seconds "$published")
    log=$(last_line "$group" "$version" "$published" '"not primed, so first calls will be slow"') || log="its log cannot be read"
    primed=", snapshot taken, primed"
    [[ -z $log ]] || problems+=", has a snapshot, but: $log"
  fi
  log=$(last_line "$group" "$version" "$hour_ago" '{ $.level = "ERROR" || $.level = "FATAL" || $.record.status = "timeout" || $.record.status = "error" }') ||
    log="its log cannot be read"
  [[ -z $log ]] || problems+=", failed within the last hour: $log"
  if [[ $problems ]]; then
    line red "$1" "version $version${problems}" "aws logs tail $group --since 1h says more; once the cause is gone, bin/deploy"
  else
    line ok "$1" "version $version active$primed, no error within the last hour"
  fi
}

check_functions() {
  local logical physical functions
  functions=$(resources AWS::Lambda::Function)
  while IFS=$'\t' read -r logical physical; do
    [[ -z $logical ]] || check_function "$logical" "$physical" </dev/null
  done <<<"$functions"
}

# Checks what RDS says of the instance.
check_instance() {
  local instance status why waits
  instance=$(resources AWS::RDS::DBInstance)
  instance=${instance##*$'\t'}
  if ! status=$(aws rds describe-db-instances --db-instance-identifier "$instance" --output text --query 'DBInstances[0].DBInstanceStatus' 2>"$error"); then
    read_error
    line red database "$why"
    return
  fi
  waits=$(say_if_database_waits)
  if [[ $status != available ]]; then
    line red database "$instance is $status" "aws rds describe-events --source-type db-instance --source-identifier $instance says more"
  elif [[ $waits ]]; then
    line red database "${waits//$'\n'/}"
  else
    line ok database "$instance is available, and uses all of its parameters"
  fi
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
    read_error
    line red alarms "$why"
  elif [[ -z $found ]]; then
    line ok alarms "none of ${#names[@]} in alarm"
  else
    while IFS=$'\t' read -r name reason; do
      line red alarm "$name: $reason" "its description says what it means"
    done <<<"$found"
  fi
}

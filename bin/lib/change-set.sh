# Sourced by bin/deploy, after bin/lib/stack.sh: makes a change set of the stack, shows it, and executes or withdraws it.
change_set=

# Sets change_set to the ARN of a change set with these parameters, or to nothing if they change nothing:
# make_change_set PARAMETER=VALUE...
make_change_set() {
  local log=target/sam-deploy.log
  (($# == 0)) || set -- --parameter-overrides "$@"
  if ! sam deploy --stack-name "$STACK_NAME" --no-execute-changeset --no-fail-on-empty-changeset "$@" </dev/null >"$log"; then
    cat "$log" >&2
    fail "sam made no change set; nothing was changed"
  fi
  change_set=$(sed -n 's/.*\(arn:[^[:space:]]*:changeSet\/[^[:space:]]*\).*/\1/p' "$log")
  if [[ -z $change_set ]] && ! grep -q 'No changes to deploy' "$log"; then
    cat "$log" >&2
    fail "sam named no change set; nothing was changed"
  fi
}

# Prints the change of each resource, with account and region.
show_change_set() {
  local rows region account
  rows=$(aws cloudformation describe-change-set --change-set-name "$change_set" --output text \
    --query 'Changes[].ResourceChange.[Action,LogicalResourceId,ResourceType,Replacement]')
  IFS=: read -r _ _ _ region account _ <<<"$change_set"
  echo "Changes of the stack $STACK_NAME, account $account, region $region:"
  awk -F '\t' '{ printf "  %-8s %-40s %s%s\n", $1, $2, $3, ($4 == "True" ? "  REPLACED" : $4 == "Conditional" ? "  MAY BE REPLACED" : "") }' <<<"$rows"
}

# Deletes the change set that was not executed, and the stack if it was made only for that.
withdraw_change_set() {
  local status others unwanted=$change_set
  [[ $unwanted ]] || return 0
  change_set=
  aws cloudformation delete-change-set --change-set-name "$unwanted" >/dev/null
  status=$(aws cloudformation describe-stacks --stack-name "$STACK_NAME" --query 'Stacks[0].StackStatus' --output text)
  [[ $status == REVIEW_IN_PROGRESS ]] || return 0
  others=$(aws cloudformation list-change-sets --stack-name "$STACK_NAME" --query 'length(Summaries)' --output text)
  [[ $others != 0 ]] || aws cloudformation delete-stack --stack-name "$STACK_NAME"
}

# Prints the stack's last events, the newest first: id, status, resource, whether it is the stack, reason.
stack_events() {
  aws cloudformation describe-stack-events --stack-name "$STACK_NAME" --no-paginate --output text \
    --query 'StackEvents[].[EventId,ResourceStatus,LogicalResourceId,StackId==PhysicalResourceId,ResourceStatusReason]'
}

# Executes the change set, prints the events, and stops if it fails.
execute_change_set() {
  local last events fresh line id status resource is_stack reason outcome='' failure=''
  events=$(stack_events)
  last=${events%%$'\t'*}
  aws cloudformation execute-change-set --change-set-name "$change_set"
  change_set=
  while [[ -z $outcome ]]; do
    if ! events=$(stack_events); then
      fail "The deployment continues in AWS, but its progress cannot be read. Run bin/deploy again when the stack $STACK_NAME is ready."
    fi
    fresh=
    while IFS= read -r line && [[ -z $line || ${line%%$'\t'*} != "$last" ]]; do
      case $line in
        *$'\t'*$'\t'*$'\t'*) fresh=$line$'\n'$fresh ;;
        # The further lines of a reason.
        ?*) fresh="${fresh%%$'\n'*} $line"$'\n'${fresh#*$'\n'} ;;
      esac
    done <<<"$events"
    last=${events%%$'\t'*}
    while IFS=$'\t' read -r id status resource is_stack reason && [[ $id ]]; do
      [[ $reason != None ]] || reason=
      echo "  $status $resource${reason:+: $reason}"
      [[ $failure || $status != *_FAILED ]] || failure="$resource${reason:+: $reason}"
      [[ $is_stack != True || $status == *_IN_PROGRESS ]] || outcome=$status
    done <<<"$fresh" >&2
    [[ $outcome ]] || sleep 3
  done
  if [[ $outcome != CREATE_COMPLETE && $outcome != UPDATE_COMPLETE ]]; then
    print_next_step "$outcome" >&2
    fail "the deployment failed ($outcome)${failure:+, first at $failure}"
  fi
}

# Prints what the next deployment needs, after one that left the stack in a status that refuses it: print_next_step STATUS
print_next_step() {
  local lift engine suffix
  case $1 in
    ROLLBACK_COMPLETE)
      echo "The next deployment needs the failed stack deleted: aws cloudformation delete-stack --stack-name $STACK_NAME"
      ;;
    ROLLBACK_FAILED)
      read_stack || true
      engine=$(parameter DatabaseEngine)
      suffix=$(parameter DatabaseSuffix)
      lift="modify-db-instance --db-instance-identifier"
      if [[ $engine == aurora ]]; then
        lift="modify-db-cluster --db-cluster-identifier"
      fi
      echo "The events above name what could not be deleted. If it is the database, lift its protection, and then delete the stack:
  aws rds $lift $STACK_NAME$suffix --no-deletion-protection
  aws cloudformation delete-stack --stack-name $STACK_NAME"
      ;;
    UPDATE_ROLLBACK_FAILED)
      echo "The events above name what could not be rolled back. Once the cause is gone:
  aws cloudformation continue-update-rollback --stack-name $STACK_NAME"
      ;;
  esac
}

# Stops unless the user agrees: ask_to_execute
ask_to_execute() {
  local answer=
  printf 'Execute them? [y/N] ' >&2
  IFS= read -r answer || true
  case $answer in
    [yY] | [yY][eE][sS]) ;;
    *)
      withdraw_change_set
      fail "nothing was changed, and the page was not uploaded"
      ;;
  esac
}

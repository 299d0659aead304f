# Sourced by the scripts that use what is deployed, after bin/lib/usage.sh. STACK_NAME is the stack's name, cruddur by default.
export STACK_NAME=${STACK_NAME:-cruddur}

# Reads the stack: its outputs, for the function output, and the parameters it was deployed with, for parameter.
read_stack() {
  local query='Stacks[0].[Outputs[].[OutputKey,OutputValue],Parameters[].[ParameterKey,ParameterValue]][]'
  stack_values=$(aws cloudformation describe-stacks --stack-name "$STACK_NAME" --query "$query" --output text)
}

# Prints a parameter's value: parameter NAME
parameter() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' <<<"$stack_values"; }

# Prints an output's value, or fails if the stack has none of this name: output NAME
output() {
  local value
  value=$(parameter "$1")
  if [[ -z $value ]]; then
    fail "the stack $STACK_NAME has no output $1; bin/deploy brings it up to date"
  fi
  printf '%s\n' "$value"
}

# Says so where a changed parameter of PostgreSQL waits for a restart, which AWS does not make.
say_if_database_waits() {
  local instance groups
  if instance=$(aws cloudformation describe-stack-resource --stack-name "$STACK_NAME" --logical-resource-id Database \
    --query StackResourceDetail.PhysicalResourceId --output text) &&
    groups=$(aws rds describe-db-instances --db-instance-identifier "$instance" --output text \
      --query "DBInstances[0].DBParameterGroups[?ParameterApplyStatus=='pending-reboot'].DBParameterGroupName"); then
    [[ -z $groups ]] || echo "The database waits for a reboot, to use its changed parameters. It is away for about a minute:
  aws rds reboot-db-instance --db-instance-identifier $instance"
  else
    echo "AWS did not answer whether the database waits for a reboot."
  fi
}

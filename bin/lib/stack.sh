# Sourced by the scripts that use the deployed stack, after bin/lib/usage.sh. STACK_NAME is the stack's name, cruddur by
# default.
export STACK_NAME=${STACK_NAME:-cruddur}

# Reads the stack's outputs and parameters, for the functions output and parameter.
read_stack() {
  local query='Stacks[0].[Outputs[].[OutputKey,OutputValue],Parameters[].[ParameterKey,ParameterValue]][]'
  stack_values=$(aws cloudformation describe-stacks --stack-name "$STACK_NAME" --query "$query" --output text)
}

# Prints the value of a parameter or output, or nothing: parameter NAME
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

# Stops if these parameters give the deployed stack another engine and no snapshot with its data:
# refuse_other_engine PARAMETER=VALUE...
refuse_other_engine() {
  local each before page wanted='' snapshot=''
  for each; do
    case $each in
      DatabaseEngine=*) wanted=${each#*=} ;;
      DatabaseSnapshot=?*) snapshot=yes ;;
    esac
  done
  if [[ -z $wanted || $snapshot ]] || ! read_stack 2>/dev/null; then
    return 0
  fi
  # A stack without outputs has no data.
  page=$(parameter WebUrl)
  if [[ -z $page ]]; then
    return 0
  fi
  before=$(parameter DatabaseEngine)
  # Older stacks without the parameter have an instance of RDS for PostgreSQL.
  before=${before:-postgres}
  [[ $wanted == "$before" ]] ||
    fail "DatabaseEngine=$wanted would replace the database by an empty one, and leave the data of $before behind. docs/operations.md has the way with a snapshot; nothing was changed"
}

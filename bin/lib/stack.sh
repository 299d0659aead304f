# Sourced by the scripts that use what is deployed, after their `cd`. STACK_NAME is the stack's name, cruddur by default.
export STACK_NAME=${STACK_NAME:-cruddur}

# Stops unless these programs are here: require PROGRAM...
require() {
  local program
  for program; do
    command -v "$program" >/dev/null || { echo "${0##*/} needs $program, which was not found." >&2 && exit 1; }
  done
}

# Reads the stack: its outputs, for the function output, and the parameters it was deployed with, for parameter.
read_stack() {
  local query='Stacks[0].[Outputs[].[OutputKey,OutputValue],Parameters[].[ParameterKey,ParameterValue]][]'
  stack_values=$(aws cloudformation describe-stacks --stack-name "$STACK_NAME" --query "$query" --output text)
}

# Prints a parameter's value: parameter NAME
parameter() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' <<<"$stack_values"; }

# Prints an output's value, or stops if the stack has none of this name: output NAME
output() {
  parameter "$1" | grep . || { echo "The stack $STACK_NAME has no output $1; bin/deploy brings it up to date." >&2 && return 1; }
}

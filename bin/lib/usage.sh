# Sourced by the commands, after their `cd`. With -h or --help among the script's arguments, it prints the usage and ends
# the script.

case /$self in
  */tests/scripts/run) command=tests/scripts/run ;;
  *) command=bin/${self##*bin/} ;;
esac

# Prints the comment header of the running script, and exits: with 1 where it could not be printed.
usage() {
  if sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$command"; then
    exit 0
  fi
  exit 1
}

# Stops because of wrong arguments: misused WHY
misused() {
  echo "${self##*/}: $1; see $command -h" >&2
  exit 2
}

# Stops: fail WHY
fail() {
  echo "${self##*/}: $1" >&2
  exit 1
}

# Stops unless these programs are here: require PROGRAM...
require() {
  local program
  for program; do
    if ! command -v "$program" >/dev/null; then
      fail "$program was not found"
    fi
  done
}

# No pager, no prompts and JSON, for any AWS settings of the user.
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off AWS_DEFAULT_OUTPUT=json

# Version 2 of the AWS CLI reads AWS_REGION first. Version 1 and SAM read only the other.
[[ -z ${AWS_REGION:-} ]] || export AWS_DEFAULT_REGION=$AWS_REGION

for argument; do
  case $argument in
    -h | --help) usage ;;
  esac
done

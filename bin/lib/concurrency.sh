# Sourced by bin/deploy, after bin/lib/stack.sh: whether the functions' concurrency can be reserved.

# The executions that Lambda keeps for functions without a reservation (Lambda Developer Guide, "Configuring reserved
# concurrency for a function").
unreserved_minimum=100

# Prints the sum of the parameters that reserve concurrency, each from an argument, the stack or the template's default:
# reserved PARAMETER=VALUE...
reserved() {
  local name value before each sum=0 defaults
  defaults=$(awk '/^  [A-Z][A-Za-z]*Concurrency:$/ { name = $1; sub(/:/, "", name) }
    $1 == "Default:" && name { if (name != "ReserveConcurrency") print name, $2; name = "" }' template.yaml)
  while read -r name value; do
    before=$(parameter "$name")
    value=${before:-$value}
    for each; do
      [[ $each != "$name="* ]] || value=${each#*=}
    done
    [[ $value =~ ^[0-9]{1,6}$ ]] || misused "not a number: $name=$value"
    sum=$((sum + 10#$value))
  done <<<"$defaults"
  echo "$sum"
}

# Succeeds if the account allows the reservations of these parameters: can_reserve PARAMETER=VALUE...
can_reserve() {
  local available wanted reserves own=0
  available=$(aws lambda get-account-settings --query AccountLimit.UnreservedConcurrentExecutions --output text) || exit 1
  # The first time, there is no stack.
  read_stack 2>/dev/null || stack_values=
  wanted=$(reserved "$@") || exit
  reserves=$(parameter ReserveConcurrency)
  if [[ $reserves == true ]]; then
    own=$(reserved)
  fi
  ((available + own >= wanted + unreserved_minimum))
}

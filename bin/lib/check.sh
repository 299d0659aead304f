# Sourced by bin/check, after bin/lib/usage.sh and bin/lib/workspace.sh: checks, each of which prints a line.
red='' folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
error=$folder/error answer=$folder/answer

# Prints a line, whose result is ok, red or skip: line RESULT WHAT FOUND [WHAT TO DO]
line() {
  printf '%-4s %s: %s%s\n' "$1" "$2" "$3" "${4:+. $4}"
  [[ $1 != red ]] || red=yes
}

# Sets why to the beginning of a file, by default of a program's stderr: read_why [FILE]
read_why() {
  why=$(excerpt "${1:-$error}")
  why=${why:0:300}
  why=${why%[ .]}
}

# Checks the status of an HTTP response, and a pattern in its headers or body: check_http WHAT URL STATUS PATTERN WHAT TO DO
check_http() {
  local status why
  if ! status=$(call_curl --max-time 20 --dump-header "$folder/headers" --output "$folder/body" --write-out '%{http_code}' "$2" 2>"$error"); then
    read_why
    line red "$1" "$2 gave no answer ($why)" "$5"
  elif [[ $status != "$3" ]] || ! grep -qiE "$4" "$folder/headers" "$folder/body"; then
    why=$(excerpt "$folder/body")
    why=${why:0:150}
    line red "$1" "$2 answered $status${why:+ $why}" "$5"
  else
    line ok "$1" "$2 answers"
  fi
}

# Calls a function with an event that changes nothing, if it has one. Sets problem if the response is wrong, else found:
# check_call FUNCTION
check_call() {
  local event why
  problem='' found=''
  case $1 in
    MigrateFunction) event=events/migrate.json ;;
    # Those with a canary in template.yaml.
    PostConfirmationFunction | CreateActivityFunction | HomeActivitiesFunction) event=events/canary.json ;;
    *) return ;;
  esac
  if ! call "$1" "$event"; then
    read_why "$answer"
    problem=$why
  elif [[ $event == events/canary.json && $(<"$answer") != "{}" ]]; then
    read_why "$answer"
    problem="answered its canary with $why"
  else
    found="answers, reaches the database"
  fi
}

# Checks connection and migrations by the migrator's report: check_database [prod]
check_database() {
  local report tls pending
  report=$(<"$answer")
  tls=$(sed -n 's/.*"tls":"\([^"]*\)".*/\1/p' <<<"$report")
  if [[ $tls ]]; then
    line ok connection "MigrateFunction connects with $tls"
  elif [[ ${1:-} == prod ]]; then
    line red connection "MigrateFunction connects without TLS" "Its CONNECTION_URL needs sslmode=verify-full"
  else
    line ok connection "without TLS"
  fi
  pending=${report#*'"pending":['}
  if [[ $pending == "$report" ]]; then
    line red migrations "MigrateFunction answered ${report:0:300}"
    return
  fi
  pending=$(grep -o '"file":"[^"]*"' <<<"${pending%%]*}" | cut -d '"' -f 4 | paste -sd , -) || true
  if [[ $pending ]]; then
    line red migrations "pending ${pending//,/, }" "bin/db-migrate${1:+ prod} applies those of this checkout"
  else
    line ok migrations "all of the running version are applied"
  fi
}

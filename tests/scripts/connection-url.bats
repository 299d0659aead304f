# The bash reader of connection URLs, by the table that also tests the Java reader.
# bats file_tags=database
# shellcheck disable=SC1091,SC2034,SC2154,SC2164
bats_require_minimum_version 1.5.0

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
  . tests/scripts/servers.bash
  . bin/lib/usage.sh
  . bin/lib/connection-url.sh
  unset PGPASSWORD
}

# Runs a function for each line of the table, with the columns as its arguments: each_line FUNCTION
each_line() {
  local line columns count=0
  while IFS= read -r line; do
    [[ $line != "#"* ]] || continue
    # No column but the first is empty; a tab at the begin would be lost.
    IFS=$'\t' read -ra columns <<<"x$line"
    printf -v "columns[0]" %b "${columns[0]#x}"
    printf -v "columns[4]" %b "${columns[4]}"
    printf -v "columns[6]" %b "${columns[6]}"
    "$1" "${columns[@]}"
    count=$((count + 1))
  done <functions/database/src/test/resources/connection-urls.tsv
  echo "$count lines"
  ((count > 140))
}

# Prints the settings of a URL, decoded and sorted.
settings_of() {
  local setting value variable=url result=()
  [[ $1 == *@*\?* ]] || return 0
  while IFS= read -r setting; do
    decode setting value "$setting"
    result+=("$value")
  done < <(tr '&' '\n' <<<"${1##*\?}" | sort)
  echo "${result[*]}"
}

read_line() { # URL RESULT HOST PORT DATABASE USER PASSWORD SETTINGS
  local url='' server_url='' name='' user='' said host=$3 expected=$8 PGPASSWORD='' rest place
  if [[ $2 != accepted ]]; then
    said=$(parse_url PROD_CONNECTION_URL "$1" 2>&1) && status=0 || status=$?
    echo "$1: $status $said"
    [[ $status == 2 && $said == *": PROD_CONNECTION_URL is not valid: $2. Its form is "* ]]
    [[ $said != *Sup3r* && $said != *Secret* && $said != *Pa55* ]]
    return
  fi
  parse_url CONNECTION_URL "$1"
  echo "$1: $url $server_url $name $user $PGPASSWORD"
  [[ $host != *:* ]] || host="[$host]"
  [[ $url == *"@$host:$4/"* || $4 == 5432 && $url == *"@$host/"* ]]
  [[ $name == "$5" && $user == "$6" && ${PGPASSWORD:--} == "$7" ]]
  rest=${url#*@}
  place=${rest%%\?*}
  [[ $server_url == "${url%%@*}@${place%/*}/postgres${rest#"$place"}" ]]
  expected=${expected/prepareThreshold=0/}
  expected=${expected# }
  [[ "$(settings_of "$url")" == "${expected#-}" ]]
}

@test "each URL of the table is parsed or refused as in Java, in any locale" {
  local locale
  for locale in C C.UTF-8; do
    LC_ALL=$locale each_line read_line
  done
}

connect_line() { # URL RESULT HOST PORT DATABASE USER PASSWORD SETTINGS
  [[ $2 == accepted && $3 == 127.0.0.1 && $4 == 5432 ]] || return 0
  local at=127.0.0.1:$PROD_PORT quoted="\"${5//\"/\"\"}\"" result
  if server "create database $quoted" 2>/dev/null; then
    made+=("$quoted")
  fi
  parse_url CONNECTION_URL "${1/127.0.0.1*([:0-9])\//$at/}"
  result=$(psql -XqAtw -d "$url" -c "select current_database() || ' ' || session_user")
  echo "$url: $result"
  [[ $result == "$5 $6" ]]
  result=$(psql -XqAtw -d "$server_url" -c "select current_database() || ' ' || session_user")
  [[ $result == "postgres $6" ]]
}

# Runs SQL as the superuser of the server with TLS, through its socket.
server() { PGPASSWORD=postgres psql -XqAtw -v ON_ERROR_STOP=1 -h "$SERVERS/prod" -p "$PROD_PORT" -U postgres -d postgres -c "$1"; }

@test "psql reaches each database of the table, whatever its name" {
  shopt -s extglob
  local made=() database
  server "create role u login password 'p'"
  each_line connect_line
  for database in "${made[@]}"; do
    server "drop database $database"
  done
  server "drop role u"
}

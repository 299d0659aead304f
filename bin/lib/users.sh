# Sourced by bin/users-reconcile: compares the users of the pool with the rows, by files in $folder.

# Writes the subs that have a row, one JSON string a line: read_rows FILE
read_rows() { in_database -c "select to_json(cognito_user_id) from users" >"$folder/$1"; }

# Writes the file gone: a JSON array of the subs with a row and without a user in the pool.
find_gone() {
  jq -n --slurpfile pool "$folder/pool" --slurpfile rows "$folder/before" '
    ([$pool[0].Users[].Attributes[] | select(.Name == "sub") | {(.Value): true}] | add // {}) as $users
    | $rows | map(select($users[.] | not))' >"$folder/gone"
}

# Writes the file missing: for each user who needs a row and has none, a line with the sub, a tab, and Cognito's event.
find_missing() {
  jq -r --arg pool "$pool" --arg client "$client" --slurpfile rows "$folder/after" '
    ($rows | map({(.): true}) | add // {}) as $rows
    | .Users[]
    | select(.Enabled != false and (.UserStatus | test("^(CONFIRMED|EXTERNAL_PROVIDER|RESET_REQUIRED)$")))
    | (.Attributes | from_entries) as $attributes
    | select($rows[$attributes.sub] | not)
    | {
        version: "1", triggerSource: "PostConfirmation_ConfirmSignUp",
        region: ($pool | split("_")[0]), userPoolId: $pool, userName: .Username,
        callerContext: {awsSdkVersion: "users-reconcile", clientId: $client},
        request: {userAttributes: $attributes}, response: {}
      }
    | "\($attributes.sub)\t\(tojson)"' "$folder/pool" >"$folder/missing"
}

# Prints how many users of the pool are in each state.
states() {
  jq -r '
    [.Users[] | (if .Enabled == false then "disabled " else "" end) + .UserStatus]
    | group_by(.) | map("\(length) \(.[0])") | join(", ") | if . == "" then "nobody" else . end' "$folder/pool"
}

# Invokes the function with an event, and prints the result: confirm SUB EVENT. `ps` would show an event in an argument.
confirm() {
  local result=written
  printf %s "$2" >"$folder/event.json"
  aws lambda invoke --function-name "$function" --qualifier live --payload "fileb://$folder/event.json" \
    --query FunctionError --output text "$folder/answer.json" </dev/null >"$folder/function-error" &&
    [[ $(<"$folder/function-error") == None ]] || result=failed
  if [[ $result == failed ]]; then
    failures=$((failures + 1))
    [[ ! -s $folder/answer.json ]] || jq -r '.errorMessage // empty' "$folder/answer.json" >&2
  fi
  echo "$1 $result"
}

# Stops if the pool's list may be another pool's, empty or incomplete. Each user who is gone is looked up again.
check_gone() {
  local filter found
  if ((gone == rows)); then
    fail "no row belongs to a user of the pool $pool; is it this database's? Nothing was removed"
  fi
  jq -r '.[] | "sub = \(tojson)"' "$folder/gone" >"$folder/filters"
  while IFS= read -r filter; do
    found=$(aws cognito-idp list-users --user-pool-id "$pool" --filter "$filter" --query 'length(Users)' </dev/null)
    if [[ $found != 0 ]]; then
      fail "the pool's list was not whole: it lacks the user whose $filter. Nothing was removed"
    fi
  done <"$folder/filters"
}

# Removes the rows of the users who are gone, and their activities, in one statement. Others' replies stay.
remove_gone() {
  in_database <<'END'
\set gone `cat "$folder/gone"`
with gone as (
  select users.uuid as uuid
  from users
  where users.cognito_user_id in (select json_array_elements_text(:'gone'))
),
activities_removed as (
  delete from activities
  where activities.user_uuid in (select gone.uuid from gone)
)
delete from users
where users.uuid in (select gone.uuid from gone)
returning users.cognito_user_id || ' removed';
END
}

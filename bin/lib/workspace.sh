# Sourced by bin/rds-update-sg-rule, and by bin/check for excerpt and call_curl, after bin/lib/usage.sh: this workspace's
# name and address, and the call of the updater.

# Sets workspace to a machine's name, with hyphens for characters that are not allowed.
name_after() {
  workspace=$(LC_ALL=C tr '[:upper:]' '[:lower:]' <<<"$1")
  workspace=$(LC_ALL=C tr -cs 'a-z0-9' - <<<"$workspace")
  workspace=${workspace#-}
  workspace=${workspace:0:63}
  workspace=${workspace%-}
}

# Sets workspace to a cloud workspace's own name, or the user's and the machine's.
name_workspace() {
  local machine user each
  name_after "${GITPOD_WORKSPACE_ID:-${CODESPACE_NAME:-}}"
  machine=$({ hostname || uname -n || cat /etc/hostname; } 2>/dev/null) || true
  user=${USER:-$(id -un 2>/dev/null)} || true
  for each in "$machine" "${HOSTNAME:-}"; do
    if [[ ! $workspace ]]; then
      name_after "$each"
      [[ ! $workspace ]] || name_after "$user-$workspace"
    fi
  done
  [[ $workspace ]] || misused "this machine has no usable name: --workspace is needed"
}

# Prints the beginning of a file, on one line.
excerpt() {
  local text
  text=$(LC_ALL=C tr -s '[:cntrl:] ' ' ' <"$1")
  printf %s "${text:0:500}"
}

# Runs curl without ~/.curlrc, and without a proxy for this machine.
call_curl() {
  curl -q --ipv4 --silent --show-error --noproxy "localhost,127.0.0.1,${NO_PROXY:-${no_proxy:-}}" "$@"
}

# Sets address to this machine's public address, by an address service.
find_address() {
  local service=${CHECK_IP_URL:-https://checkip.amazonaws.com} why
  local part='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
  call_curl --fail --max-time 10 --output "$answer" "$service" || fail "$service did not answer"
  address=$(LC_ALL=C tr -d '[:space:]' <"$answer")
  if [[ ! $address =~ ^$part(\.$part){3}$ ]]; then
    why=$(excerpt "$answer")
    fail "$service answered no IPv4 address, but: ${why:0:100}"
  fi
  : >"$answer"
}

# Sends a signed request to the API. It uses IPv4, like the database: call_api METHOD PATH CURL-ARGUMENT...
call_api() {
  : "${API_URL:?API_URL is not set; export it, output ApiUrl of the stack}"
  : "${AWS_ACCESS_KEY_ID:?sign in to AWS first}" "${AWS_SECRET_ACCESS_KEY:?sign in to AWS first}"
  local method=$1 url=$API_URL status first why secrets until=$((SECONDS + 20)) told=
  while [[ $url == */ ]]; do url=${url%/}; done
  url+=/api/ingress$2
  shift 2
  # Process lists do not show standard input.
  secrets="user = \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\""
  [[ -z ${AWS_SESSION_TOKEN:-} ]] || secrets+=$'\n'"header = \"x-amz-security-token: $AWS_SESSION_TOKEN\""
  # The function serves one call at a time, and the API refuses the others. An array is a response of the function.
  while true; do
    status=$(call_curl --max-time 60 --config - --output "$answer" --write-out '%{http_code}' \
      --aws-sigv4 "aws:amz:$region:execute-api" --request "$method" "$@" "$url" <<<"$secrets")
    first=$(head -c 1 "$answer")
    if [[ $status != 429 && $status != 503 || $first == "[" ]] || ((SECONDS >= until)); then
      break
    fi
    [[ $told ]] || echo "The updater serves another call; trying again." >&2
    told=1
    sleep "$((RANDOM % 2)).$((RANDOM % 10))"
  done
  if [[ $status != 200 ]]; then
    why=$(excerpt "$answer")
    fail "the API answered $status $why"
  fi
}

# Invokes the function: call_function EVENT
call_function() {
  : "${INGRESS_FUNCTION:?the function is not known: export INGRESS_FUNCTION, output SecurityGroupUpdaterFunctionName of the stack}"
  local error why
  error=$(aws lambda invoke ${LAMBDA_ENDPOINT_URL:+--endpoint-url "$LAMBDA_ENDPOINT_URL"} --region "$region" \
    --function-name "$INGRESS_FUNCTION" --payload fileb:///dev/stdin \
    --query FunctionError --output text "$answer" <<<"$1")
  if [[ $error != None ]]; then
    why=$(excerpt "$answer")
    fail "the function failed: $why"
  fi
}

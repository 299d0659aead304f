# Sourced by bin/rds-update-sg-rule, after bin/lib/usage.sh: this workspace's name and address.

# Sets workspace to a machine's name, with a hyphen for whatever a workspace's name cannot have.
name_after() {
  workspace=$(LC_ALL=C tr '[:upper:]' '[:lower:]' <<<"$1")
  workspace=$(LC_ALL=C tr -cs 'a-z0-9' - <<<"$workspace")
  workspace=${workspace#-}
  workspace=${workspace:0:63}
  workspace=${workspace%-}
}

# Sets workspace to this workspace's own name, or the machine's.
name_workspace() {
  local machine each
  machine=$({ hostname || uname -n || cat /etc/hostname; } 2>/dev/null) || true
  for each in "${GITPOD_WORKSPACE_ID:-}" "${CODESPACE_NAME:-}" "$machine" "${HOSTNAME:-}"; do
    [[ $workspace ]] || name_after "$each"
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

# Sets address to this machine's, as an address service sees it.
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

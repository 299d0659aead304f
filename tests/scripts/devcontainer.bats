# The cloud workspace, as far as it can be tested outside of one.
# shellcheck disable=SC2164,SC2154

bats_require_minimum_version 1.5.0

setup() {
  load programs
  needs jq
  cd "$BATS_TEST_DIRNAME/../.."
  file=.devcontainer/devcontainer.json
}

# Runs a lifecycle command of the workspace as its tools do: by sh, in the repository.
at() {
  local command
  command=$(jq --exit-status --raw-output ".$1" "$file")
  shift
  run --separate-stderr env --ignore-environment PATH="$PATH" HOME="$HOME" "$@" sh -c "$command"
}

@test "a workspace has JDK 25 with Maven, Node, the AWS CLI, Docker, psql and SAM, and forwards the page's port alone" {
  jq --exit-status '
    (.features | with_entries(.key |= sub("^ghcr.io/devcontainers/features/"; ""))) as $features
    | $features["java:1"] == {version: "25", jdkDistro: "tem", installMaven: true}
    and ($features | has("node:1") and has("aws-cli:1") and has("docker-in-docker:2"))
    and .forwardPorts == [3000] and .otherPortsAttributes.onAutoForward == "ignore"' "$file"
  grep -q 'install .*postgresql-client-18' .devcontainer/install-packages
  grep -q 'pipx install aws-sam-cli' .devcontainer/install-packages
}

@test "each file that the workspace's commands name is there" {
  local command word count=0
  for command in onCreateCommand updateContentCommand postStartCommand; do
    for word in $(jq --exit-status --raw-output ".$command" "$file" | tr -d "'" | grep -oE '(^| )\.?(bin|devcontainer)/[a-z./-]*[a-z]'); do
      [[ -f $word ]]
      [[ $word == *.sh || -x $word ]]
      count=$((count + 1))
    done
    sh -n -c "$(jq --raw-output ".$command" "$file")"
  done
  ((count >= 3))
}

@test "without API_URL, a workspace starts without output" {
  at postStartCommand
  [[ $status == 0 && -z $output && -z $stderr ]]
  at postStartCommand API_URL=
  [[ $status == 0 && -z $output && -z $stderr ]]
}

@test "a workspace starts although the database cannot be opened to it, and says why" {
  . tests/scripts/servers.bash
  local api
  api=http://127.0.0.1:$(free_port)
  at postStartCommand API_URL="$api" AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret
  [[ $status == 0 && $stderr == *"connect"*"The database is still closed to this workspace"* ]]
  [[ $stderr != *secret* ]]

  at postStartCommand API_URL="$api"
  [[ $status == 0 && $stderr == *"sign in to AWS first"*"The database is still closed to this workspace"* ]]
}

@test "the script of the workspace's packages installs nothing when it is called with -h or wrongly" {
  run --separate-stderr .devcontainer/install-packages -h
  [[ $status == 0 && $output == "Summary: "* && -z $stderr ]]
  run --separate-stderr .devcontainer/install-packages --what
  [[ $status == 2 && -z $output && $stderr == *"unknown argument: --what" ]]
  # Stops the script where it would install.
  printf '#!/bin/sh\necho "apt-get $*" >&2\nexit 1\n' >"$BATS_TEST_TMPDIR/apt-get"
  chmod +x "$BATS_TEST_TMPDIR/apt-get"
  local arguments
  for arguments in '-h >/dev/full' '--help >&-'; do
    PATH=$BATS_TEST_TMPDIR:$PATH run bash -c ".devcontainer/install-packages $arguments"
    echo "$arguments exited $status: $output"
    [[ $status != 0 && $status != 2 && $output != *apt* ]]
  done
}

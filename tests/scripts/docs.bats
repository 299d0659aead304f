# The documentation names only things that exist.
# shellcheck disable=SC2164
bats_require_minimum_version 1.5.0

@test "every link, path and test class in the documentation exists" {
  cd "$BATS_TEST_DIRNAME/../.."
  run -0 python3 tests/scripts/docs.py
  [[ $output =~ ^all\ ([0-9]+)\ are\ there$ ]]
  ((BASH_REMATCH[1] > 300))
}

# Loaded by the tests that need a program which few machines have.

# Skips the test where a program is missing; in CI, that fails it: needs PROGRAM ...
needs() {
  local program
  for program; do
    command -v "$program" >/dev/null || missing "$program"
  done
}

missing() {
  [[ ${CI:-} != true ]] || { echo "$1 is missing" && return 1; }
  skip "$1 is missing"
}

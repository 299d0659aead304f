# Loaded by the tests that need a program which few machines have.

# Ends the test where a program is missing; in CI, that fails it.
needs() {
  command -v "$1" >/dev/null && return
  [[ ${CI:-} != true ]] || return 1
  skip "$1 is not here"
}

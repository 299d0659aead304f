# What the page decides without a browser, and how its library gets to it.
# shellcheck disable=SC2164

setup() {
  cd "$BATS_TEST_DIRNAME/../.."
}

# Ends the test where a program is missing; in CI, that fails it.
needs() {
  command -v "$1" >/dev/null && return
  [[ ${CI:-} != true ]] || return 1
  skip "$1 is not here"
}

@test "the page counts, tells time and has a sentence for each code" {
  needs node
  node --test web/tests/
}

# Gets the page's library with no npm in PATH.
fetch_without_npm() {
  mkdir -p none
  ln -sf "$(command -v rm)" none/rm
  PATH=$PWD/none fetch_page
}

# Goes to a folder that has, of the page, what npm reads.
visit_copy() {
  mkdir "$BATS_TEST_TMPDIR/web"
  cp web/package*.json "$BATS_TEST_TMPDIR/web"
  cd "$BATS_TEST_TMPDIR"
  . "$BATS_TEST_DIRNAME/../lib/page.sh"
}

@test "without npm there is no library, and bin/local can say so" {
  visit_copy
  if fetch_without_npm; then return 1; fi
  [[ ! -e web/oauth4webapi.js ]]
}

@test "the library is fetched once, until its version changes" {
  needs npm
  visit_copy
  fetch_page
  grep -q 'export async function authorizationCodeGrantRequest' web/oauth4webapi.js
  fetch_without_npm
  # Another version is not served in its place.
  touch -d '+1 minute' web/package-lock.json
  if fetch_without_npm; then return 1; fi
  [[ ! -e web/oauth4webapi.js ]]
}

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

@test "without npm the page is served as it is, and the script can say so" {
  mkdir "$BATS_TEST_TMPDIR/web"
  cp web/package*.json "$BATS_TEST_TMPDIR/web"
  cd "$BATS_TEST_TMPDIR"
  . "$BATS_TEST_DIRNAME/../lib/page.sh"
  if PATH=/nowhere fetch_page; then return 1; fi
  [[ ! -e web/oauth4webapi.js ]]
}

@test "the library is fetched once, until its version changes" {
  needs npm
  mkdir "$BATS_TEST_TMPDIR/web"
  cp web/package*.json "$BATS_TEST_TMPDIR/web"
  cd "$BATS_TEST_TMPDIR"
  . "$BATS_TEST_DIRNAME/../lib/page.sh"
  fetch_page
  grep -q 'export async function authorizationCodeGrantRequest' web/oauth4webapi.js
  PATH=/nowhere fetch_page
  touch -d '+1 minute' web/package-lock.json
  if PATH=/nowhere fetch_page; then return 1; fi
}

# The page's code that needs no browser, and the fetching of its library.
# shellcheck disable=SC2164

setup() {
  load programs
  cd "$BATS_TEST_DIRNAME/../.."
}

@test "the page counts, tells time and has a sentence for each code" {
  needs node
  node --test web/tests/
}

# Gets the page's library with no npm in PATH.
fetch_without_npm() {
  mkdir -p none
  ln -sf "$(command -v rm)" none/rm
  PATH=$PWD/none fetch_library
}

# Goes to a folder that has, of the page, what npm reads.
visit_copy() {
  . bin/lib/page.sh
  mkdir "$BATS_TEST_TMPDIR/web"
  cp web/package*.json "$BATS_TEST_TMPDIR/web"
  cd "$BATS_TEST_TMPDIR"
}

@test "without npm there is no library, and bin/local can say so" {
  visit_copy
  if fetch_without_npm; then return 1; fi
  [[ ! -e web/oauth4webapi.js ]]
}

@test "the library is fetched once, until its version changes" {
  needs npm
  visit_copy
  fetch_library
  grep -q 'export async function authorizationCodeGrantRequest' web/oauth4webapi.js
  fetch_without_npm
  # Another version is not served in its place.
  touch -d '+1 minute' web/package-lock.json
  if fetch_without_npm; then return 1; fi
  [[ ! -e web/oauth4webapi.js ]]
}

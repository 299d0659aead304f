# Every bash script of the repository, by shellcheck and shfmt.
# shellcheck disable=SC2164

setup() {
  load programs
  cd "$BATS_TEST_DIRNAME/../.."
  mapfile -t scripts < <(git ls-files --cached --others --exclude-standard bin .ci .devcontainer | grep -v '^bin/lib/\|\.py$\|\.json$')
  mapfile -t sourced < <(git ls-files --cached --others --exclude-standard bin/lib)
}

@test "shellcheck finds nothing" {
  needs shellcheck
  shellcheck --external-sources "${scripts[@]}"
  # Variables that these share with those who source them.
  shellcheck --shell=bash --exclude=SC2034,SC2154 "${sourced[@]}"
}

@test "shfmt -i 2 -ci changes nothing" {
  needs shfmt
  shfmt -i 2 -ci -d "${scripts[@]}" "${sourced[@]}"
}

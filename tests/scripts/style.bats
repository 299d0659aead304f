# Every bash script of the repository, by shellcheck and shfmt.
# shellcheck disable=SC2164
bats_require_minimum_version 1.5.0

setup() {
  load programs
  cd "$BATS_TEST_DIRNAME/../.."
  mapfile -t scripts < <(git ls-files --cached --others --exclude-standard bin tests/scripts .ci .devcontainer | grep -v '^bin/lib/\|\.py$\|\.json$')
  mapfile -t sourced < <(git ls-files --cached --others --exclude-standard bin/lib)
}

@test "shellcheck finds nothing" {
  needs shellcheck
  shellcheck --external-sources "${scripts[@]}"
  # Variables that these share with those who source them.
  shellcheck --shell=bash --exclude=SC2034,SC2154 "${sourced[@]}"
}

@test "no status is lost: not of a command inside another's argument, not of a guard" {
  needs shellcheck
  mapfile -t commands < <(printf '%s\n' "${scripts[@]}" | grep -v '\.bats$\|\.bash$')
  # 2312: a failing $(...) in an argument does not stop the script.
  shellcheck --external-sources --enable=check-extra-masked-returns --include=SC2312 "${commands[@]}"
  shellcheck --shell=bash --enable=check-extra-masked-returns --include=SC2312 "${sourced[@]}"
  # A guard whose first command fails does not stop it either.
  run ! grep -nE '&& *(exit|return)\b|(usage|misused|fail) *&&' "${commands[@]}" "${sourced[@]}"
}

@test "every command of bin/ begins alike" {
  local command header
  header=$(sed -n '/^if (return)/,/^\. bin.lib/p' bin/db-drop | grep -v '^\. ')
  [[ $(wc -l <<<"$header") == 8 ]]
  for command in $(find bin -maxdepth 1 -type f) tests/scripts/run; do
    echo "$command"
    [[ $(sed -n '/^if (return)/,/^\. bin.lib/{/^\. /d;/^caller=/d;s:/\.\./\.\."$:/..":;p;}' "$command") == "$header" ]]
  done
}

@test "shfmt -i 2 -ci changes nothing" {
  needs shfmt
  shfmt -i 2 -ci -d "${scripts[@]}" "${sourced[@]}"
}

# The rules for sql/migrations: those of squawk, and those that squawk cannot check.
# bats file_tags=database
# shellcheck disable=SC2154,SC2164
bats_require_minimum_version 1.5.0

setup() {
  load programs
  cd "$BATS_TEST_DIRNAME/../.."
}

# Runs squawk on a file, as a transaction unless its .conf says otherwise: squawk FILE [RULE ...], without these rules
squawk() {
  local file=$1 options=(--pg-version=16.0 --reporter=gcc)
  shift
  needs npm
  [[ -f tests/squawk/node_modules/.package-lock.json && ! tests/squawk/package-lock.json -nt tests/squawk/node_modules/.package-lock.json ]] ||
    npm ci --prefix tests/squawk --ignore-scripts --no-audit --no-fund --loglevel=error
  # The migrator sets both before each file: half a second for a lock, and no limit for a statement.
  set -- "$@" require-lock-timeout require-statement-timeout
  # The integers count replies, reposts and likes, which 32 bits hold.
  set -- "$@" prefer-bigint-over-int
  if [[ -f $file.conf ]]; then
    # Such a file first drops what a run before it may have left.
    set -- "$@" prefer-robust-stmts
  else
    options+=(--assume-in-transaction)
  fi
  tests/squawk/node_modules/.bin/squawk "${options[@]}" "${@/#/--exclude=}" "$file"
}

# Prints the statements of a file, one a line, without comments and bodies of functions.
statements() { sed 's/--.*//' "$1" | tr -s '[:space:]' ' ' | sed 's/\$\$[^$]*\$\$/$$/g; s/; */;\n/g' | sed 's/^ //'; }

# Prints the faults of a file that squawk does not find: faults FILE
faults() {
  local text builds tables
  text=$(statements "$1")
  builds=$(grep -ciE '^create (unique )?index concurrently ' <<<"$text") || true
  if [[ -f $1.conf ]]; then
    [[ $(<"$1.conf") == executeInTransaction=false ]] || echo "$1.conf says something else than executeInTransaction=false"
    ((builds == 1)) || echo "$1 runs outside a transaction, and builds $builds indexes concurrently, not one"
    ! grep -viE '^(set |drop index concurrently if exists |create (unique )?index concurrently |$)' <<<"$text" ||
      echo "$1 does more than to build an index concurrently"
    grep -qiE '^drop index concurrently if exists ' <<<"$text" || echo "$1 does not drop what a crash may have left"
  else
    ((builds == 0)) || echo "$1 builds an index concurrently inside a transaction"
    ! grep -iE '^set .*lock_timeout' <<<"$text" || echo "$1 sets another lock_timeout, and requests queue behind its lock"
  fi
  # A file that locks two, one after the other, can meet a request that has the second and wants the first.
  tables=$(grep -oiE '^alter table (only |if exists )*[a-z_."]+' <<<"$text" | sed 's/.* //' | sort -u | paste -sd' ' -)
  [[ $tables != *" "* ]] || echo "$1 locks more than one table: $tables"
  ! grep -iE '^(begin|commit|rollback|start transaction)\b' <<<"$text" || echo "$1 ends its transaction"
  if grep -qiE '^revoke all ' <<<"$text"; then
    [[ ! -f $1.conf ]] || echo "$1 revokes outside a transaction"
    grep -qiE '^grant ' <<<"$text" || echo "$1 revokes all, and grants nothing again"
  fi
}

# Writes a migration that breaks a rule: sample NAME TEXT
sample() { printf '%s\n' "$2" >"$BATS_TEST_TMPDIR/$1"; }

@test "squawk finds nothing in a migration" {
  local file
  for file in sql/migrations/*.sql; do
    echo "$file"
    case ${file##*/} in
      # A constraint that holds already proves it, so no row is read; and the index goes in an instant.
      V6__handle_key_required.sql) squawk "$file" adding-not-nullable-field require-concurrent-index-deletion ;;
      *) squawk "$file" ;;
    esac
  done
}

@test "squawk finds an index build that blocks, a column's other type, and a constraint that reads every row" {
  sample V1__x.sql "create index x on users (handle);"
  sample V2__x.sql "alter table users alter column handle type varchar(10);"
  sample V3__x.sql "alter table users add constraint x check (handle <> '');"
  run ! squawk "$BATS_TEST_TMPDIR"/V1__x.sql
  [[ $output == *require-concurrent-index-creation* ]]
  run ! squawk "$BATS_TEST_TMPDIR"/V2__x.sql
  [[ $output == *changing-column-type* ]]
  run ! squawk "$BATS_TEST_TMPDIR"/V3__x.sql
  [[ $output == *constraint-missing-not-valid* ]]
}

@test "a migration revokes with its grants, and a concurrent index is alone in its file" {
  local file found=''
  for file in sql/migrations/*.sql; do
    # It was applied with both, so it stays.
    [[ $file == */V2__handle_key.sql ]] || found+=$(faults "$file")
  done
  [[ $(faults sql/migrations/V2__handle_key.sql) == *"more than one table: activities users" ]]
  echo "$found"
  [[ -z $found ]]
}

@test "those rules find what breaks them" {
  cd "$BATS_TEST_TMPDIR"
  sample V1__x.sql "revoke all on users from x; grant select on users to x; commit;"
  [[ $(faults V1__x.sql) == *"ends its transaction"* ]]
  sample V4__x.sql "set local lock_timeout = '1min'; alter table users add column x text;"
  [[ $(faults V4__x.sql) == *"another lock_timeout"* ]]
  sample V5__x.sql "alter table users add column x text; alter table activities add column x text;"
  [[ $(faults V5__x.sql) == "V5__x.sql locks more than one table: activities users" ]]
  sample V5__x.sql "alter table users add column x text; alter table users add column y text;"
  [[ $(faults V5__x.sql) == "" ]]
  sample V2__x.sql "revoke all on users from x;"
  [[ $(faults V2__x.sql) == *"grants nothing again"* ]]
  sample V3__x.sql "drop index concurrently if exists x; create index concurrently x on users (handle);"
  [[ $(faults V3__x.sql) == *"inside a transaction"* ]]
  echo executeInTransaction=false >V3__x.sql.conf
  [[ $(faults V3__x.sql) == "" ]]
  sample V3__x.sql "create index concurrently x on users (handle); revoke all on users from x; grant select on users to x;"
  [[ $(faults V3__x.sql) == *"does more"*"does not drop"*"revokes outside"* ]]
}

@test "the versions follow each other, in SQL or in Java, and nothing else is there" {
  local file version expected=0 versions
  for file in sql/migrations/*; do
    [[ ${file##*/} =~ ^(V[1-9][0-9]*|R)__[a-z0-9_]+\.sql(\.conf)?$ ]]
    [[ $file != *.conf || -f ${file%.conf} ]]
  done
  versions=$(
    {
      find sql/migrations -name 'V*.sql' | sed 's:.*/V\([0-9]*\)__.*:\1:'
      grep -rhoE 'MigrationVersion.fromVersion\("[0-9]+"\)' functions/migrations/src/main | grep -oE '[0-9]+'
    } | sort -n
  )
  for version in $versions; do
    expected=$((expected + 1))
    [[ $version == "$expected" ]]
  done
  ((expected >= 6))
}

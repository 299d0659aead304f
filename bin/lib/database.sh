# Sourced by bin/db-*, after `set` and `cd`: chooses the database, and runs SQL on it.
. bin/lib/usage.sh
. bin/lib/stack.sh
. bin/lib/connection-url.sh

# The oldest version of PostgreSQL that the schema and the statements run on.
oldest_server=16

# Reads a script's arguments, and prints the chosen database on stderr: choose_database "OPTION ..." "$@"
# Sets target (local or prod), name, user, url, server_url (the database postgres beside it), and the options' variables.
choose_database() {
  local known=$1 where
  shift
  target=local destroy='' end_sessions='' watch='' dry_run='' apply='' remove_gone=''
  while (($#)); do
    # Shown up to the first colon: it may be a URL, with a password in it.
    [[ " prod $known " == *" ${1:-?} "* ]] || misused "unknown argument: ${1%%:*}"
    case $1 in
      prod) target=prod ;;
      --end-sessions) end_sessions=yes ;;
      --watch) watch=yes ;;
      --dry-run) dry_run=yes ;;
      --apply) apply=yes ;;
      --remove-gone) remove_gone=yes ;;
      --yes-destroy)
        destroy=${2:-}
        [[ $destroy ]] || misused "--yes-destroy needs the database's name"
        shift
        ;;
    esac
    shift
  done

  require_client
  # libpq reads some 30 variables, each of which could change the meaning of the URL.
  unset "${!PG@}" PSQLRC
  export PGAPPNAME=${self##*/} PGCLIENTENCODING=UTF8 PGCONNECT_TIMEOUT=5
  if [[ $target == local ]]; then
    parse_url CONNECTION_URL "${CONNECTION_URL:-postgresql://postgres:postgres@127.0.0.1:${POSTGRES_PORT:-54322}/cruddur}"
  else
    export PGSSLMODE=verify-full PGSSLROOTCERT=$PWD/functions/database/src/main/resources/rds-ca.pem
    [[ ${PROD_CONNECTION_URL:-} ]] || find_stack_database
    parse_url PROD_CONNECTION_URL "$PROD_CONNECTION_URL"
  fi
  # Host and port as libpq prints them. If the server does not answer, psql reports the reason later.
  where=$(pg_isready -t 1 -d "$url") || (($? < 3)) || misused "libpq does not take this URL"
  where=${where% - *}
  [[ $where != *:*:* ]] || where="[${where%:*}]:${where##*:}"
  echo "$where/$name as $user ($target)" >&2
}

require_client() {
  ! command -v psql >/dev/null || ! command -v pg_isready >/dev/null || return 0
  cat >&2 <<'END'
psql was not found. It comes with
  Debian, Ubuntu  apt-get install postgresql-client
  Fedora          dnf install postgresql
  macOS           brew install libpq && brew link --force libpq
END
  exit 1
}

# Runs SQL from stdin, or from psql's arguments, in the database. Results have no headings.
in_database() { psql -XqAtw -v ON_ERROR_STOP=1 -P pager=off -v name="$name" -d "$url" "$@" || return 1; }

# Runs SQL from stdin in the database postgres, since the other may be absent.
on_server() { psql -XqAtw -v ON_ERROR_STOP=1 -v name="$name" -d "$server_url" || return 1; }

# Sets state to absent, ordinary or production, and stops if the server is too old for the schema. The mark is the
# comment on the database, so it is the same for every URL.
read_state() {
  local found version
  found=$(on_server <<<"
    select
      case
        when count(*) = 0 then 'absent'
        when max(shobj_description(oid, 'pg_database')) like 'production:%' then 'production'
        else 'ordinary'
      end,
      current_setting('server_version_num')::integer / 10000
    from pg_database
    where datname = :'name'") || exit 1
  state=${found%|*} version=${found#*|}
  if ((version < oldest_server)); then
    fail "the server is PostgreSQL $version, and Cruddur needs $oldest_server or newer; nothing was changed"
  fi
}

mark_production() {
  on_server <<<"comment on database :\"name\" is 'production: the scripts ask before they destroy anything'"
  echo "Marked $name as production." >&2
}

# Asks for the name of a production database, and stops unless it is typed. Production is marked so, or chosen by prod:
# ask_before "drop it"
ask_before() {
  local answer=$destroy
  read_state
  if [[ -z $answer ]]; then
    [[ $state == production || $state == ordinary && $target == prod ]] || return 0
    if [[ ! -t 0 ]]; then
      echo "$name is a production database: without a terminal, only --yes-destroy and its name let this script $1." >&2
      exit 1
    fi
    printf '%s is a production database. Type its name to %s: ' "$name" "$1" >&2
    IFS= read -r answer || true
    # The token may have expired during the question.
    ((${#token_of[@]} == 0)) || fetch_token
  fi
  [[ $answer != "$name" ]] || return 0
  echo "That is not its name; nothing was changed." >&2
  exit 1
}

# Prints the sessions of the database: sessions URL [PSQL COMMAND]
sessions() {
  local list
  list=$(<sql/sessions/list.sql)
  psql -Xqw -P null=- -P pager=off -v ON_ERROR_STOP=1 -v name="$name" -d "$1" <<END
select quote_literal(:'name') as database \gset
$list
${2:-\g}
END
}

# Prints each table, except the migrations' history, with its number of rows.
row_counts() {
  in_database -P format=aligned -P tuples_only=off -P footer=off <<'END'
select string_agg(format('select %L as "table", count(*) as rows from %I', tablename, tablename), ' union all ' order by tablename)
from pg_tables
where schemaname = 'public' and tablename <> 'flyway_schema_history'
\gexec
END
}

# Sourced by bin/check, after bin/lib/database.sh and bin/lib/workspace.sh: the checks, each of which prints a line.
red='' folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
error=$folder/error

# Prints a line, whose result is ok, red, or skip where this machine cannot know: line RESULT WHAT FOUND [WHAT TO DO]
line() {
  printf '%-4s %s: %s%s\n' "$1" "$2" "$3" "${4:+. $4}"
  [[ $1 != red ]] || red=yes
}

# Sets why to the beginning of what a program said on stderr.
read_error() {
  why=$(excerpt "$error")
  why=${why:0:300}
  why=${why%[ .]}
}

# Checks an answer over HTTP, whose headers or body must have a pattern: answers WHAT URL STATUS PATTERN WHAT TO DO
answers() {
  local status why
  if ! status=$(call_curl --max-time 20 --dump-header "$folder/headers" --output "$folder/body" --write-out '%{http_code}' "$2" 2>"$error"); then
    read_error
    line red "$1" "$2 gave no answer ($why)" "$5"
  elif [[ $status != "$3" ]] || ! grep -qiE "$4" "$folder/headers" "$folder/body"; then
    why=$(excerpt "$folder/body")
    why=${why:0:150}
    line red "$1" "$2 answered $status${why:+ $why}" "$5"
  else
    line ok "$1" "$2 answers"
  fi
}

# What psql says of the connection: the version of TLS and its cipher.
tls() {
  choose_database "" ${1:+"$1"}
  in_database <<<"select case when ssl then version || ', ' || cipher else 'none' end from pg_stat_ssl where pid = pg_backend_pid()"
}

# Checks connection and migrations: check_database [prod]
check_database() {
  local found why
  if ! found=$(tls "$@" 2>"$error"); then
    read_error
    case ${1:-}:$why in
      prod:*timeout* | prod:*"timed out"* | prod:*"Connection refused"* | prod:*unreachable*)
        line skip connection "this machine does not reach the database ($why)" "bin/rds-update-sg-rule lets it in"
        line skip migrations "they cannot be seen from here"
        ;;
      *) line red connection "$why" ;;
    esac
    return
  fi
  if [[ $found == none && ${1:-} == prod ]]; then
    line red connection "without TLS" "Take the sslmode out of PROD_CONNECTION_URL"
  else
    line ok connection "TLS: $found"
  fi
  if ! found=$(bin/db-migrate "$@" --dry-run 2>"$error"); then
    read_error
    line red migrations "$why"
  elif [[ $found ]]; then
    line red migrations "${found//$'\n'/, }" "bin/db-migrate${1:+ prod} applies them"
  else
    line ok migrations "all are applied"
  fi
}

# Sourced by the scripts that migrate, after choose_database: runs functions/migrations on the chosen database.
. bin/lib/jdk.sh
. bin/lib/build.sh
migrator=functions/migrations/target/function.jar

# Checks that the migrations can run, before anything is changed.
prepare_migrator() {
  local begin
  if [[ $user == *"'"* ]]; then
    fail "Flyway, which runs the migrations, cannot do so for a user with a ' in the name"
  fi
  outdated "$migrator" pom.xml functions/{migrations,database,lambda}/{pom.xml,src/main} sql/migrations || return 0
  require mvn
  echo "Building the migrations ..." >&2
  begin=$(mktemp)
  mvn -B -ntp -q -pl functions/migrations -am package -Dmaven.test.skip=true -Dexec.skip=true \
    -Derror-prone=-Xdiags:compact -Dstyle.color=never </dev/null >&2 || fail "the migrations could not be built"
  # Maven does not write a jar again that would be the same. Files that were edited during the build stay newer.
  touch -r "$begin" "$migrator"
  rm -f "$begin"
}

# Applies or only prints the pending migrations, one line for each file: migrations [--dry-run]
migrations() {
  local password=${PGPASSWORD:-}
  prepare_migrator
  [[ $password ]] || password=$(pgpass_password)
  # Without a password, the migrator would sign in by IAM. A server that asks for none ignores this one.
  CONNECTION_URL=$url PGPASSWORD=${password:-none} STAGE='' \
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$migrator" cruddur.migrations.Main "$@" </dev/null
}

# Prints the password that libpq takes from ~/.pgpass (PostgreSQL manual, "The Password File").
pgpass_password() {
  local file=${HOME:-}/.pgpass server=${url#*@} host port database login password
  [[ -r $file ]] || return 0
  server=${server%%/*}
  [[ $server =~ :[0-9]+$ ]] || server+=:5432
  server=${server//[][]/}
  # shellcheck disable=SC2162 # A backslash quotes the next character.
  while IFS=: read host port database login password || [[ $host ]]; do
    if [[ $host == "*" || $host == "${server%:*}" ]] && [[ $port == "*" || $port == "${server##*:}" ]] &&
      [[ $database == "*" || $database == "$name" ]] && [[ $login == "*" || $login == "$user" ]]; then
      printf '%s\n' "$password"
      return
    fi
  done <"$file"
}

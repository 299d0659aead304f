# Run by bats once, before and after all tests: a local server, one that plays production, with TLS and its own CA, and a
# process that has loaded the AWS CLI. If the CLI is not a Python library, the tests call the program aws.

setup_suite() {
  cd "$BATS_TEST_DIRNAME/../.." || return 1
  . tests/scripts/servers.bash
  # Once, and where Maven finds its repository: the tests have another HOME.
  bash -euo pipefail -c 'self=run user=; . bin/lib/usage.sh; . bin/lib/migrations.sh; prepare_migrator'
  # Short, since a socket's path may have 107 bytes only.
  export SERVERS LOCAL_PORT PROD_PORT
  SERVERS=$(mktemp -d)
  # Without Debian's wrapper, whose Perl takes most of the time of a short psql.
  local program
  mkdir "$SERVERS/client"
  for program in /usr/lib/postgresql/*/bin/{psql,pg_isready}; do
    [[ ! -x $program ]] || ln -sf "$program" "$SERVERS/client"
  done
  export PATH=$SERVERS/client:$PATH
  python3 -W ignore tests/scripts/aws_cli.py "$SERVERS/client" 2>"$SERVERS/aws.log" 3>&- &
  echo $! >"$SERVERS/aws.pid"
  LOCAL_PORT=$(free_port)
  PROD_PORT=$(free_port)
  unpack_postgres "$SERVERS/binaries"
  make_certificates "$SERVERS"
  make_cluster "$SERVERS/binaries" "$SERVERS/local"
  cp -r "$SERVERS/local" "$SERVERS/prod"
  printf '%s\n' "local all all scram-sha-256" "hostssl all all all scram-sha-256" >"$SERVERS/prod/pg_hba.conf"
  start_server "$SERVERS/binaries" "$SERVERS/local" "$LOCAL_PORT"
  start_server "$SERVERS/binaries" "$SERVERS/prod" "$PROD_PORT" \
    ssl=on ssl_cert_file="$SERVERS/server.pem" ssl_key_file="$SERVERS/server.key"
  while [[ ! -x $SERVERS/client/aws ]] && kill -0 "$(<"$SERVERS/aws.pid")" 2>/dev/null; do sleep 0.1; done
}

teardown_suite() {
  kill "$(<"$SERVERS/aws.pid")" 2>/dev/null || true
  stop_server "$SERVERS/local"
  stop_server "$SERVERS/prod"
  rm -rf "$SERVERS"
}

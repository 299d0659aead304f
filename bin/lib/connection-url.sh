# Sourced by bin/lib/database.sh: what a connection URL says, with the password kept out of sight.

# libpq takes a URL as an argument only, and arguments are everybody's to read in `ps`. So the password is cut out, just
# where libpq would find it, and handed over in the environment; all else stays as it was written, for libpq to take apart.
# What libpq would split in a surprising place is refused, since its message would repeat a piece of the password.
take_apart() { # NAME URL
  local host='(\[[^]@/?]*]|[^]:@/?,[]*)(:[0-9]*)?'
  local form="^(postgres(ql)?://)(([^:@/]*)(:([^@/]*))?@)?($host(,$host)*)/([^@/?]+)([?].*)?$"
  local bad_escape='%(.?$|[^0-9A-Fa-f]|.[^0-9A-Fa-f]|00)'
  local unwanted='[?&][^=&]*(%|user|password|dbname|secret|scram)[^=&]*='
  if [[ $2 =~ $bad_escape || $2 =~ $unwanted || ! $2 =~ $form ]]; then
    misused "$1 is not of the form postgresql://user:password@host:port/database?name=value,
  with the characters @ / ? % in a name or the password written as %40 %2F %3F %25"
  fi
  local scheme=${BASH_REMATCH[1]} login=${BASH_REMATCH[4]} password=${BASH_REMATCH[6]} hosts=${BASH_REMATCH[7]}
  local database=${BASH_REMATCH[13]} parameters=${BASH_REMATCH[14]}
  url=$scheme${login:+$login@}$hosts/$database$parameters
  server_url=$scheme${login:+$login@}$hosts/postgres$parameters
  decode name "$database"
  [[ $login ]] || login=$(id -un)
  decode user "$login"
  [[ -z $password ]] || decode PGPASSWORD "$password"
  export PGPASSWORD=${PGPASSWORD:-}
}

# Undoes percent-encoding: decode VARIABLE TEXT
decode() {
  local text=${2//\\/\\\\}
  printf -v "$1" %b "${text//%/\\x}"
}

# Sets PROD_CONNECTION_URL to the deployed stack's database, and PGPASSWORD to what lets its user in: the master user's
# password from Secrets Manager, since RDS refuses passwords to whoever may use tokens; for anybody else a token.
find_stack() {
  local stack=${STACK_NAME:-cruddur} admin=${PROD_DATABASE_USER:-cruddur_admin} outputs key value
  local host='' port=5432 database='' secret=''
  command -v aws >/dev/null || misused "PROD_CONNECTION_URL is not set, and aws, which would find the stack's database, is not here"
  outputs=$(aws cloudformation describe-stacks --stack-name "$stack" \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output text) || exit 1
  while read -r key value; do
    case $key in
      DatabaseEndpoint) host=$value ;;
      DatabasePort) port=$value ;;
      DatabaseName) database=$value ;;
      DatabaseSecretArn) secret=$value ;;
    esac
  done <<<"$outputs"
  if [[ -z $host || -z $database ]]; then
    echo "The stack $stack has no outputs DatabaseEndpoint and DatabaseName; set PROD_CONNECTION_URL instead." >&2
    exit 1
  fi
  if [[ $secret && $admin == cruddur_admin ]]; then
    require jq
    PGPASSWORD=$(aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text) || exit 1
    PGPASSWORD=$(jq -r .password <<<"$PGPASSWORD") || exit 1
  else
    PGPASSWORD=$(aws rds generate-db-auth-token --hostname "$host" --port "$port" --username "$admin") || exit 1
  fi
  PROD_CONNECTION_URL=postgresql://$admin@$host:$port/$database
}

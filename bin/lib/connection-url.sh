# Sourced by bin/lib/database.sh: parses a connection URL, and keeps its password secret.

# The grammar is that of ConnectionUrl.java, in whose Javadoc it stands; connection-urls.tsv tests both. An error quotes
# only the name of a setting, since any other part may belong to a password.
# psql takes the URL as an argument, which all users can read in `ps`. So the password is cut out, and goes into the
# environment. Settings that only pgjdbc has are left out; the rest stays unchanged.
# Sets url, server_url (the database postgres beside it), name, user and PGPASSWORD: parse_url NAME URL
parse_url() {
  # With LC_ALL=C, each byte is a character, in any locale.
  local LC_ALL=C variable=$1 scheme=${2%%://*}:// rest=${2#*://} userinfo place path settings=''
  check_characters "$2"
  [[ $2 == postgresql://* || $2 == postgres://* ]] || invalid "the URL does not begin with postgresql://"
  userinfo=${rest%%@*}
  [[ $rest == *@* && $userinfo ]] || invalid "the URL has no user; it needs user@ before the host"
  rest=${rest#*@}
  [[ $rest != *@* ]] || invalid "the URL has more than one @; inside a name or password write %40"
  [[ $userinfo != */* ]] || invalid "the URL has a / before the @; inside a name or password write %2F"
  decode user user "${userinfo%%:*}"
  [[ $userinfo != *:* ]] || decode password PGPASSWORD "${userinfo#*:}"
  export PGPASSWORD=${PGPASSWORD:-}
  place=${rest%%\?*}
  [[ $place == */* ]] || invalid "the URL has no database"
  path=${place#*/}
  [[ $path != */* ]] || invalid "the URL has a second path segment; inside a database's name write %2F"
  check_server "${place%%/*}"
  decode database name "$path"
  [[ $rest != *\?* ]] || read_settings "${rest#*\?}"
  url=$scheme${userinfo%%:*}@$place$settings
  server_url=$scheme${userinfo%%:*}@${place%%/*}/postgres$settings
}

check_characters() { # URL
  local end=${1##*[![:cntrl:]]}
  [[ $1 ]] || invalid "the URL is empty"
  [[ ${1%"$end"} != *[[:cntrl:]]* ]] || invalid "the URL has a control character"
  [[ -z $end ]] || invalid "the URL ends in a control character"
  [[ $1 != *" "* ]] || invalid "the URL has a blank; inside a name or password write %20"
  [[ $1 != *[!\ -~]* ]] || invalid "the URL has a character that is not ASCII; write it percent-encoded"
}

check_server() { # HOST[:PORT]
  local host=$1 port=5432 form='^([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*])$'
  local behind=${1#*]}
  if [[ $behind == *:* ]]; then
    port=${behind#*:} host=${1%":$port"}
  fi
  [[ $1 != *,* ]] || invalid "the URL has more than one host"
  [[ $host =~ $form ]] || invalid "the URL has no valid host"
  [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || port=0
  ((port > 0 && port <= 65535)) || invalid "the port is not a number from 1 to 65535"
}

# Checks the settings, and collects those that libpq has.
read_settings() { # NAME=VALUE[&...]
  local rest=$1'&' setting name value allowed seen=' '
  while [[ $rest ]]; do
    setting=${rest%%&*} rest=${rest#*&} name=${setting%%=*} allowed=.
    [[ $setting == ?*=* && ${setting#*=} != *=* && $name ]] || invalid "a setting is not of the form name=value"
    case $name in
      sslmode) allowed='^(disable|allow|prefer|require|verify-ca|verify-full)$' ;;
      sslrootcert) allowed='^/.' ;;
      channel_binding) allowed='^(disable|prefer|require)$' ;;
      connect_timeout) allowed='^[1-9][0-9]{0,2}$' ;;
      application_name) ;;
      prepareThreshold) allowed='^[0-9]{1,3}$' ;;
      *)
        [[ $name =~ ^[a-z_]{1,30}$ ]] && name="the setting $name" || name="a setting"
        invalid "$name is unknown; known are sslmode, sslrootcert, channel_binding, connect_timeout, application_name and prepareThreshold"
        ;;
    esac
    decode "setting $name" value "${setting#*=}"
    [[ $value =~ $allowed ]] || invalid "the setting $name has a value that is not allowed"
    [[ $seen != *" $name "* ]] || invalid "the setting $name occurs twice"
    seen+="$name "
    [[ $name == prepareThreshold ]] || settings+="${settings:+&}$setting"
  done
  settings=${settings:+?$settings}
}

# Undoes percent-encoding: decode PART VARIABLE TEXT
decode() {
  local hex='[0-9A-Fa-f]' next='%[89ABab][0-9A-Fa-f]' text=${3//\\/\\\\}
  local utf8="%[0-7]$hex|%([Cc][2-9A-Fa-f]|[Dd]$hex)$next|%[Ee](0%[ABab]$hex|[1-9A-Ca-cEFef]$next|[Dd]%[89]$hex)$next"
  utf8="^([^%]|$utf8|%[Ff](0%[9ABab]$hex|[1-3]$next|4%8$hex)$next$next)*\$"
  local escapes="^([^%]|%$hex$hex)*\$" control="%([01]$hex|7[Ff]|[Cc]2%[89]$hex)"
  [[ $text ]] || invalid "the $1 is empty"
  [[ $text =~ $escapes ]] || invalid "the $1 has a % that is no escape; write %25"
  [[ $text =~ $utf8 ]] || invalid "the $1 has escapes that are not UTF-8"
  [[ ! $text =~ $control ]] || invalid "the $1 has an encoded control character"
  printf -v "$2" %b "${text//%/\\x}"
}

# Stops because a URL does not match the grammar: invalid REASON
invalid() {
  misused "$variable is not valid: $1. Its form is postgresql://user[:password]@host[:port]/database[?setting=value&...]"
}

# Arguments for a new token; empty if the password is not a token.
token_of=()

# Sets PGPASSWORD to a new token for the stack's user, valid for 15 minutes.
fetch_token() {
  PGPASSWORD=$(aws rds generate-db-auth-token "${token_of[@]}") || exit 1
}

# Sets PROD_CONNECTION_URL to the deployed stack's database, and PGPASSWORD to a token.
find_stack_database() {
  local admin=${PROD_DATABASE_USER:-cruddur_admin} host port database
  command -v aws >/dev/null || misused "PROD_CONNECTION_URL is not set, and aws, which would find the stack's database, is not here"
  read_stack || exit 1
  host=$(output DatabaseEndpoint) && port=$(output DatabasePort) && database=$(output DatabaseName) || exit 1
  token_of=(--hostname "$host" --port "$port" --username "$admin")
  fetch_token
  PROD_CONNECTION_URL=postgresql://$admin@$host:$port/$database
}

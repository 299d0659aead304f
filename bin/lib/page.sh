# Sourced by the scripts of bin/, after their `cd`: the part of web/ that is not ours.

# Puts the OpenID Connect client, which signs people in, beside the page's own modules.
fetch_page() {
  [[ ! web/oauth4webapi.js -nt web/package-lock.json ]] || return 0
  rm -f web/oauth4webapi.js
  command -v npm >/dev/null || return
  npm ci --prefix web --ignore-scripts --fetch-retries=1 --no-audit --no-fund --loglevel=error >&2 || return
  cp web/node_modules/oauth4webapi/build/index.js web/oauth4webapi.js
}

# Sourced by the scripts of bin/, after their `cd`: the library of the home page, and the page's upload.

# Copies the OpenID Connect client, with which users sign in, to the page's own modules.
fetch_library() {
  [[ ! web/oauth4webapi.js -nt web/package-lock.json ]] || return 0
  rm -f web/oauth4webapi.js
  command -v npm >/dev/null || return
  npm ci --prefix web --ignore-scripts --fetch-retries=1 --no-audit --no-fund --loglevel=error >&2 || return
  cp web/node_modules/oauth4webapi/build/index.js web/oauth4webapi.js
}

# Uploads the page and its settings to the stack's bucket. After bin/lib/stack.sh and read_stack.
upload_page() {
  local bucket issuer client login distribution
  bucket=$(output WebBucket)
  issuer=$(output Issuer)
  client=$(output UserPoolClientId)
  login=$(output LoginUrl)
  distribution=$(output WebDistributionId)
  # Browsers ask each time whether a file has changed; CloudFront keeps them until the invalidation below.
  aws s3 sync web "s3://$bucket" --delete --exclude config.json --exclude "node_modules/*" --exclude "package*.json" --exclude "tests/*" \
    --cache-control "max-age=0, s-maxage=86400" >&2
  aws s3 cp - "s3://$bucket/config.json" --content-type application/json --cache-control "max-age=0, s-maxage=86400" >&2 <<END
{
  "api": "",
  "issuer": "$issuer",
  "client_id": "$client",
  "authorization_endpoint": "$login/oauth2/authorize",
  "sign_up_endpoint": "$login/signup",
  "token_endpoint": "$login/oauth2/token",
  "revocation_endpoint": "$login/oauth2/revoke",
  "end_session_endpoint": "$login/logout"
}
END
  aws cloudfront create-invalidation --distribution-id "$distribution" --paths '/*' >/dev/null
}

// The session: OpenID Connect's authorization code flow with PKCE, at the identity service of config.json.
// The tokens stay in this tab's session storage. The page never receives a password.

import { Problem, TIME_LIMIT, noResponse } from "./api.js";
import { load, store } from "./storage.js";
import { now } from "./time.js";

const SCOPE = "openid email profile";
const MARGIN = 60_000; // milliseconds: a token that expires within this time is renewed first
const VISIBLE_ASCII = /^[!-~]+$/;
const LIBRARY = "./oauth4webapi.js";
const ENDPOINTS = [
  "authorization_endpoint", "sign_up_endpoint", "token_endpoint", "revocation_endpoint", "end_session_endpoint",
];
const home = location.origin; // without a slash at the end, since Cognito compares the text

let configuration = {};
let session = load("session", isSession);
let renewal;

/** Whether a stored value is a session. A token with other characters cannot be sent in a header. */
function isSession(it) {
  return typeof it.access === "string" && VISIBLE_ASCII.test(it.access) && typeof it.person?.name === "string";
}

/** The user's `name` and `handle`, or undefined if nobody is signed in. */
export function person() {
  return session?.person;
}

/** Sets the configuration. Relative endpoints are resolved against the page's origin. */
export function configure(read) {
  configuration = { ...read };
  ENDPOINTS.filter((name) => read[name]).forEach((name) => (configuration[name] = new URL(read[name], home).href));
}

/** Goes to the login page, or to its sign-up form. */
export async function signIn({ signUp = false } = {}) {
  const endpoint = signUp ? configuration.sign_up_endpoint : configuration.authorization_endpoint;
  if (!endpoint) throw new Problem(["sign_in_unknown"]);
  const oauth = await library();
  const pending = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier() };
  const address = new URL(endpoint);
  const parameters = {
    response_type: "code",
    client_id: configuration.client_id,
    redirect_uri: home,
    scope: SCOPE,
    state: pending.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  };
  Object.entries(parameters).forEach(([name, value]) => address.searchParams.set(name, value));
  if (!store("pending", pending)) throw new Problem(["sign_in_not_stored"]);
  location.assign(address);
}

/** The login page's response, which this removes from the address bar; undefined if there is none. */
export function takeResponse() {
  const response = new URLSearchParams(location.search);
  if (!response.has("state") || !(response.has("code") || response.has("error"))) return undefined;
  history.replaceState(null, "", location.pathname);
  return response;
}

/** Makes a session of the login page's response. */
export async function completeSignIn(response) {
  const pending = load("pending", (it) => typeof it.state === "string" && typeof it.verifier === "string");
  store("pending", undefined);
  if (!pending) throw new Problem(["sign_in_forgotten"]);
  const oauth = await library();
  const [server, client] = serverAndClient(oauth);
  await storeTokens(oauth, async () => {
    const code = oauth.validateAuthResponse(server, client, response, pending.state);
    const tokenResponse = await oauth.authorizationCodeGrantRequest(
      server, client, oauth.None(), code, home, pending.verifier, options(oauth));
    return oauth.processAuthorizationCodeResponse(server, client, tokenResponse);
  }, "sign_in_refused");
}

/** A valid access token, renewed if necessary. */
export async function accessToken() {
  if (!session) throw new Problem(["sign_in_ended"], 401);
  if (Date.now() > session.expires - MARGIN) await renew();
  return session.access;
}

/** Fetches new tokens, once for all callers at a time. */
export function renew() {
  renewal ??= refresh().finally(() => (renewal = undefined));
  return renewal;
}

/** Drops the tokens of this tab. */
export function forget() {
  keep(undefined);
}

/** Drops the tokens, revokes them, and goes to the identity service, which ends its session, too. */
export function signOut() {
  revoke(session?.refresh);
  forget();
  if (!configuration.end_session_endpoint) return location.reload();
  const address = new URL(configuration.end_session_endpoint);
  address.searchParams.set("client_id", configuration.client_id);
  // Cognito's parameter, then OpenID Connect's. No token is sent, since it would stay in the history.
  address.searchParams.set("logout_uri", home);
  address.searchParams.set("post_logout_redirect_uri", home);
  location.assign(address);
}

/**
 * Revokes a refresh token (Amazon Cognito Developer Guide, "The token revocation endpoint"). The page does not wait for
 * the request, which continues after the page is closed. The user is signed out here in any case.
 */
function revoke(token) {
  const { client_id, revocation_endpoint } = configuration;
  if (!token || !revocation_endpoint) return;
  const body = new URLSearchParams({ token, client_id });
  fetch(revocation_endpoint, { method: "POST", body, keepalive: true }).catch(() => undefined);
}

async function refresh() {
  const oauth = await library();
  const [server, client] = serverAndClient(oauth);
  await storeTokens(oauth, async () => {
    if (!session?.refresh) throw new Problem(["sign_in_ended"], 401);
    const tokenResponse = await oauth.refreshTokenGrantRequest(
      server, client, oauth.None(), session.refresh, options(oauth));
    return oauth.processRefreshTokenResponse(server, client, tokenResponse);
  }, "sign_in_ended");
}

/** Stores the tokens of a request. A refusal ends the session; a lost connection does not. */
async function storeTokens(oauth, request, refusal) {
  try {
    const tokens = await request();
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    keep({
      access: tokens.access_token,
      refresh: tokens.refresh_token ?? session?.refresh,
      expires: Date.now() + tokens.expires_in * 1000,
      person: claims
        ? { name: claims.name ?? claims.preferred_username ?? claims.email, handle: claims.preferred_username }
        : session?.person,
    });
  } catch (failure) {
    if (failure.name === "TimeoutError" || failure.name === "TypeError") throw noResponse(failure);
    // For a 5xx, the library's error has only the response.
    const status = failure.status ?? failure.cause?.status;
    if (status === 429 || status >= 500) throw new Problem(["unreachable"]);
    keep(undefined);
    throw new Problem([refusal], 401);
  }
}

function keep(tokens) {
  session = tokens;
  store("session", tokens);
}

/** The identity service and this page, in the library's form. */
function serverAndClient(oauth) {
  const { issuer, token_endpoint, client_id } = configuration;
  // Seconds; the reader's clock may be wrong by this much.
  const clock = { [oauth.clockSkew]: Math.round((now() - Date.now()) / 1000) };
  return [{ issuer, token_endpoint }, { client_id, ...clock }];
}

function options(oauth) {
  return {
    signal: AbortSignal.timeout(TIME_LIMIT),
    // bin/local has no TLS. A page over TLS may not send requests without TLS.
    [oauth.allowInsecureRequests]: location.protocol === "http:",
  };
}

/** The library, loaded when it is needed: readers do not need it. */
async function library() {
  try {
    return await import(LIBRARY);
  } catch (failure) {
    const there = await fetch(LIBRARY, { method: "HEAD" }).catch(() => undefined);
    throw there?.status === 404 ? new Problem(["sign_in_missing"]) : noResponse(failure);
  }
}

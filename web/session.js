// Who is signed in: OpenID Connect's authorization code flow with PKCE, against what config.json names.
// The tokens stay in this tab's session storage; the page never sees a password.

import { Problem, TIME_LIMIT, unanswered } from "./api.js";
import { load, store } from "./storage.js";
import { now } from "./time.js";

const SCOPE = "openid email profile";
const MARGIN = 60_000; // milliseconds: a token this near to its end is renewed first
const VISIBLE_ASCII = /^[!-~]+$/;
const LIBRARY = "./oauth4webapi.js";
const ENDPOINTS = [
  "authorization_endpoint", "sign_up_endpoint", "token_endpoint", "revocation_endpoint", "end_session_endpoint",
];
const home = location.origin; // Cognito compares it letter by letter: no slash at its end

let configuration = {};
let session = load("session", isSession);
let renewal;

/** Whether a stored value is a session. A token with other characters cannot be sent in a header. */
function isSession(it) {
  return typeof it.access === "string" && VISIBLE_ASCII.test(it.access) && typeof it.person?.name === "string";
}

/** The signed-in person's `name` and `handle`; undefined for a stranger. */
export function person() {
  return session?.person;
}

/** Takes note of where the identity service is: with an origin of its own, or below the page's. */
export function configure(read) {
  configuration = { ...read };
  ENDPOINTS.filter((name) => read[name]).forEach((name) => (configuration[name] = new URL(read[name], home).href));
}

/** Leaves for the login page, or for its sign-up form. */
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

/** The answer of the login page, taken out of the address bar; undefined where there is none. */
export function takeAnswer() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return undefined;
  history.replaceState(null, "", location.pathname);
  return answer;
}

/** Turns the login page's answer into a session. */
export async function completeSignIn(answer) {
  const pending = load("pending", (it) => typeof it.state === "string" && typeof it.verifier === "string");
  store("pending", undefined);
  if (!pending) throw new Problem(["sign_in_forgotten"]);
  const oauth = await library();
  const [server, client] = parties(oauth);
  await granted(oauth, async () => {
    const code = oauth.validateAuthResponse(server, client, answer, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server, client, oauth.None(), code, home, pending.verifier, options(oauth));
    return oauth.processAuthorizationCodeResponse(server, client, response);
  }, "sign_in_refused");
}

/** An access token that is good for a while, renewed in silence where need be. */
export async function accessToken() {
  if (!session) throw new Problem(["sign_in_ended"], 401);
  if (Date.now() > session.expires - MARGIN) await renew();
  return session.access;
}

/** Fetches new tokens. However many ask at once, it happens once. */
export function renew() {
  renewal ??= refresh().finally(() => (renewal = undefined));
  return renewal;
}

/** Forgets the tokens, since the API does not take them. */
export function forget() {
  keep(undefined);
}

/** Forgets the tokens, has them revoked, and leaves for the identity service, which forgets the person as well. */
export function signOut() {
  revoke(session?.refresh);
  forget();
  if (!configuration.end_session_endpoint) return location.reload();
  const address = new URL(configuration.end_session_endpoint);
  address.searchParams.set("client_id", configuration.client_id);
  // Cognito's parameter, then OpenID Connect's. Neither gets a token, which would stay in the history.
  address.searchParams.set("logout_uri", home);
  address.searchParams.set("post_logout_redirect_uri", home);
  location.assign(address);
}

/**
 * Revokes a refresh token (Amazon Cognito Developer Guide, "The token revocation endpoint"). The request outlives the
 * page, which does not wait for it: who signs out is signed out here, whatever becomes of it.
 */
function revoke(token) {
  const { client_id, revocation_endpoint } = configuration;
  if (!token || !revocation_endpoint) return;
  const body = new URLSearchParams({ token, client_id });
  fetch(revocation_endpoint, { method: "POST", body, keepalive: true }).catch(() => undefined);
}

async function refresh() {
  const oauth = await library();
  const [server, client] = parties(oauth);
  await granted(oauth, async () => {
    if (!session?.refresh) throw new Problem(["sign_in_ended"], 401);
    const response = await oauth.refreshTokenGrantRequest(
      server, client, oauth.None(), session.refresh, options(oauth));
    return oauth.processRefreshTokenResponse(server, client, response);
  }, "sign_in_ended");
}

/** Keeps the tokens that a request is granted; a refusal ends the session, a lost connection does not. */
async function granted(oauth, request, refusal) {
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
    if (failure.name === "TimeoutError" || failure.name === "TypeError") throw unanswered(failure);
    // Of a 5xx the library tells the response alone.
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

/** The identity service and this page, as the library has them. */
function parties(oauth) {
  const { issuer, token_endpoint, client_id } = configuration;
  // Seconds; a token is not refused because the reader's clock is wrong.
  const clock = { [oauth.clockSkew]: Math.round((now() - Date.now()) / 1000) };
  return [{ issuer, token_endpoint }, { client_id, ...clock }];
}

function options(oauth) {
  return {
    signal: AbortSignal.timeout(TIME_LIMIT),
    // bin/local has no TLS; a page that came by TLS cannot speak without.
    [oauth.allowInsecureRequests]: location.protocol === "http:",
  };
}

/** The library, loaded once it is needed, since readers do without. */
async function library() {
  try {
    return await import(LIBRARY);
  } catch (failure) {
    const there = await fetch(LIBRARY, { method: "HEAD" }).catch(() => undefined);
    throw there?.status === 404 ? new Problem(["sign_in_missing"]) : unanswered(failure);
  }
}

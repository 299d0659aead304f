// The data plane's HTTP API: what it answers, or a Problem that says in its code what went wrong.

const TIME_LIMIT = 20_000; // milliseconds
const JSON_TYPE = "application/json";

let base = "";

/** Something that a person has to be told; problems.js has a sentence for each code. */
export class Problem extends Error {
  /**
   * @param {string[]} codes the API's, or one of ours: offline, unreachable, timeout, http_STATUS
   * @param {number} status the answer's; 0 without one
   * @param {number} wait seconds after which to try again
   */
  constructor(codes, status = 0, wait = 0) {
    super(codes.join(", "));
    this.codes = codes;
    this.status = status;
    this.wait = wait;
  }
}

/** Reads config.json: where the API and the identity service are. */
export async function readConfiguration() {
  const configuration = await (await request("/config.json")).json();
  base = configuration.api ?? "";
  return configuration;
}

/** A page of the feed: the first, or the one at the address of another's `next`. */
export async function readFeed(address = `${base}/api/activities/home`) {
  const response = await request(address);
  return {
    activities: await response.json(),
    next: nextPage(response.headers.get("link"), response.url),
    // The server's clock, for readers whose own is wrong.
    now: Date.parse(response.headers.get("date")) || Date.now(),
  };
}

/** Posts a crud and answers with the activity. Repeated with the same key, it posts once. */
export async function postCrud({ message, ttl, key }, token) {
  const response = await request(`${base}/api/activities`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": JSON_TYPE, "idempotency-key": key },
    body: JSON.stringify({ message, ttl }),
  });
  return response.json();
}

/** The address in a Link header whose relation is `next`; undefined without one. */
export function nextPage(link, origin) {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? "")?.[1];
  return target && new URL(target, origin).href;
}

async function request(address, options) {
  let response;
  try {
    response = await fetch(address, { ...options, signal: AbortSignal.timeout(TIME_LIMIT) });
  } catch (failure) {
    throw unanswered(failure);
  }
  if (!response.ok) {
    throw new Problem(await codes(response), response.status, Number(response.headers.get("retry-after")) || 0);
  }
  return response;
}

/** What a request is called that got no answer. */
export function unanswered(failure) {
  if (failure.name === "TimeoutError") return new Problem(["timeout"]);
  return new Problem([navigator.onLine ? "unreachable" : "offline"]);
}

/** The function's codes, or the status alone when the gateway answered in its place. */
async function codes(response) {
  const body = await response.json().catch(() => undefined);
  return Array.isArray(body) && body.length > 0 ? body.map(String) : [`http_${response.status}`];
}

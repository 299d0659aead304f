// Calls of the HTTP API. Each returns the API's data, or throws a Problem with the codes of the error.

import { setServerTime } from "./time.js";

export const TIME_LIMIT = 20_000; // milliseconds

let base = "";

/** An error that the user must see; problems.js has a sentence for each code. */
export class Problem extends Error {
  /**
   * @param {string[]} codes the API's, or the page's own: offline, unreachable, timeout, http_STATUS, sign_in_*, storage_*
   * @param {number} status of the response; 0 without one
   * @param {number} wait seconds until the next attempt may succeed
   */
  constructor(codes, status = 0, wait = 0) {
    super(codes.join(", "));
    this.codes = codes;
    this.status = status;
    this.until = Date.now() + wait * 1000; // milliseconds, by this browser's clock
  }
}

/** Reads config.json: where the API and the identity service are. */
export async function readConfiguration() {
  const { body } = await request("/config.json");
  base = body.api ?? "";
  return body;
}

/** Reads a page of the feed: the first, or the one at the `next` address of another page. */
export async function readFeed(address = `${base}/api/activities/home`) {
  const { body, response } = await request(address);
  return { activities: body, next: nextPage(response.headers.get("link"), response.url) };
}

/** The address of the page of the feed that begins after an activity. */
export function pageAfter(uuid) {
  return `${base}/api/activities/home?before=${uuid}`;
}

/** Posts an activity and returns it. A repeat with the same key posts it once. */
export async function postCrud({ message, ttl, key }, token) {
  const { body } = await request(`${base}/api/activities`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ message, ttl }),
  });
  return body;
}

/** The address in a Link header whose relation is `next`; undefined without one. */
export function nextPage(link, origin) {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? "")?.[1];
  return target && new URL(target, origin).href;
}

/** The Problem of a request that got no response. */
export function noResponse(failure) {
  if (failure.name === "TimeoutError") return new Problem(["timeout"]);
  return new Problem([navigator.onLine ? "unreachable" : "offline"]);
}

async function request(address, options) {
  let response, text;
  try {
    response = await fetch(address, { ...options, signal: AbortSignal.timeout(TIME_LIMIT) });
    text = await response.text();
  } catch (failure) {
    throw noResponse(failure);
  }
  readClock(response.headers);
  const body = parse(text);
  if (!response.ok) {
    throw new Problem(codes(body, response.status), response.status, Number(response.headers.get("retry-after")) || 0);
  }
  // A body that is not JSON comes from a network in between, such as a hotel's.
  if (body === undefined) throw new Problem(["unreachable"]);
  return { response, body };
}

/** Reads the server's time. A response from a cache has its age. */
function readClock(headers) {
  const date = Date.parse(headers.get("date"));
  if (date) setServerTime(date + Number(headers.get("age")) * 1000);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The function's codes, or only the status of a response of the gateway. */
function codes(body, status) {
  return Array.isArray(body) && body.length > 0 ? body.map(String) : [`http_${status}`];
}

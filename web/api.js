// The data plane's HTTP API: what it answers, or a Problem that says in its code what went wrong.

import { serverTimeIs } from "./time.js";

export const TIME_LIMIT = 20_000; // milliseconds

let base = "";

/** Something that a person has to be told; problems.js has a sentence for each code. */
export class Problem extends Error {
  /**
   * @param {string[]} codes the API's, or one of ours: offline, unreachable, timeout, http_STATUS, sign_in_*
   * @param {number} status the answer's; 0 without one
   * @param {number} wait seconds after which to try again
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

/** A page of the feed: the first, or the one at the address of another's `next`. */
export async function readFeed(address = `${base}/api/activities/home`) {
  const { body, response } = await request(address);
  return { activities: body, next: nextPage(response.headers.get("link"), response.url) };
}

/** The address of the page that begins after an activity. */
export function pageAfter(uuid) {
  return `${base}/api/activities/home?before=${uuid}`;
}

/** Posts a crud and answers with the activity. Repeated with the same key, it posts once. */
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

/** What a request is called that got no answer. */
export function unanswered(failure) {
  if (failure.name === "TimeoutError") return new Problem(["timeout"]);
  return new Problem([navigator.onLine ? "unreachable" : "offline"]);
}

async function request(address, options) {
  let response, text;
  try {
    response = await fetch(address, { ...options, signal: AbortSignal.timeout(TIME_LIMIT) });
    text = await response.text();
  } catch (failure) {
    throw unanswered(failure);
  }
  readClock(response.headers);
  const body = parse(text);
  if (!response.ok) {
    throw new Problem(codes(body, response.status), response.status, Number(response.headers.get("retry-after")) || 0);
  }
  // What is no JSON comes from somebody in between, such as a hotel's network.
  if (body === undefined) throw new Problem(["unreachable"]);
  return { response, body };
}

/** Learns the server's time; an answer that a cache has kept tells its age. */
function readClock(headers) {
  const date = Date.parse(headers.get("date"));
  if (date) serverTimeIs(date + Number(headers.get("age")) * 1000);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The function's codes, or the status alone when the gateway answered in its place. */
function codes(body, status) {
  return Array.isArray(body) && body.length > 0 ? body.map(String) : [`http_${status}`];
}

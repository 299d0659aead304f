// The form for a crud, which posts it once, also after faults and reloads.

import { postCrud } from "./api.js";
import { add } from "./feed.js";
import { showProblem, showStatus, clearProblem } from "./notices.js";
import { LIMIT, codePoints, invalidCodes, isRetryable, sentence } from "./problems.js";
import { accessToken, forget, renew } from "./session.js";
import { load, store } from "./storage.js";
import { clock, expiry } from "./time.js";

const form = document.getElementById("compose");
const text = document.getElementById("message");
const ttl = document.getElementById("ttl");
const post = document.getElementById("post");
const counter = document.getElementById("counter");

const KEY = /^[!-~]{1,255}$/; // the idempotency keys that the API accepts
const LONGEST_PAUSE = 5_000; // milliseconds: the longest wait before a request; where the server asks for more, the page says when

let sending = false;
let last; // the problem of the last attempt; the next attempt must wait until its `until`

/**
 * Restores an unfinished crud, and starts the form.
 *
 * @param {(why: string) => void} signedOut called when the user must sign in again
 */
export function start(signedOut) {
  const draft = readDraft();
  text.value = draft?.message ?? "";
  if ([...ttl.options].some(({ value }) => value === draft?.ttl)) ttl.value = draft.ttl;
  text.addEventListener("input", changed);
  ttl.addEventListener("change", changed);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(signedOut);
  });
  count();
}

/** Drops the unfinished crud. */
export function clear() {
  store("draft", undefined);
  text.value = "";
  count();
}

/** The unfinished crud, or undefined. */
function readDraft() {
  return load("draft", (it) => typeof it.message === "string" && (it.key === undefined || KEY.test(it.key)));
}

/** Another text or time to live is another crud, which gets a key of its own when it is sent. */
function changed() {
  store("draft", { message: text.value, ttl: ttl.value });
  text.removeAttribute("aria-invalid");
  clearProblem("post");
  count();
}

async function send(signedOut) {
  if (sending) return;
  const codes = invalidCodes(text.value);
  if (codes.length > 0) return refuse({ codes });
  const draft = { message: text.value, ttl: ttl.value, key: readDraft()?.key ?? crypto.randomUUID() };
  store("draft", draft);
  const wait = (last?.until ?? 0) - Date.now();
  if (wait > LONGEST_PAUSE) {
    failed(last, signedOut);
    return showStatus(`Not before ${clock(last.until)}.`);
  }
  busy(true);
  try {
    await new Promise((resolve) => setTimeout(resolve, wait));
    published(await authorized((token) => postCrud(draft, token)));
  } catch (problem) {
    failed(problem, signedOut);
  } finally {
    busy(false);
  }
}

/** Calls with an access token. If the API refuses it, the call is repeated once with a new one. */
async function authorized(call) {
  try {
    return await call(await accessToken());
  } catch (problem) {
    if (!hasCode(problem, "http_401")) throw problem;
    await renew();
    return call(await accessToken());
  }
}

function published(activity) {
  clear();
  clearProblem("post");
  add(activity);
  showStatus(`Posted. It ${expiry(Date.parse(activity.expires_at))}.`);
}

function failed(problem, signedOut) {
  last = problem;
  if (hasCode(problem, "sign_in_ended") || hasCode(problem, "http_401")) {
    forget();
    signedOut(sentence(problem));
  } else if (isRetryable(problem)) {
    showProblem("post", `${sentence(problem)} It will not be posted twice.`, { label: "Try again", act: () => send(signedOut) });
  } else {
    // The next attempt needs another key, since the API has refused this one.
    store("draft", { message: text.value, ttl: ttl.value });
    refuse(problem);
  }
}

function refuse(problem) {
  text.setAttribute("aria-invalid", "true");
  showProblem("post", sentence(problem));
  text.focus();
}

function hasCode(problem, code) {
  return problem.codes?.includes(code);
}

function busy(value) {
  const focused = document.activeElement;
  sending = value;
  post.disabled = value;
  text.readOnly = value;
  ttl.disabled = value;
  form.ariaBusy = String(value);
  if (value) {
    clearProblem("post");
    showStatus("Posting …");
    // A disabled button loses the focus; it gets the focus back below.
    if (focused !== text) form.dataset.focus = "post";
  } else if (form.dataset.focus) {
    delete form.dataset.focus;
    if (focused === document.body) post.focus();
  }
}

function count() {
  const length = codePoints(text.value);
  counter.textContent = `${length} of ${LIMIT}`;
  counter.classList.toggle("near", length > LIMIT - 20 && length <= LIMIT);
  counter.classList.toggle("over", length > LIMIT);
}

// A sentence for each code of an error, with the remedy.

import { clock } from "./time.js";

export const LIMIT = 280;

// The invisible characters of cruddur.lambda.VisibleText; a test compares the two.
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const SENTENCES = {
  // The API's own codes.
  json_malformed: "The server could not read this crud. Reload the page and post it again.",
  token_not_allowed: "This sign-in may not post. Sign out and in again.",
  user_not_found: "Your account is not ready to post yet. Copy your crud, sign out and sign in again.",
  body_too_large: "This crud is far too large. Shorten it and post it again.",
  content_type_unsupported: "The server could not read this crud. Reload the page and post it again.",
  ttl_blank: "Choose how long the crud is shown.",
  message_blank: "Write something first: there is nothing to see in this crud.",
  message_exceed_max_chars: `This crud is too long. Shorten it to ${LIMIT} characters.`,
  message_characters_invalid: "This crud holds a character that cannot be stored. Type it again, without pasting.",
  idempotency_key_invalid: "The server did not accept this attempt. Press “Post crud” again.",
  idempotency_key_reused: "An earlier version of this crud was posted already. Press “Post crud” to post this one too.",
  posts_too_frequent:
    "You have reached the limit on how many cruds one person may post in a short time. Your crud is kept: try again after {time}.",
  internal_error: "Something broke on our side. Try again in a moment.",
  database_unavailable: "Cruddur’s database is not available right now. Try again in a moment.",
  // The gateway's own responses.
  http_401: "Your sign-in has run out. Sign in again; your crud is kept.",
  http_403: "This sign-in may not do that. Sign out and in again.",
  http_413: "This crud is far too large. Shorten it and post it again.",
  http_429: "Too many people are here at once. Try again in a moment.",
  // No response.
  offline: "You are offline. Connect, and try again.",
  unreachable: "Cruddur does not answer. Check your connection, or try again in a moment.",
  timeout: "Cruddur took too long to answer. Try again in a moment.",
  // Signing in.
  sign_in_ended: "Your sign-in has run out. Sign in again; your crud is kept.",
  sign_in_refused: "Signing in did not work out. Try again.",
  sign_in_forgotten: "That sign-in was not begun in this tab. Sign in here.",
  sign_in_missing: "Signing in on this page needs a part that is not here. In bin/local, install Node and start it again.",
  sign_in_unknown: "This page has no sign-in address.",
  sign_in_not_stored: "Signing in is not possible here, because this browser stores nothing for this page.",
  // The browser's storage for the page.
  storage_blocked:
    "This browser does not let this page store anything: you can read, but not sign in. Allow site data for this page, then reload it.",
  storage_full:
    "This tab has no room left to store anything: a reload loses your sign-in and what you write. Open the page in a new tab.",
  storage_unreadable: "What this tab had stored was damaged and is gone. You may have to sign in again.",
};

/** The text of a Problem: one sentence for each of its codes. */
export function sentence(problem) {
  const codes = problem.codes ?? ["internal_error"];
  const sentences = codes.map((code) => SENTENCES[code] ?? `Something went wrong (${code}). Try again in a moment.`);
  return sentences.join(" ").replace("{time}", () => clock(problem.until));
}

/** Whether the same request may succeed later. */
export function isRetryable(problem) {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** The server's codes for an invalid message, as far as the page can check it. */
export function invalidCodes(message) {
  if (isBlank(message)) return ["message_blank"];
  return codePoints(message) > LIMIT ? ["message_exceed_max_chars"] : [];
}

/** Whether no character is visible. */
export function isBlank(text) {
  return INVISIBLE.test(text);
}

/** The length of a text as the server counts it, in code points: an emoji family has several. */
export function codePoints(text) {
  return [...text].length;
}

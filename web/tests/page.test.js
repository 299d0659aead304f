// What the page decides without a browser. tests/scripts/page.bats runs it; the rest is tested in one.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Problem, nextPage, pageAfter } from "../api.js";
import { codePoints, invalidCodes, isRetryable, sentence } from "../problems.js";
import { ago, clock, expiry, keyMoment, now, setServerTime } from "../time.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const root = new URL("../../", import.meta.url);

test("a crud's length counts code points, as the server does", () => {
  assert.equal(codePoints("💚".repeat(280)), 280);
  assert.equal(codePoints("👩‍👩‍👧"), 5);
  assert.equal(codePoints("e\u0301"), 2);
  assert.equal(codePoints(""), 0);
});

test("a crud is refused before it is sent when it is blank or too long, and at 280 is not", () => {
  assert.deepEqual(invalidCodes(" \n\t"), ["message_blank"]);
  assert.deepEqual(invalidCodes("\u200b\u2800\u3164\u{e0041}\ufe0f\u00a0\0"), ["message_blank"]);
  assert.deepEqual(invalidCodes("\u200f\u06dd"), []);
  assert.deepEqual(invalidCodes("💚".repeat(281)), ["message_exceed_max_chars"]);
  assert.deepEqual(invalidCodes("💚".repeat(280)), []);
});

test("the next page is where the Link header says, seen from the API", () => {
  const link = '</api/activities/home?limit=20&before=0198>; rel="next"';
  assert.equal(nextPage(link, "https://api.example/api/activities/home"), "https://api.example/api/activities/home?limit=20&before=0198");
  assert.equal(nextPage('</a>; rel="prev", </b>; rel="next"', "https://api.example/"), "https://api.example/b");
  assert.equal(nextPage(null, "https://api.example/"), undefined);
  assert.equal(nextPage('</a>; rel="prev"', "https://api.example/"), undefined);
});

test("a list that was cut goes on after its last crud", () => {
  const address = new URL(pageAfter("0198f5a0-0000-7000-8000-000000000000"), "https://api.example");
  assert.equal(address.href, "https://api.example/api/activities/home?before=0198f5a0-0000-7000-8000-000000000000");
});

test("a key has its moment in its first 12 digits", () => {
  // RFC 9562, appendix A.6.
  assert.equal(keyMoment("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), Date.parse("2022-02-22T19:22:22Z"));
  assert.equal(keyMoment("019b7cc3-98c4-7000-8000-000000000000"), 0x019b7cc398c4);
});

test("moments are told in the largest unit that fits", () => {
  assert.equal(ago(0, 44_000), "just now");
  assert.equal(ago(0, MINUTE), "1 minute ago");
  assert.equal(ago(0, 59 * MINUTE), "59 minutes ago");
  assert.equal(ago(0, 100 * 1000), "2 minutes ago");
  assert.equal(ago(0, 23 * HOUR), "23 hours ago");
  assert.equal(ago(0, 5 * HOUR), "5 hours ago");
  assert.equal(ago(0, 3 * DAY), "3 days ago");
  assert.equal(ago(1000, 0), "just now");
  assert.equal(expiry(7 * DAY - 1000, 0), "expires in 7 days");
  assert.equal(expiry(12 * HOUR - 1000, 0), "expires in 12 hours");
  assert.equal(expiry(HOUR - 1000, 0), "expires in 1 hour");
  assert.equal(expiry(10_000, 0), "expires any moment");
});

test("a clock time is the next full minute", () => {
  const at = (minutes, seconds) => clock(new Date(2026, 0, 2, 15, minutes, seconds).getTime());
  assert.equal(at(42, 1), at(43, 0));
  assert.equal(at(42, 59), at(43, 0));
  assert.notEqual(at(43, 1), at(43, 0));
  assert.match(at(43, 0), /3:43\sPM|15:43/);
});

test("the server's clock is the one that counts", () => {
  setServerTime(Date.now() + DAY);
  assert.ok(Math.abs(now() - Date.now() - DAY) < MINUTE);
  setServerTime(Date.now());
});

test("each code of a response to a POST has a sentence of its own", () => {
  const codes = sources().flatMap(codesIn);
  assert.ok(["message_blank", "user_not_found", "internal_error"].every((code) => codes.includes(code)), codes.join());
  codes.forEach((code) => assert.doesNotMatch(sentence(new Problem([code])), /Something went wrong/, code));
});

test("an author at the limit reads when to try again, which stays true", () => {
  const early = Date.now();
  const problem = new Problem(["posts_too_frequent"], 429, 240);
  assert.ok(problem.until >= early + 240_000 && problem.until <= Date.now() + 240_000);
  assert.ok(sentence(problem).endsWith(` Your crud is kept: try again after ${clock(problem.until)}.`), sentence(problem));
  assert.ok(isRetryable(problem));
});

test("a user without a row is sent to sign in again, which writes it", () => {
  assert.match(sentence(new Problem(["user_not_found"], 404)), /sign out and sign in again\.$/);
});

test("an unknown code has a sentence too, and several codes have theirs in turn", () => {
  assert.equal(sentence(new Problem(["brand_new"])), "Something went wrong (brand_new). Try again in a moment.");
  assert.equal(sentence(new TypeError("a bug")), sentence(new Problem(["internal_error"])));
  assert.match(sentence(new Problem(["ttl_blank", "message_blank"])), /shown\. Write/);
});

test("trying again is offered for what may pass by itself", () => {
  assert.ok(isRetryable(new Problem(["timeout"])));
  assert.ok(isRetryable(new Problem(["database_unavailable"], 503)));
  assert.ok(isRetryable(new Problem(["http_429"], 429)));
  assert.ok(!isRetryable(new Problem(["message_blank"], 422)));
});

/** The Java sources that respond to a POST. PageRequest is the feed's, and this page sends no invalid one. */
function sources() {
  const folders = ["functions/lambda/src/main/java/cruddur/lambda/", "functions/activities/src/main/java/cruddur/activities/"];
  const files = folders.flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => folder + name));
  return files.filter((file) => !file.endsWith("/PageRequest.java")).map((file) => readFileSync(new URL(file, root), "utf8"));
}

function codesIn(source) {
  return [...source.matchAll(/\b(?:codes\.add|invalid|error)\(\s*(?:\d+, )?"(\w+)"/g)].map(([, code]) => code);
}

// Times in words, and in the reader's time zone.

const MINUTE = 60_000; // milliseconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const hourAndMinute = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

// The server's clock minus this one, milliseconds.
let ahead = 0;

/** Sets the server's time, since a reader's clock may be wrong. */
export function setServerTime(milliseconds) {
  ahead = milliseconds - Date.now();
}

/** The server's time, milliseconds. */
export function now() {
  return Date.now() + ahead;
}

/** Such as "5 minutes ago". */
export function ago(moment, at = now()) {
  const age = at - moment;
  return age < 45_000 ? "just now" : words(-age);
}

/** Such as "expires in 7 days". */
export function expiry(moment, at = now()) {
  const rest = moment - at;
  return rest < 45_000 ? "expires any moment" : `expires ${words(rest)}`;
}

/** Date and time, such as "Friday, January 2, 2026 at 4:04:05 AM GMT+1". */
export function inFull(moment) {
  return exact.format(moment);
}

/** A time rounded up to the minute, such as "3:43 PM", since most clocks show no seconds. */
export function clock(moment) {
  return hourAndMinute.format(Math.ceil(moment / MINUTE) * MINUTE);
}

/** The time of a key: the first 12 digits of a UUIDv7 are milliseconds since 1970 (RFC 9562, section 5.7). */
export function keyMoment(uuid) {
  return Number.parseInt(uuid.replace("-", "").slice(0, 12), 16);
}

function words(difference) {
  const minutes = Math.round(difference / MINUTE);
  const hours = Math.round(difference / HOUR);
  if (Math.abs(minutes) < 60) return relative.format(minutes || Math.sign(difference), "minute");
  if (Math.abs(hours) < 24) return relative.format(hours, "hour");
  return relative.format(Math.round(difference / DAY), "day");
}

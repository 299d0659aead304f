// The home feed: newest first, older ones on demand. New cruds do not move the reader's place.

import { pageAfter, readFeed } from "./api.js";
import { showProblem, showStatus, clearProblem } from "./notices.js";
import { sentence } from "./problems.js";
import { ago, expiry, inFull, keyMoment, now } from "./time.js";

const REFRESH = 30_000; // milliseconds
const TICK = 10_000; // milliseconds
const MOST = 200; // cruds that stay in the list when its reader is at the top
// Milliseconds: a crud may appear below others that are younger by up to this time. Its key is made when the call begins.
// The statement begins within 6 seconds (sql/activities/home.sql) and commits within 8, except at a process's first
// connection. The clocks of two environments differ by about one.
const LATE = 10_000;
const HUES = 6; // as many as style.css has

const list = document.getElementById("feed");
const template = document.getElementById("crud");
const fresh = document.getElementById("fresh");
const older = document.getElementById("older");
const note = document.getElementById("note");

const waiting = { activities: [], next: undefined, hasGap: false }; // a new page that waits behind a button
let next; // address of the next older page
let newest = 0; // time of the newest key of a page; from `next` up to this time minus LATE, the list has every crud
let refreshing = false;
let paging = false;

const end = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && readOlder(), { rootMargin: "300px" });
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => offerRest(target)));

document.body.dataset.state = "loading";
describe("Loading the feed …");

/** Shows the feed and updates it. */
export function start() {
  fresh.addEventListener("click", showWaiting);
  older.addEventListener("click", readOlder);
  list.addEventListener("click", ({ target }) => target.matches(".more") && showRest(target));
  end.observe(older);
  setInterval(tick, TICK);
  setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
  addEventListener("online", refresh);
  addEventListener("offline", () => describe("You are offline; this is the feed as it last was."));
  return refresh();
}

/** Inserts an activity at its place, once. */
export function add(activity) {
  if (find(activity.uuid)) return;
  const item = render(activity);
  // Keys are sorted by time (UUID version 7).
  const after = [...list.children].find((each) => each.dataset.uuid < activity.uuid);
  list.insertBefore(item, after ?? null);
  updateState();
}

/** Shows that the feed could not be read, where there is nothing else to see. */
export function fail(problem, act) {
  document.body.dataset.state = "error";
  showProblem("feed", sentence(problem), { label: "Try again", act });
  describe("The feed could not be loaded.");
}

async function refresh() {
  if (refreshing) return;
  refreshing = true;
  try {
    const page = await readFeed();
    clearProblem("feed");
    describe();
    merge(page);
    readOn();
  } catch (problem) {
    showReadFailure(problem);
  } finally {
    refreshing = false;
    tick();
  }
}

/** Shows the newest page: at once if the reader is at the top, else behind a button. */
function merge(page) {
  const { activities } = page;
  const first = list.childElementCount === 0;
  // True if the list is empty, or cruds may be missing between it and this page. "Older cruds" fills the gap.
  const hasGap = first || (page.next !== undefined && keyMoment(activities.at(-1).uuid) > newest - LATE);
  Object.assign(waiting, { activities, next: page.next, hasGap });
  if (first || scrollY < list.offsetTop) {
    showNewPage();
  } else {
    announce();
  }
}

function showNewPage() {
  const { activities } = waiting;
  if (waiting.hasGap) {
    const keys = new Set(activities.map(({ uuid }) => uuid));
    [...list.children].filter(({ dataset }) => !keys.has(dataset.uuid)).forEach(remove);
    next = waiting.next;
  }
  activities.forEach(add);
  if (activities.length > 0) newest = keyMoment(activities[0].uuid);
  Object.assign(waiting, { activities: [], hasGap: false });
  trim();
  announce();
  updateState();
}

/** Cuts the list, since a tab may be open for days: its reader is at the top, or goes there. "Older cruds" continues from there. */
function trim() {
  const rest = [...list.children].slice(MOST);
  if (rest.length === 0) return;
  rest.forEach(remove);
  next = pageAfter(list.lastElementChild.dataset.uuid);
}

function remove(item) {
  sizes.unobserve(item);
  item.remove();
}

function showWaiting() {
  showNewPage();
  tick();
  scrollTo({ top: 0 });
  list.focus({ preventScroll: true });
}

/** Shows the number of waiting cruds. */
function announce() {
  const count = waiting.activities.filter((each) => !find(each.uuid)).length;
  const text = count === 1 ? "1 new crud" : `${count}${waiting.hasGap ? "+" : ""} new cruds`;
  if (count > 0 && fresh.textContent !== text) showStatus(text);
  fresh.hidden = count === 0;
  fresh.textContent = text;
}

async function readOlder() {
  const asked = next;
  if (paging || !asked) return;
  paging = true;
  list.ariaBusy = "true";
  try {
    const page = await readFeed(asked);
    // The page is dropped if the list was replaced meanwhile.
    if (next === asked) append(page);
    clearProblem("feed");
    readOn();
  } catch (problem) {
    showProblem("feed", sentence(problem), { label: "Try again", act: readOlder });
  } finally {
    paging = false;
    list.ariaBusy = "false";
    updateState();
  }
}

function append(page) {
  const last = list.lastElementChild;
  page.activities.forEach(add);
  next = page.next;
  if (!next && document.activeElement === older) (last?.nextElementSibling ?? list).focus();
}

/** Reads the next older page if the end of the list is in view. The observer reports only the start and changes. */
function readOn() {
  end.unobserve(older);
  end.observe(older);
}

/** Shows that the feed could not be read, as a problem if the list is empty. */
function showReadFailure(problem) {
  if (list.childElementCount > 0) {
    describe(`${sentence(problem)} This is the feed as it last was.`);
  } else {
    fail(problem, readAgain);
  }
}

function readAgain() {
  document.body.dataset.state = "loading";
  clearProblem("feed");
  describe("Loading the feed …");
  return refresh();
}

/** Updates the times in words, and removes expired cruds. */
function tick() {
  for (const item of list.querySelectorAll("li")) {
    const created = item.querySelector(".created");
    const expires = item.querySelector(".expires");
    if (moment(expires) <= now()) {
      remove(item);
    } else {
      created.textContent = ago(moment(created));
      expires.textContent = expiry(moment(expires));
    }
  }
  if (document.body.dataset.state === "ready") updateState();
}

function updateState() {
  const empty = list.childElementCount === 0 && !next;
  document.body.dataset.state = empty ? "empty" : "ready";
  older.hidden = !next;
  if (empty) {
    describe("No cruds live at the moment. The first one could be yours.");
  } else if (note.dataset.about === "empty") {
    describe();
  }
}

function describe(text = "") {
  note.textContent = text;
  note.hidden = text === "";
  note.dataset.about = document.body.dataset.state;
}

function find(uuid) {
  return list.querySelector(`li[data-uuid="${CSS.escape(uuid)}"]`);
}

/** A crud as an element. Its message becomes text, never markup. */
function render({ uuid, display_name, handle, message, created_at, expires_at }) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`.${name}`);
  item.dataset.uuid = uuid;
  part("avatar").textContent = [...display_name][0].toUpperCase();
  part("avatar").dataset.hue = [...handle].reduce((sum, each) => sum + each.codePointAt(0), 0) % HUES;
  part("name").textContent = display_name;
  part("handle").textContent = `@${handle}`;
  part("message").textContent = message;
  stamp(part("created"), created_at, ago);
  stamp(part("expires"), expires_at, expiry);
  sizes.observe(item);
  return item;
}

/** Shows a button for the rest of a crud whose text is larger than its boxes. */
function offerRest(item) {
  const more = item.querySelector(".more");
  if (!item.classList.contains("whole")) more.hidden = !texts(item).some((text) => isCutOff(text) || isWide(text));
}

/** Shows the whole crud, or its beginning again. */
function showRest(more) {
  const item = more.closest("li");
  const whole = item.classList.toggle("whole");
  more.textContent = whole ? "Show less" : "Show all";
  // Text that cannot wrap scrolls sideways in its box, also by keyboard.
  for (const text of texts(item)) {
    if (whole && isWide(text)) text.tabIndex = 0;
    else text.removeAttribute("tabindex");
  }
  if (!whole) item.scrollIntoView({ block: "nearest" });
}

function texts(item) {
  return [...item.querySelectorAll(".name, .handle, .message")];
}

function isCutOff(text) {
  return text.scrollHeight > text.clientHeight + 1;
}

function isWide(text) {
  return text.scrollWidth > text.clientWidth + 1;
}

function stamp(element, instant, words) {
  element.dateTime = instant;
  element.title = inFull(moment(element));
  element.textContent = words(moment(element));
}

function moment(element) {
  return Date.parse(element.dateTime);
}

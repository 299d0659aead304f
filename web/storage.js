// What this tab keeps over reloads and over the way to the login page and back: its session storage, as far as that works.

const place = open();
const unsaved = new Map(); // what the browser did not store; it lasts as long as the page
let unreadable = false;
let report = () => undefined;

store("probe", true);
if (!unsaved.has("probe")) store("probe", undefined);

/**
 * Reads what is kept under a name; undefined for nothing. What is not as expected is dropped.
 *
 * @param {(value: any) => boolean} isValid whether a value is one that this page stores
 */
export function load(name, isValid) {
  if (unsaved.has(name)) return unsaved.get(name);
  try {
    const value = JSON.parse(place?.getItem(name) ?? "null");
    if (value === null) return undefined;
    if (isValid(value)) return value;
  } catch {
    // Not JSON, or the browser cannot read its own file.
  }
  unreadable = true;
  store(name, undefined);
  return undefined;
}

/** Keeps a value; undefined drops it. Returns false if it lasts only as long as the page. */
export function store(name, value) {
  try {
    if (value === undefined) place.removeItem(name);
    else place.setItem(name, JSON.stringify(value));
    unsaved.delete(name);
    // Whether there is room again is known only after something was stored.
    if (value !== undefined) unsaved.delete("probe");
  } catch {
    unsaved.set(name, value);
  }
  report(trouble());
  return !unsaved.has(name);
}

/**
 * Watches the storage.
 *
 * @param {(code?: string) => void} callback called now and after each change, with what is wrong; problems.js has the sentence
 */
export function watch(callback) {
  report = callback;
  report(trouble());
}

function trouble() {
  if (!place) return "storage_blocked";
  if (unsaved.size > 0) return "storage_full";
  return unreadable ? "storage_unreadable" : undefined;
}

/** The tab's session storage; undefined where the browser does not allow it. */
function open() {
  try {
    return sessionStorage ?? undefined;
  } catch {
    return undefined;
  }
}

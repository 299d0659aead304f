// The tab's session storage, which lasts over reloads and the login page. If the browser has none, the page's memory
// replaces it.

const place = open();
const unsaved = new Map(); // values that the browser did not store; they last as long as the page
let unreadable = false;
let report = () => undefined;

// Tries whether the browser stores anything, so that the page can report it at once.
store("probe", true);
if (!unsaved.has("probe")) store("probe", undefined);

/**
 * Reads the value of a name, or undefined. An invalid value is dropped.
 *
 * @param {(value: any) => boolean} isValid whether the value has the expected form
 */
export function load(name, isValid) {
  if (unsaved.has(name)) return unsaved.get(name);
  try {
    const value = JSON.parse(place?.getItem(name) ?? "null");
    if (value === null) return undefined;
    if (isValid(value)) return value;
  } catch {
    // Not JSON, or the browser cannot read its file.
  }
  unreadable = true;
  store(name, undefined);
  return undefined;
}

/** Stores a value; undefined drops it. Returns false if it lasts only as long as the page. */
export function store(name, value) {
  try {
    if (value === undefined) place.removeItem(name);
    else place.setItem(name, JSON.stringify(value));
    unsaved.delete(name);
    // Only a successful write shows that there is room again.
    if (value !== undefined) unsaved.delete("probe");
  } catch {
    unsaved.set(name, value);
  }
  report(trouble());
  return !unsaved.has(name);
}

/**
 * Reports the state of the storage.
 *
 * @param {(code?: string) => void} callback called now and after each change, with the code of the problem
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

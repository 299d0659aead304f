// What this tab keeps over reloads and over the way to the login page and back.

const kept = place();

/** Reads what is kept under a name; undefined for nothing. */
export function load(name) {
  return JSON.parse(kept.getItem(name) ?? "null") ?? undefined;
}

/** Keeps a value; undefined drops it. */
export function store(name, value) {
  if (value === undefined) {
    kept.removeItem(name);
  } else {
    kept.setItem(name, JSON.stringify(value));
  }
}

/** The tab's session storage; memory where the reader has forbidden it, so that reading still works. */
function place() {
  try {
    return sessionStorage;
  } catch {
    const memory = new Map();
    return {
      getItem: (name) => memory.get(name),
      setItem: (name, text) => memory.set(name, text),
      removeItem: (name) => memory.delete(name),
    };
  }
}

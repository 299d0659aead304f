// What the page says: results to #status, problems to #problem with one button to act on them, lasting limits to #remark.

const remark = document.getElementById("remark");
const status = document.getElementById("status");
const problem = document.getElementById("problem");
const action = document.getElementById("action");

// The most pressing first: a feed that did not load never hides a crud that was not posted.
const standing = new Map([["post"], ["session"], ["feed"]]);

/** Says that something has been done. */
export function say(text) {
  status.textContent = text;
}

/** Says what does not work for as long as the page is open; an empty text takes it back. */
export function note(text) {
  if (remark.textContent !== text) remark.textContent = text;
  remark.hidden = text === "";
}

/**
 * Shows a problem until it is settled.
 *
 * @param {string} about post, session or feed
 * @param {string} text a sentence
 * @param {{label: string, act: () => void}} [offer] what the button does
 */
export function complain(about, text, offer) {
  standing.set(about, { text, offer });
  say("");
  show();
}

/** Takes a problem back. */
export function settle(about) {
  standing.set(about, undefined);
  show();
}

function show() {
  const first = [...standing.values()].find((each) => each);
  if (problem.textContent !== (first?.text ?? "")) {
    problem.textContent = first?.text ?? "";
  }
  problem.parentElement.hidden = !first;
  action.hidden = !first?.offer;
  action.textContent = first?.offer?.label ?? "";
  action.onclick = first?.offer?.act;
}

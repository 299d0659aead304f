// Messages of the page: results in #status, problems in #problem with one button, and lasting limits in #remark.

const remark = document.getElementById("remark");
const status = document.getElementById("status");
const problem = document.getElementById("problem");
const action = document.getElementById("action");

// The most important first: a feed that did not load must not hide a crud that was not posted.
const standing = new Map([["post"], ["session"], ["feed"]]);

/** Shows a result. */
export function showStatus(text) {
  status.textContent = text;
}

/** Shows a limit for as long as the page is open; an empty text removes it. */
export function showRemark(text) {
  if (remark.textContent !== text) remark.textContent = text;
  remark.hidden = text === "";
}

/**
 * Shows a problem until it is removed.
 *
 * @param {string} about post, session or feed
 * @param {string} text a sentence
 * @param {{label: string, act: () => void}} [offer] the button and its action
 */
export function showProblem(about, text, offer) {
  standing.set(about, { text, offer });
  showStatus("");
  show();
}

/** Removes a problem. */
export function clearProblem(about) {
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

// The home page: the feed for everyone, and the form for users who are signed in.

import { Problem, readConfiguration } from "./api.js";
import * as compose from "./compose.js";
import * as feed from "./feed.js";
import { showProblem, showRemark, showStatus, clearProblem } from "./notices.js";
import { sentence } from "./problems.js";
import * as session from "./session.js";
import { watch } from "./storage.js";

const element = (id) => document.getElementById(id);
// The first step, so that the code does not stay in the address bar.
const response = session.takeResponse();
const configured = readConfiguration().then(session.configure);

element("sign-in").addEventListener("click", () => goToLogin());
element("sign-up").addEventListener("click", () => goToLogin({ signUp: true }));
element("sign-out").addEventListener("click", leaveSession);
watch((code) => showRemark(code ? sentence(new Problem([code])) : ""));
compose.start(askToSignIn);
showPerson();
begin();

async function begin() {
  try {
    await configured;
  } catch (problem) {
    return feed.fail(problem, () => location.reload());
  }
  await Promise.all([feed.start(), response && welcome()]);
}

async function welcome() {
  showStatus("Signing you in …");
  try {
    await session.completeSignIn(response);
    showPerson();
    showStatus(`You are signed in as ${session.person().name}.`);
  } catch (problem) {
    showProblem("session", sentence(problem), { label: "Sign in", act: () => goToLogin() });
  }
}

/** Goes to the login page. The unfinished crud stays in this tab's session storage. */
async function goToLogin(how) {
  clearProblem("session");
  try {
    await configured;
    await session.signIn(how);
  } catch (problem) {
    showProblem("session", sentence(problem));
  }
}

async function leaveSession() {
  compose.clear();
  await configured.catch(() => undefined); // without it, only this tab forgets the user
  session.signOut();
  showPerson();
}

/** The session ended while a crud is unfinished: the form stays visible. */
function askToSignIn(why) {
  showPerson();
  showProblem("session", why, { label: "Sign in", act: () => goToLogin() });
  element("compose").hidden = false;
  element("welcome").hidden = true;
}

function showPerson() {
  const person = session.person();
  element("account").textContent = person ? person.name : "";
  for (const each of document.querySelectorAll("[data-for]")) {
    each.hidden = (each.dataset.for === "person") !== Boolean(person);
  }
}

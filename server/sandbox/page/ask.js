/** Asks the control port and tells what came of it. Everything is relative, so it also works behind a proxy. */
import { byId } from "./draw.js";

export async function ask(path, input) {
  const options = input && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  };
  const answer = await fetch(`./${path}`, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ?? `${answer.status}`);
  return body;
}

/** Does something, says so, and has the page drawn again. */
export async function act(path, input, done) {
  try {
    await ask(path, input);
    tell(done);
    document.dispatchEvent(new Event("changed"));
  } catch (error) {
    tell(`Not done: ${error.message}`);
  }
}

let toastTimer;
function tell(text) {
  const toast = byId("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, 4000);
}

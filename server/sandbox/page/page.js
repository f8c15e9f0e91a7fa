/** Draws the state of the sandbox again and again. */
import { ask } from "./ask.js";
import { byId } from "./draw.js";
import { drawMailbox, drawMails } from "./mailbox.js";
import { drawEvents, drawRequests, drawSummary } from "./received.js";
import { drawCard, drawRecords } from "./vendors.js";

const POLL_MS = 2000;

async function refresh() {
  const { mail, ...state } = await ask("state");
  if (mail) {
    drawMailbox(mail);
    drawMails((await ask("mail/recent?limit=30")).mails);
  }
  for (const [vendor, each] of Object.entries(state)) drawCard(vendor, each);
  const crms = Object.keys(state).filter((vendor) => state[vendor].actions.includes("recent"));
  await Promise.all(crms.map(async (vendor) => drawRecords(vendor, await ask(`${vendor}/recent?limit=8`))));
  if (!state.meta) return;
  const summary = await ask("meta/summary");
  drawSummary(summary);
  const [{ events }, { requests }] = await Promise.all([
    ask(`meta/events?after=${Math.max(0, summary.events - 10)}&limit=10&as=text`),
    ask("meta/requests?limit=12"),
  ]);
  drawEvents(events.toReversed());
  drawRequests(requests.toReversed());
}

async function poll() {
  const status = byId("connection");
  try {
    if (!document.hidden) await refresh();
    status.textContent = "Live";
    status.className = "good";
  } catch (error) {
    status.textContent = `The sandbox does not answer (${error.message}). Trying again.`;
    status.className = "bad";
  }
  setTimeout(poll, POLL_MS);
}
document.addEventListener("changed", () => void refresh().catch(() => {})); // the next poll says what is wrong
void poll();

/** The mailbox: how the mail server is, what can be done to it, and the newest mails. */
import { act } from "./ask.js";
import { button, byId, draw, element } from "./draw.js";

const TROUBLE = [
  ["Refuse for good (550)", { refuse: 550 }, "The mail server refuses every recipient for good"],
  ["Refuse for now (451)", { refuse: 451 }, "The mail server refuses every recipient for now"],
  ["Slow (3 s)", { slowMs: 3000 }, "The mail server greets after 3 seconds"],
  ["Down", { down: true }, "The mail server hangs up"],
];
const WORDS = {
  refuse: (status) => `refuses recipients (${status})`,
  to: (address) => `only ${address}`,
  slowMs: (ms) => `slow by ${ms / 1000} s`,
  down: () => "down",
  dropAnswer: () => "takes mails and does not answer",
  times: (times) => `for ${times} connections`,
};

export function drawMailbox({ address, state }) {
  byId("mailbox").hidden = false;
  const trouble = Object.entries(state.faults)
    .map(([name, value]) => WORDS[name]?.(value) ?? `${name} ${value}`)
    .join("; ");
  draw(byId("mailbox-state"), [address, state.mails, trouble], () => [
    element("span", { class: trouble ? "bad" : "good" }, trouble || "Well"),
    ` · ${state.mails} mail${state.mails === 1 ? "" : "s"} to anybody · ${address}`,
  ]);
  draw(byId("mailbox-controls"), "once", () => [
    element(
      "div",
      { class: "row" },
      ...TROUBLE.map(([text, fault, done]) => button(text, () => act("mail/fault", fault, done))),
      button("Mend", () => act("mail/fault", {}, "The mail server is well")),
      button("Clear", () => act("mail/clear", {}, "The mailbox is empty")),
    ),
  ]);
}

/** Newest first. A mail that is on the page stays the same element, so that it stays open. */
const drawn = new Map();
export function drawMails(mails) {
  const list = byId("mails");
  const numbers = new Set(mails.map(({ n }) => n));
  for (const [n, item] of drawn)
    if (!numbers.has(n)) {
      item.remove();
      drawn.delete(n);
    }
  for (const mail of mails.toReversed()) {
    if (drawn.has(mail.n)) continue;
    const item = mailItem(mail);
    drawn.set(mail.n, item);
    list.prepend(item);
  }
}

function mailItem({ subject, from, to, receivedAt, text, headers }) {
  const when = element("time", { dateTime: receivedAt }, new Date(receivedAt).toLocaleString());
  return element(
    "li",
    {},
    element(
      "details",
      {},
      element(
        "summary",
        {},
        subject || "(no subject)",
        " ",
        element("span", { class: "small" }, `to ${to.join(", ")} · `, when),
      ),
      element("pre", {}, text.trimEnd()),
      element(
        "details",
        { class: "small" },
        element("summary", {}, `From ${from || "nobody"}, with ${headers.length} headers`),
        element("pre", {}, headers.map(([name, value]) => `${name}: ${value}`).join("\n")),
      ),
    ),
  );
}

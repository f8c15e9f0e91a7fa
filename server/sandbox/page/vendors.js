/** The cards of the vendors: how each is, what can be done to it, and the newest records of a CRM. */
import { act } from "./ask.js";
import { button, byId, draw, element } from "./draw.js";

const SPEEDS = [0, 6, 20, 120, 600];
const NAMES = { hubspot: "HubSpot", salesforce: "Salesforce", meta: "Meta" };
const TROUBLE = [
  ["Slow (3 s)", { slowMs: 3000 }],
  ["Down", { down: true }],
  ["Answers 500", { status: 500 }],
];
const CRM_TROUBLE = [...TROUBLE, ["Limit (429)", { status: 429 }]];
const META_LIMITS = [
  ["Limit of the app (4)", { code: 4, minutes: 2 }],
  ["Limit of the business (80004)", { code: 80004, minutes: 2 }],
];
const FAULT_WORDS = {
  slowMs: (ms) => `slow by ${ms / 1000} s`,
  down: () => "down",
  dropAnswer: () => "does its work and does not answer",
  status: (status) => `answers ${status}`,
  times: (times) => `for ${times} requests`,
};
const FIELDS = ["ph", "em", "fn", "lead_id", "fbc", "custom_data.value", "event_id"];

/** The card of a vendor: made once, its parts drawn as they change. */
const cards = new Map();
function cardOf(vendor) {
  const known = cards.get(vendor);
  if (known) return known;
  const card = {
    state: element("p", { class: "state" }),
    controls: element("div"),
    records: element("div"),
  };
  const title = element("h2", { id: `${vendor}-title` }, NAMES[vendor] ?? vendor);
  const section = element("section", {}, title, card.state, card.controls, card.records);
  section.setAttribute("aria-labelledby", title.id);
  byId("vendors").append(section);
  cards.set(vendor, card);
  return card;
}

const pace = (life) => (life === undefined ? undefined : life === 0 ? "paused" : `${life} changes a minute`);

function describe(state, last) {
  const faults = state?.faults ?? last.fault ?? {};
  const trouble = Object.entries(faults).map(([name, value]) => FAULT_WORDS[name]?.(value) ?? `${name} ${value}`);
  if (state?.limit) trouble.push(`limit ${state.limit.code} until ${new Date(state.limit.until).toLocaleTimeString()}`);
  if (state?.refused?.length) trouble.push(`refuses ${state.refused.join(", ")}`);
  if (state?.retired?.length) trouble.push(`retired v${state.retired.join(", v")}`);
  const dead = (state?.tokens ?? []).filter((token) => token.state && token.state !== "active").length;
  if (dead > 0) trouble.push(`${dead} token${dead > 1 ? "s" : ""} not valid`);
  return trouble.join("; ");
}

export function drawCard(vendor, { address, actions, last, state }) {
  const card = cardOf(vendor);
  const perMinute = state?.life?.perMinute ?? state?.perMinute ?? last.life?.perMinute;
  const trouble = describe(state, last);
  const marketplace = state?.marketplacePath && `${address}${state.marketplacePath}`;
  const installed = (state?.portals ?? []).find((portal) => portal.installed && portal.settingsPath);
  const settings = installed && `${address}${installed.settingsPath}`;
  draw(card.state, [address, trouble, perMinute, marketplace, settings], () => [
    element("span", { class: trouble ? "bad" : "good" }, trouble || "Well"),
    ` · ${[pace(perMinute), address].filter(Boolean).join(" · ")}`,
    ...(marketplace
      ? [" · ", element("a", { href: marketplace, rel: "noreferrer" }, "Install from its marketplace")]
      : []),
    ...(settings ? [" · ", element("a", { href: settings, rel: "noreferrer" }, "Our page in its settings")] : []),
  ]);
  draw(card.controls, [actions, perMinute], () =>
    vendor === "meta" ? metaControls() : crmControls(vendor, perMinute),
  );
}

function crmControls(vendor, perMinute) {
  const speed = element(
    "select",
    { ariaLabel: `Pace of ${NAMES[vendor]}` },
    ...SPEEDS.map((each) => element("option", { value: String(each), selected: each === perMinute }, pace(each))),
  );
  if (perMinute === undefined) speed.prepend(element("option", { value: "", selected: true }, "its own pace"));
  speed.onchange = () => {
    speed.blur();
    if (speed.value !== "")
      act(`${vendor}/life`, { perMinute: Number(speed.value) }, `${NAMES[vendor]}: ${pace(Number(speed.value))}`);
  };
  return [
    element(
      "div",
      { class: "row" },
      speed,
      button("Pause", () => act(`${vendor}/life`, { perMinute: 0 }, "Paused")),
      button("New record", () => act(`${vendor}/create`, {}, "A record was created")),
    ),
    element(
      "div",
      { class: "row" },
      button("Revoke access", () =>
        act(`${vendor}/revoke`, {}, "Access revoked: connect again in the product to give it back"),
      ),
      button("Expire tokens", () => act(`${vendor}/expire`, {}, "Access tokens ran out")),
    ),
    troubleRow(vendor, CRM_TROUBLE),
  ];
}

function metaControls() {
  const field = element(
    "select",
    { ariaLabel: "Field that Meta shall refuse" },
    ...FIELDS.map((each) => element("option", { value: each }, each)),
  );
  return [
    element(
      "div",
      { class: "row" },
      button("Revoke tokens", () => act("meta/revoke", {}, "Tokens revoked")),
      button("Expire tokens", () => act("meta/expire", {}, "Tokens expired")),
      button("Give them back", () => act("meta/restore", {}, "Tokens are valid again")),
    ),
    troubleRow("meta", TROUBLE),
    element(
      "div",
      { class: "row" },
      ...META_LIMITS.map(([text, input]) => button(text, () => act("meta/limit", input, text))),
      button("Lift limit", () => act("meta/limit", { minutes: 0 }, "Limit lifted")),
    ),
    element(
      "div",
      { class: "row" },
      field,
      button("Refuse this field", () =>
        act("meta/refuse", { key: field.value }, `Events with ${field.value} are refused`),
      ),
      button("Accept all", () => act("meta/refuse", {}, "All fields are accepted")),
    ),
  ];
}

function troubleRow(vendor, troubles) {
  return element(
    "div",
    { class: "row" },
    ...troubles.map(([text, fault]) => button(text, () => act(`${vendor}/fault`, fault, `${NAMES[vendor]}: ${text}`))),
    button("Mend", () => act(`${vendor}/fault`, {}, `${NAMES[vendor]} is well`)),
  );
}

export function drawRecords(vendor, records) {
  draw(cardOf(vendor).records, records, () => [
    element("h3", {}, "Newest records"),
    ...records.map((record) => recordRow(vendor, record)),
  ]);
}

function recordRow(vendor, { object, id, name, pipeline, stage, stages }) {
  const choice = element(
    "select",
    { ariaLabel: `Stage of ${name}` },
    ...stages.map((each) => element("option", { value: each.id, selected: each.id === stage }, each.label)),
  );
  choice.onchange = () => {
    choice.blur();
    const label = stages.find((each) => each.id === choice.value)?.label;
    act(`${vendor}/move`, { object, id, pipeline, stage: choice.value }, `${name} moved to ${label}`);
  };
  return element(
    "div",
    { class: "row" },
    element("span", { class: "name" }, name, " ", element("span", { class: "small" }, `${object} ${id}`)),
    choice,
  );
}

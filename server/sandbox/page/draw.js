/** Makes and redraws elements. All text is set as text, never as HTML. */

export const byId = (id) => document.getElementById(id);

/** element("button", { onclick }, "Text", child …); a `class` sets the class. */
export function element(tag, properties = {}, ...children) {
  const { class: className, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

/** Draws again only what changed, and nothing somebody is using at the moment. */
const drawn = new WeakMap();
export function draw(place, data, children) {
  const key = JSON.stringify(data);
  if (drawn.get(place) === key || place.contains(document.activeElement)) return;
  drawn.set(place, key);
  place.replaceChildren(...children());
}

export const button = (text, onclick) => element("button", { type: "button", onclick }, text);

export function table(heads, rows) {
  const place = (value) => (typeof value === "number" ? "number" : "");
  const head = (text, column) => element("th", { scope: "col", class: place(rows[0]?.[column]) }, text);
  const cell = (value) => element("td", { class: place(value) }, String(value ?? "–"));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map(head))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))),
  );
}

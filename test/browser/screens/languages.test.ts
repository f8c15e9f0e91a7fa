import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { sideways } from "./looks.ts";
import { arrive, complaintsOf, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());
afterEach(() => {
  server().speak("en");
  visit.complaints.length = 0;
});

test.each(screens)("every word comes from the file of texts, and has room to be longer: $screen", async (screen) => {
  const { page } = visit;
  const told = new Set<string>();
  stand(server(), screen);
  server().api.turn((answer) => collect(answer, told));
  server().speak("en-XA");
  await arrive(page, `${server().url}${screen.address}`);
  await settled(page);
  expect(await untranslated(page, [...told])).toEqual([]);
  for (const width of [1440, 360, 320]) expect(await sideways(page, width)).toEqual([]);
  expect(complaintsOf(visit, server())).toEqual([]);
});

test.each(screens)("reads from right to left: $screen", async (screen) => {
  const { page } = visit;
  stand(server(), screen);
  server().speak("ar-XB");
  await arrive(page, `${server().url}${screen.address}`);
  await settled(page);
  for (const width of [1440, 360]) {
    expect(await sideways(page, width)).toEqual([]);
    expect(await wrongSide(page)).toEqual([]);
  }
  expect(complaintsOf(visit, server())).toEqual([]);
});

/** Every text of an answer. */
function collect(answer: object, told: Set<string>): object {
  for (const value of Object.values(answer))
    if (typeof value === "string") told.add(value);
    else if (typeof value === "object" && value !== null) collect(value, told);
  return answer;
}

/** What a person reads, or hears, that neither our texts nor an answer say. */
function untranslated(page: Page, told: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const told = ${JSON.stringify(told)}.sort((one, other) => other.length - one.length);
    const rest = (text) => {
      const trimmed = text.replace(/⟦.*⟧/s, "").replace(/https?:\\/\\/\\S+/g, "").trim();
      if (trimmed.length > 1 && told.some((one) => one.includes(trimmed))) return "";
      return told.reduce((left, one) => left.replaceAll(one, ""), trimmed);
    };
    const found = new Set();
    const look = (text, where) => {
      if (/\\p{L}/u.test(rest(text))) found.add(where + ": " + text.trim().slice(0, 80));
    };
    const walker = document.createTreeWalker(document.querySelector("#root"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const around = walker.currentNode.parentElement;
      if (!around.closest("kbd, code, pre, style, script, [translate=no]")) look(walker.currentNode.data, around.localName);
    }
    for (const one of document.querySelectorAll("#root *"))
      for (const name of ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt"])
        if (one.hasAttribute(name)) look(one.getAttribute(name), "[" + name + "]");
    look(document.title, "title");
    return [...found];
  })()`);
}

/** What keeps to a side of its own, though the page is turned around. */
function wrongSide(page: Page): Promise<readonly string[]> {
  return page.evaluate(`
    [...document.querySelectorAll("#root *")]
      .filter((one) => one.checkVisibility() && !one.closest("pre, code, [dir=ltr]") && one.textContent.trim() !== "")
      .filter((one) => getComputedStyle(one).textAlign === "left")
      .slice(0, 5).map((one) => "keeps left: " + one.outerHTML.slice(0, 120))`);
}

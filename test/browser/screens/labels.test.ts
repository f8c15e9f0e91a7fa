import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { sideways } from "./looks.ts";
import { hostile, probes } from "./probes.ts";
import { arrive, complaintsOf, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
const asked: string[] = [];
beforeAll(async () => {
  visit = await open();
  visit.page.on("request", (request) => asked.push(request.url()));
});
afterAll(() => visit?.close());
afterEach(() => {
  visit.complaints.length = 0;
  asked.length = 0;
});

test.each(screens)("labels that mean harm show as text and do nothing: $screen", async (screen) => {
  const { page } = visit;
  stand(server(), screen);
  server().api.turn(hostile);
  await arrive(page, `${server().url}${screen.address}`);
  await settled(page);
  expect(await harm(page)).toEqual([]);
  const { whole, broken } = await shownOf(page);
  expect(broken).toEqual([]);
  if (!screen.open) expect(whole).toBeGreaterThan(0);
  expect(await turnedAround(page)).toEqual([]);
  for (const width of [1440, 360]) expect(await sideways(page, width)).toEqual([]);
  // What a record is called is asked of our own API, as text in a query.
  const elsewhere = asked.filter((url) => !url.startsWith(`${server().url}/api/v1/`));
  expect(elsewhere.filter((url) => url.includes("probed"))).toEqual([]);
  expect(complaintsOf(visit, server())).toEqual([]);
});

test("there are forty of them, and what they would do is noticed", async () => {
  expect(new Set(probes).size).toBe(40);
  const { page } = visit;
  const [screen] = screens;
  if (!screen) throw new Error("there are no screens");
  stand(server(), screen);
  await arrive(page, `${server().url}${screen.address}`);
  await settled(page);
  await page.evaluate(
    `document.querySelector("main").insertAdjacentHTML("beforeend", ${JSON.stringify(probes.slice(1, 5).join(""))})`,
  );
  expect((await harm(page)).length).toBeGreaterThan(1);
  await page.evaluate(`document.querySelector("main").append("See ", "\\u202Eesrever", " there")`);
  expect((await turnedAround(page)).length).toBe(1);
});

/** What has come of a label that was taken for more than text. */
function harm(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const found = [...document.querySelectorAll("[data-probed], #root script, iframe, object, embed, base")];
    for (const one of document.querySelectorAll("*"))
      if ([...one.attributes].some(({ name, value }) => name.startsWith("on") || /^\\s*(javascript|data:text)/i.test(value) && /href|src|action/.test(name)))
        found.push(one);
    if (window.hacked !== undefined) found.push(document.body);
    return found.map((one) => one.outerHTML.slice(0, 200));
  })()`);
}

/** How many of the probes stand in the page letter for letter, and what stands there of others. */
function shownOf(page: Page): Promise<{ readonly whole: number; readonly broken: readonly string[] }> {
  return page.evaluate(`(() => {
    const probes = ${JSON.stringify(probes)};
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const begun = [];
    while (walker.nextNode()) {
      const { data } = walker.currentNode;
      for (const probe of probes) if (data.includes(probe.slice(0, 30))) begun.push({ data, whole: data.includes(probe) });
    }
    return {
      whole: begun.filter(({ whole }) => whole).length,
      broken: begun.filter(({ whole }) => !whole).map(({ data }) => data.slice(0, 200)),
    };
  })()`);
}

/** Texts that turn around what stands beside them: a label with a mark of direction is to stand alone, or in a <bdi>. */
function turnedAround(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.querySelector("#root"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { data, parentElement: around } = walker.currentNode;
      const heardOnly = around.getBoundingClientRect().width <= 1;
      if (!data.includes("\\u202E") || !around.checkVisibility() || heardOnly) continue;
      const isolated = /isolate|plaintext/.test(getComputedStyle(around).unicodeBidi);
      const apart = isolated && (around.localName === "bdi" || around.textContent === data);
      if (!apart) found.push(around.outerHTML.slice(0, 120));
    }
    return found;
  })()`);
}

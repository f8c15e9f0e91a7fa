import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { arrive, complaintsOf, type Screen, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());
afterEach(() => void visit.complaints.splice(0));

const screenAt = (address: string): Screen => {
  const found = screens.find((screen) => screen.address === address);
  if (!found) throw new Error(`there is no screen at ${address}`);
  return found;
};
async function go(address: string): Promise<Page> {
  stand(server(), screenAt(address));
  await visit.page.setViewportSize({ width: 1440, height: 800 });
  await arrive(visit.page, `${server().url}${address}`);
  await settled(visit.page);
  return visit.page;
}
const focused = (page: Page, of = "localName") => page.evaluate<string>(`document.activeElement.${of}`);
const path = (page: Page) => new URL(page.url()).pathname;

describe("the keyboard", () => {
  test("reaches the page itself with its first press, past the navigation", async () => {
    const page = await go("/");
    await page.keyboard.press("Tab");
    expect(await focused(page, "getAttribute('href')")).toBe("#content");
    await page.keyboard.press("Enter");
    expect(await focused(page, "id")).toBe("content");
    expect(path(page)).toBe("/");
  });

  test("opens the help with ?, which Escape closes, and the focus is where it was", async () => {
    const page = await go("/problems");
    const here = page.locator("nav:has(+ main) a[aria-current=page]");
    await here.focus();
    await page.keyboard.press("?");
    const sheet = page.locator("dialog:modal");
    await sheet.waitFor();
    expect(await sheet.locator("kbd").count()).toBeGreaterThan(10);
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    expect(path(page)).toBe("/problems");
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    expect(await here.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  });

  test.each([
    ["d", "/deliveries"],
    ["p", "/problems"],
    ["m", "/mapping"],
    ["s", "/settings"],
    ["o", "/"],
  ])("goes with g %s to %s, and begins at its heading", async (key, to) => {
    const page = await go(to === "/" ? "/problems" : "/");
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL((url) => url.pathname.startsWith(to) && url.pathname !== (to === "/" ? "/problems" : "/"));
    await expect.poll(() => focused(page)).toBe("h1");
    expect(await page.title()).toContain(await page.locator("h1").innerText());
    expect(await page.locator("nav:has(+ main) a[aria-current=page]").count()).toBe(1);
    expect(complaintsOf(visit, server())).toEqual([]);
  });

  test("moves along the rows with j and k, opens one with Enter, and comes back to it", async () => {
    const page = await go("/deliveries");
    const rows = page.locator("[data-row]");
    await rows.first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const second = await focused(page, "getAttribute('href')");
    expect(second).toBe(await rows.nth(1).getAttribute("href"));
    await page.keyboard.press("k");
    expect(await focused(page, "getAttribute('href')")).toBe(await rows.nth(0).getAttribute("href"));
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const drawer = page.locator("dialog:modal");
    await drawer.waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBeTruthy();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await page.waitForURL((url) => !url.searchParams.has("show"));
    expect(await focused(page, "getAttribute('href')")).toBe(second);
  });

  test("finds the search with /, and types into it what would be keys elsewhere", async () => {
    const page = await go("/deliveries");
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.matches('[data-search]')")).toBe(true);
    await page.keyboard.type("?jgo");
    expect(await focused(page, "value")).toBe("?jgo");
    expect(path(page)).toBe("/deliveries");
    expect(await page.locator("dialog:modal").count()).toBe(0);
  });

  test("does nothing by single keys where they are switched off, and keeps that", async () => {
    const page = await go("/");
    await page.keyboard.press("?");
    const on = page.locator("dialog:modal [role=switch]");
    await on.press("Space");
    await page.keyboard.press("Escape");
    await page.reload();
    await settled(page);
    for (const key of ["?", "g", "d", "j", "/"]) await page.keyboard.press(key);
    expect([path(page), await page.locator("dialog:modal").count()]).toEqual(["/", 0]);
    await page.evaluate("localStorage.clear()");
  });
});

describe.each(screens)("$screen", (screen) => {
  test("shows by a ring where the focus is, whatever is reached", async () => {
    const page = await go(screen.address);
    const faint: string[] = [];
    const seen = new Set<string>();
    for (let press = 0; press < 50; press++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate<{ id: string; ring: boolean; covered: boolean }>(`(() => {
        const one = document.activeElement;
        if (one === document.body) return { id: "", ring: true, covered: false };
        const ringed = (part) => part && (getComputedStyle(part).outlineStyle !== "none" || getComputedStyle(part).boxShadow !== "none");
        const { left, top, width, height } = one.getBoundingClientRect();
        const over = document.elementFromPoint(left + width / 2, top + height / 2);
        // A box of its own that is not seen (a switch, a radio) has its ring beside it.
        const ring = ringed(one) || [...one.parentElement.querySelectorAll("*")].some(ringed);
        const hidden = width < 2 || one.matches("input[type=radio], [role=switch], [role=checkbox]");
        const covered = !hidden && over !== null && !one.contains(over) && !over.contains(one) && getComputedStyle(over).position !== "absolute";
        const place = [...document.querySelectorAll("*")].indexOf(one);
        return { id: place + " " + one.outerHTML.slice(0, 120), ring, covered };
      })()`);
      if (at.id === "" || seen.has(at.id)) break;
      seen.add(at.id);
      if (!at.ring) faint.push(`no ring: ${at.id}`);
      if (at.covered) faint.push(`covered: ${at.id}`);
    }
    expect(seen.size).toBeGreaterThan(1);
    expect(faint).toEqual([]);
  });

  test("has nothing move where reduced motion is wanted", async () => {
    await visit.page.emulateMedia({ reducedMotion: "reduce" });
    const page = await go(screen.address);
    const moving = await page.evaluate<readonly string[]>(`
      [...document.querySelectorAll("#root *")].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return animationName !== "none" || transitionDuration.split(", ").some((time) => Number.parseFloat(time) > 0);
      }).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))`);
    await page.emulateMedia({ reducedMotion: null });
    expect(moving).toEqual([]);
  });

  test("can be told apart where the colours are the reader's own", async () => {
    await visit.page.emulateMedia({ forcedColors: "active" });
    const page = await go(screen.address);
    const lost = await page.evaluate<readonly string[]>(`
      [...document.querySelectorAll("#root button:not([role=tab]), #root input, #root select")]
        .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getBoundingClientRect().width > 2)
        .filter((one) => {
          const { borderTopWidth, borderTopStyle, outlineStyle, textDecorationLine } = getComputedStyle(one);
          const framed = (Number.parseFloat(borderTopWidth) > 0 && borderTopStyle !== "none") || outlineStyle !== "none";
          return !framed && textDecorationLine === "none" && !one.matches("[type=radio], [type=checkbox]");
        })
        .slice(0, 5).map((one) => one.outerHTML.slice(0, 160))`);
    await page.emulateMedia({ forcedColors: null });
    expect(lost).toEqual([]);
  });
});

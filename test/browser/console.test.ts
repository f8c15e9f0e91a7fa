import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server } = openConsole();

describe("labels that others write", () => {
  test("show as text, make no element and run nothing", async () => {
    const { page, complaints } = await show(overviews.hostile);
    await page.getByRole("table").first().waitFor();
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("img:not([src='/favicon.svg']), b, iframe, #root script").count()).toBe(0);
    expect(await page.getByText("<script>window.hacked=1</script>").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});

describe("the tests themselves", () => {
  test("notice breaches of the content policy, inaccessible elements and a page that is too wide", async () => {
    const { page, complaints } = await show(overviews.live);
    await page.getByRole("table").first().waitFor();
    await page.evaluate(`
      document.head.append(Object.assign(document.createElement("style"), { textContent: "p { color: red }" }));
      document.body.append(Object.assign(document.createElement("img"), { src: "http://elsewhere.invalid/x.png" }));
      document.body.append(Object.assign(document.createElement("button"), { style: "width: 3000px; height: 9px" }));
    `);
    await expect.poll(() => complaints.join("\n")).toContain("content policy: style-src-elem inline");
    await expect.poll(() => complaints.join("\n")).toContain("content policy: img-src http://elsewhere.invalid");
    expect((await accessibility(page)).join("\n")).toMatch(/^button-name.*^image-alt/ms);
    expect(await overflow(page)).toBeGreaterThan(0);
  });
});

describe("a server that cannot be read", () => {
  test("is named with the reason, and the page recovers by itself", async () => {
    const { page } = await show(503);
    await page.getByRole("heading", { name: "We could not load the overview" }).waitFor();
    await page.getByText("the server answered with status 503").waitFor();
    expect(await accessibility(page)).toEqual([]);
    server().answer(overviews.live);
    await page.getByText("Live. Last event accepted").first().waitFor();
  });

  test("leaves the last figures readable and says that newer ones are missing", async () => {
    const { page } = await show(overviews.live);
    await page.getByText("Live. Last event accepted").first().waitFor();
    server().answer(502);
    await page.getByText("We could not load newer figures: the server answered with status 502").waitFor();
    expect(await page.getByText("Stage not mapped").first().isVisible()).toBe(true);
    expect(await page.getByRole("status").innerText()).toBe("We could not load newer figures.");
    expect(await accessibility(page)).toEqual([]);
  });

  test("shows the page's shape while the first answer is awaited", async () => {
    const { page, complaints } = await show("silent");
    await page.locator("[aria-busy=true]").waitFor();
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the reader", () => {
  test("finds every control and time by keyboard, and a time tells its full instant on focus", async () => {
    const { page } = await show(overviews.live);
    const changed = page
      .getByRole("table", { name: /the latest first/ })
      .locator("time")
      .first();
    await changed.waitFor();
    const reached: string[] = [];
    for (let press = 0; press < 120 && reached.at(-1) !== "BODY"; press++) {
      await page.keyboard.press("Tab");
      const focused = "const { tagName, innerText } = document.activeElement";
      reached.push(await page.evaluate(`${focused}; tagName === "BODY" ? tagName : tagName + " " + innerText`));
    }
    expect(reached).toContain("A Drive the simulated CRMs");
    expect(reached).toContain("SUMMARY Show as a table");
    expect(reached.filter((name) => name.startsWith("TIME")).length).toBeGreaterThan(5);
    await changed.focus();
    await expect.poll(() => page.getByRole("tooltip").count()).toBe(1);
    expect(await page.getByRole("tooltip").innerText()).toMatch(/\d{4} at \d{2}:\d{2}:\d{2}/);
  });

  test("keeps a chosen colour scheme over a reload, before the page's own script has run", async () => {
    const { page } = await show(overviews.live, { colorScheme: "light" });
    await page.getByRole("radio", { name: "Follow the system" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.reload();
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
  });

  test("has nothing move on the page when reduced motion is wanted", async () => {
    const { page } = await show(overviews.live, { reducedMotion: "reduce" });
    await page.getByRole("table").first().waitFor();
    expect(await page.evaluate("document.getAnimations().length")).toBe(0);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll("[data-look]")].map((bar) => getComputedStyle(bar).transitionDuration)`,
      ),
    ).toSatisfy((durations: string[]) => durations.length > 3 && durations.every((duration) => duration === "0s"));
  });
});

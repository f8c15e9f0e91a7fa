import { describe, expect, test } from "vitest";
import type { Overview } from "../../server/api/schema.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server } = openConsole();

const says: Record<keyof typeof overviews, readonly string[]> = {
  live: ["Nobody needs to act", "Not sent: Stage not mapped", "Drive the simulated CRMs", "MarketingQualifiedLead"],
  empty: [
    "You need to act",
    "No CRM is connected yet",
    "No stage change yet",
    "Numbers begin with the first stage change",
  ],
  refusing: [
    "You need to act",
    "Nothing is lost before",
    "Disconnected",
    "Meta says we may not send to this dataset",
    "128 events",
  ],
  paused: ["Paused by Ana", "You need to act", "Nothing is lost before"],
  reading: ["Reading current stages", "Slowed down by the CRM", "Ready, not live"],
  waiting: ["Meta has to act", "Trying again", "Next try"],
  stale: ["These figures are old"],
  hostile: ["<img src=x onerror="],
};

describe.each(Object.entries(overviews))("the state %s", (name, overview) => {
  const words = says[name as keyof typeof overviews];

  test("is said in words, is accessible and keeps the content policy in light and in dark", async () => {
    const { page, complaints } = await show(overview, { viewport: { width: 1440, height: 900 } });
    for (const text of words) await page.getByText(text).first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  test("fits a desk, a tablet, a phone and the narrowest phone without scrolling sideways", async () => {
    const { page } = await show(overview);
    await page
      .getByText(words[0] ?? "")
      .first()
      .waitFor();
    for (const width of [1440, 1024, 768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(await accessibility(page)).toEqual([]);
  });
});

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
    expect(await page.getByText("Not sent: Stage not mapped").isVisible()).toBe(true);
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
    const changed = page.getByRole("table", { name: "latest stage changes" }).locator("time").first();
    await changed.waitFor();
    const reached: string[] = [];
    for (let press = 0; press < 40 && reached.at(-1) !== "BODY"; press++) {
      await page.keyboard.press("Tab");
      const focused = "const { tagName, innerText } = document.activeElement";
      reached.push(await page.evaluate(`${focused}; tagName === "BODY" ? tagName : tagName + " " + innerText`));
    }
    expect(reached).toContain("A Drive the simulated CRMs");
    expect(reached).toContain("BUTTON Hold the list");
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

  test("holds the list, is told of new rows, lets them in and lets it run again", async () => {
    const { page } = await show(overviews.live);
    const rows = page.getByRole("table", { name: "latest stage changes" }).locator("tbody tr");
    await rows.first().waitFor();
    await page.getByRole("button", { name: "Hold the list" }).click();
    server().answer(withNewRow("fresh-1"));
    await page.getByRole("button", { name: "Show 1 new row" }).waitFor();
    expect(await rows.count()).toBe(4);
    await page.getByRole("button", { name: "Show 1 new row" }).click();
    await rows.filter({ hasText: "fresh-1" }).waitFor();
    expect(await rows.count()).toBe(5);
    await page.getByRole("button", { name: "Let it run" }).click();
    server().answer(withNewRow("fresh-2"));
    await rows.filter({ hasText: "fresh-2" }).waitFor();
  });

  test("has nothing move on the page when reduced motion is wanted", async () => {
    const { page } = await show(overviews.live, { reducedMotion: "reduce" });
    await page.getByRole("table").first().waitFor();
    expect(await page.evaluate("document.getAnimations().length")).toBe(0);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll("[data-look]")].map((bar) => getComputedStyle(bar).transitionDuration)`,
      ),
    ).toSatisfy((durations: string[]) => durations.length > 5 && durations.every((duration) => duration === "0s"));
  });
});

function withNewRow(recordId: string): () => Overview {
  return () => {
    const answer = overviews.live();
    const [first] = answer.deliveries;
    if (!first) throw new Error("the live overview has deliveries");
    return {
      ...answer,
      deliveries: [{ ...first, id: `dlv_${recordId}`, record: { object: "deal", id: recordId } }, ...answer.deliveries],
    };
  };
}

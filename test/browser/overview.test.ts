import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { type Figures, figuresView } from "../../server/api/figures.ts";
import * as figures from "./figures.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, api, server } = openConsole();
const answers = (make: () => Figures) => api().on("GET /figures", make);
const asked = () => api().log.filter((line) => line.startsWith("GET /figures"));
/** The query of a link, as the deliveries page reads it. */
async function queryOf(page: Page, name: string): Promise<Record<string, string>> {
  const href = await page.getByRole("link", { name }).first().getAttribute("href");
  expect(href).toMatch(/^\/deliveries\?/);
  return Object.fromEntries(new URLSearchParams(href?.split("?")[1]));
}

describe("a number of the overview", () => {
  test("leads to its rows: with the reason, the state, the account and the time that it counts", async () => {
    const seen = figures.busy();
    const { page } = await show(overviews.live, {}, "/?connection=con_hub&pipeline=default");
    answers(() => seen);
    await page.reload();
    await page.getByRole("link", { name: "−212 Stage not mapped: show them" }).waitFor();
    const time = { from: seen.from, to: seen.to, connection: "con_hub", pipeline: "default" };
    expect(await queryOf(page, "−212 Stage not mapped: show them")).toEqual({
      ...time,
      state: "not_sent",
      reason: "stage_not_mapped",
    });
    expect(await queryOf(page, "−6 Lead id refused: show them")).toEqual({
      ...time,
      state: "refused",
      reason: "refused_lead_id",
    });
    expect(await queryOf(page, "1,570 Accepted by Meta: show them")).toEqual({ ...time, state: "accepted" });
    for (const [name, step] of [
      ["1,895 Read from the CRM", "read"],
      ["1,652 Stage is sent", "mapped"],
      ["1,643 In time", "in_time"],
      ["1,579 Matched to a person", "identified"],
      ["1,576 Sent to Meta", "sent"],
    ])
      expect(await queryOf(page, `${name}: show them`)).toEqual({ ...time, step });
    expect(await queryOf(page, "9,980 changes from before the start")).toEqual({
      ...time,
      state: "not_sent",
      reason: "not_live,first_reading,before_live",
    });
    expect(await queryOf(page, "3 events waiting")).toEqual({ ...time, state: "waiting" });
    expect(await queryOf(page, "131 Opportunity: show them")).toEqual({
      ...time,
      state: "accepted",
      stage: "Opportunity",
    });
  });

  test("is a count or a percentage, as the reader likes, and the address remembers it", async () => {
    const { page } = await show(overviews.live);
    const link = page.getByRole("link", { name: "Accepted by Meta: show them" });
    await link.waitFor();
    expect(await link.innerText()).toBe("1,570");
    await page.getByText("Percent", { exact: true }).click();
    await link.filter({ hasText: "82.8%" }).waitFor();
    expect(new URL(page.url()).searchParams.get("as")).toBe("share");
    await page.reload();
    await link.filter({ hasText: "82.8%" }).waitFor();
  });

  test("is no percentage where there are too few leads for one, and the page says why", async () => {
    const { page } = await show(overviews.live);
    await page.getByRole("tab", { name: "Salesforce" }).click();
    const funnel = page.getByRole("table", { name: /Salesforce.*by stage/ });
    await funnel.getByText("4 of 15").waitFor();
    await funnel.getByText("37.3%").waitFor();
    await page.getByText("Below 20 leads we show counts: a percentage would say little.").waitFor();
  });
});

describe("what is looked at", () => {
  test("is chosen by range, account and pipeline, stands in the address, and is asked for", async () => {
    const { page } = await show(overviews.live);
    await page.getByText("28 days", { exact: true }).click();
    await expect.poll(asked).toContain("GET /figures?range=28d {}");
    await page.getByRole("combobox", { name: "CRM account" }).selectOption("con_hub");
    await expect.poll(asked).toContain("GET /figures?range=28d&connection=con_hub {}");
    await page.getByRole("combobox", { name: "Pipeline" }).selectOption("renewals");
    await expect.poll(asked).toContain("GET /figures?range=28d&connection=con_hub&pipeline=renewals {}");
    expect(new URL(page.url()).search).toBe("?range=28d&connection=con_hub&pipeline=renewals");
    await page.getByRole("combobox", { name: "CRM account" }).selectOption("con_sf");
    await expect.poll(asked).toContain("GET /figures?range=28d&connection=con_sf {}");
    expect(await page.getByRole("combobox", { name: "Pipeline" }).count()).toBe(0);
  });

  test("stays readable, dimmed, until what is chosen now is there, and nothing moves", async () => {
    const { page } = await show(overviews.live);
    const title = page.getByRole("heading", { name: "Your funnel" });
    await title.waitFor();
    await page.locator("canvas").waitFor();
    const before = await title.boundingBox();
    api().on("GET /figures", () => "silent");
    await page.getByText("24 hours", { exact: true }).click();
    await page.locator("[data-old]").first().waitFor();
    expect((await title.boundingBox())?.y).toBe(before?.y);
    expect(await page.getByText("1,895").first().isVisible()).toBe(true);
  });
});

describe("the chart", () => {
  test("is moved through by arrow keys, tells each column to the eye and to a screen reader, and has its table behind it", async () => {
    const { page, complaints } = await show(overviews.live);
    const chart = page.getByRole("group", { name: /^Stage changes over time/ });
    await page.locator("canvas").waitFor();
    await chart.focus();
    await page.keyboard.press("ArrowLeft");
    const last = figures.busy().series.at(-1);
    const live = page.locator("[aria-live=polite]");
    await expect
      .poll(async () => (await live.allInnerTexts()).join())
      .toContain(`Accepted ${last?.accepted}, Waiting 3`);
    await chart.getByText("Not sent").waitFor();
    await page.keyboard.press("Home");
    await expect.poll(async () => (await live.allInnerTexts()).join()).toContain("Accepted 180");
    expect(await page.getByRole("table", { name: /^Stage changes over time/ }).count()).toBe(0);
    await page.getByText("Show as a table").click();
    expect(
      await page
        .getByRole("table", { name: /^Stage changes over time/ })
        .locator("tbody tr")
        .count(),
    ).toBe(7);
    expect(complaints).toEqual([]);
  });

  test("is left out where it cannot be loaded: its table says the same, and the page stands", async () => {
    const { page } = await show("silent");
    await page.route("**/bar-chart-*.js", (route) => route.abort());
    server().answer(overviews.live);
    await page.reload();
    await page.getByText("The chart could not be loaded. The table below says the same.").waitFor();
    await page.getByText("Show as a table").click();
    expect(
      await page
        .getByRole("table", { name: /^Stage changes over time/ })
        .locator("tbody tr")
        .count(),
    ).toBe(7);
  });

  test("takes the colours of the other scheme at once, and the width of its place", async () => {
    const { page } = await show(overviews.live, { colorScheme: "light" });
    const canvas = page.locator("canvas");
    await canvas.waitFor();
    const drawn = () => page.evaluate(`document.querySelector("canvas").toDataURL()`);
    await page.waitForFunction(`document.querySelector("canvas").toDataURL().length > 2000`);
    const light = await drawn();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(drawn).not.toBe(light);
    await page.setViewportSize({ width: 360, height: 800 });
    await expect.poll(() => overflow(page)).toBe(0);
    await expect.poll(async () => (await canvas.boundingBox())?.width ?? 999).toBeLessThan(340);
  });
});

describe("the overview", () => {
  test("marks what is below Meta's 60% bar with a word, not by colour alone", async () => {
    const { page } = await show(overviews.live);
    await page.getByText("45.8%, below Meta's 60%").waitFor({ state: "attached" });
    expect(await page.getByText(/below Meta's 60%/).count()).toBe(2);
  });

  test("shows labels of others as text, wherever they stand", async () => {
    const markup = '<img src=x onerror="window.hacked=1">';
    const { page, complaints } = await show(overviews.hostile);
    answers(() => {
      const seen = figures.busy();
      return figuresView.parse({
        ...seen,
        connections: seen.connections.map((one) => ({
          ...one,
          name: markup,
          pipelines: [
            { id: "default", label: markup },
            { id: "other", label: markup },
          ],
        })),
        coverage: seen.coverage.map((one, n) => ({ ...one, eventName: `${n}${markup}` })),
        funnels: seen.funnels.map((funnel) => ({
          ...funnel,
          stages: funnel.stages.map((stage) => ({ ...stage, eventName: `${stage.stageId}${markup}${"W".repeat(99)}` })),
        })),
        readiness: {
          ...seen.readiness,
          requirements: seen.readiness.requirements.map((one) => (one.stage ? { ...one, stage: markup } : one)),
        },
      });
    });
    await page.reload();
    await page.getByText(`0${markup}`).waitFor();
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("img:not([src='/favicon.svg']), #root script").count()).toBe(0);
    for (const width of [1440, 768, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(complaints).toEqual([]);
  });

  test("says what could not be loaded and why, keeps the rest readable, and comes back at a press", async () => {
    const { page } = await show(overviews.live);
    api().on("GET /figures", () => ({
      refused: 503,
      code: "store_unavailable",
      title: "The database does not answer",
      detail: "it is starting",
      fix: "Try again in a minute.",
    }));
    await page.reload();
    await page.getByText("We could not load the figures").waitFor();
    await page.getByText("The database does not answer: it is starting.").waitFor();
    expect(await page.getByRole("heading", { name: "Connections" }).isVisible()).toBe(true);
    expect(await page.getByRole("table", { name: /the latest first/ }).isVisible()).toBe(true);
    expect(await accessibility(page)).toEqual([]);
    answers(() => figures.busy());
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("1,895").first().waitFor();
    expect(await page.getByText("We could not load the figures").count()).toBe(0);
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { DeliveriesView } from "../../server/api/deliveries.ts";
import { latest } from "./latest.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { faultsSeen } from "./seen.ts";
import { accessibility, drawerBody, overflow } from "./visit.ts";

const { show, server, api } = openConsole();
const wide = { viewport: { width: 1440, height: 900 } };
const focused = (page: Page) => page.evaluate("document.activeElement.innerText");
/** The address of the refused event. */
const refusedAt = "/deliveries?show=delivery%2Fdst_1%2F4";

const listAt = "/deliveries";

/** The same rows whenever they are asked for. */
function listed(): DeliveriesView {
  const rows = latest();
  api().on("GET /deliveries", () => rows);
  return rows;
}
function tell(delivery: () => object = records.refused): void {
  api().on("GET /deliveries/:dataset/:seq", delivery);
}

describe("an event's page", () => {
  test("opens by Enter on its row, tells all that happened, closes by Escape, and the focus is where it was", async () => {
    listed();
    tell();
    const { page, complaints } = await show(overviews.live, wide, listAt);
    const row = page.getByRole("link", { name: "lead 00QWs000004kT2dMAE" });
    await row.focus();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Working - Contacted" });
    await drawer.getByText("It was given up: Lead id refused.").waitFor();
    expect(page.url()).toBe(`${server().url}${refusedAt}`);
    expect(await focused(page)).toBe("Working - Contacted");
    const steps = await drawer.getByRole("region", { name: "What happened" }).getByRole("listitem").allInnerTexts();
    expect(steps.map((step) => step.split("\n")[0])).toEqual([
      "Stage entered in the CRM",
      "Read and kept",
      "No answer; the same id goes again",
      "Meta refused the request",
      "Set aside, so that others need not wait",
      "Meta refused the request",
      "Given up",
    ]);
    for (const words of [
      "sent with 47 others, given 10 s",
      "sent alone, answered after 182 ms",
      "HTTP 400",
      "BxT9k2LmQ",
    ])
      expect(steps.join("\n")).toContain(words);
    await drawer.getByText("lead_id <b>12345678901234567</b> is not a known lead").waitFor();
    await drawer.getByText("code 100/2804003").first().waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await focused(page)).toContain("00QWs000004kT2dMAE");
    await expect.poll(() => page.url()).toBe(`${server().url}/deliveries`);
    expect(complaints).toEqual([]);
  });

  test("opens by a click anywhere in its row, closes by Back, by its button and beside it; a marked word opens nothing", async () => {
    listed();
    tell(records.accepted);
    const { page } = await show(overviews.live, wide, listAt);
    const row = page.getByRole("row").filter({ hasText: "991142" });
    await row.getByText("Marketing qualified").click();
    await page.getByText("Meta accepted it on").waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await focused(page)).toContain("991142");
    await row.getByText("Marketing qualified").click();
    await page.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await row.getByText("Marketing qualified").click();
    await page.getByRole("dialog").waitFor();
    await page.mouse.click(100, 400);
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await row.getByText("Marketing qualified").dblclick();
    await page.getByRole("dialog").waitFor();
  });

  test("says so where Meta took it without its lead id, and only there", async () => {
    listed();
    tell(records.acceptedWithoutLeadId);
    const { page } = await show(overviews.live, wide, listAt);
    const row = page.getByRole("row").filter({ hasText: "991142" });
    const told = page.getByText("the event went again without it");
    await row.getByText("Marketing qualified").click();
    await told.waitFor();
    await page.keyboard.press("Escape");
    tell(records.accepted);
    await page.getByRole("link", { name: "deal 991141" }).click();
    await page.getByText("Meta accepted it on").waitFor();
    expect(await told.count()).toBe(0);
  });

  test("is reached from row to row by the arrow keys", async () => {
    const { page } = await show(overviews.live, {}, listAt);
    await page.getByRole("link", { name: "deal 991141" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toContain("991143");
    await page.keyboard.press("ArrowUp");
    expect(await focused(page)).toContain("991142");
  });

  test("opens by its address, shows the exact JSON, and copies it digit by digit", async () => {
    tell();
    const { page } = await show(
      overviews.live,
      { ...wide, permissions: ["clipboard-read", "clipboard-write"] },
      refusedAt,
    );
    const json = page.getByRole("figure", { name: "What Meta receives" });
    await json.getByText("12345678901234567").waitFor();
    await json.getByText("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9").first().waitFor();
    await json.getByRole("button", { name: "Copy" }).click();
    await json.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(records.payload());
  });

  test("marks the text for the reader where the browser lets no page copy", async () => {
    tell();
    const { page } = await show(overviews.live, wide, refusedAt);
    const json = page.getByRole("figure", { name: "What Meta receives" });
    await json.getByRole("button", { name: "Copy" }).waitFor();
    await page.evaluate(`Object.defineProperty(navigator, "clipboard", { value: undefined })`);
    await json.getByRole("button", { name: "Copy" }).click();
    await json.getByRole("button", { name: "Marked: copy it with your keyboard" }).waitFor();
    expect(await page.evaluate("JSON.parse(getSelection().toString()).event_id")).toBe("9f1c7d52e0b84a6f");
  });

  test("is accessible in light and dark and fits every width, in every state", async () => {
    api().on("GET /connections/:id/explain", () => records.explanation());
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.preview());
    tell();
    const { page, complaints } = await show(overviews.live, wide, refusedAt);
    const drawer = page.getByRole("dialog");
    await page.emulateMedia({ colorScheme: "dark" });
    await drawer.getByRole("button", { name: "Send again…" }).waitFor();
    expect(await accessibility(page)).toEqual([]);
    await drawer.getByRole("button", { name: "Send again…" }).click();
    await drawer.getByText("What would change").waitFor();
    await drawer.getByRole("button", { name: "Explain, rule by rule" }).click();
    await drawer.getByText("The rules, in their order").or(drawer.getByText("Look again")).first().waitFor();
    expect(await faultsSeen(page, drawerBody)).toEqual([]);
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("folds what Meta answered again and again, and says what is filled and how sure its time is", async () => {
    tell(records.outage);
    const { page } = await show(overviews.live, wide, "/deliveries?show=delivery%2Fdst_1%2F9");
    await page.getByText(/^It waits to be sent; Meta takes it until/).waitFor();
    await page.getByText("38 more requests with the same answer").click();
    expect(await page.getByText("Not taken; tried again later").count()).toBe(40);
    await page.getByText("the CRM knows the day only. The lead jumped over this stage").waitFor();
  });

  test.each([
    [
      "is not kept any more",
      {
        refused: 404,
        code: "not_found",
        title: "Not found",
        detail: "there is no such event, or it is no longer kept",
        fix: "Check the id.",
      },
      "This event is not kept any more",
    ],
    ["cannot be read", 500, "The server answered with status 500."],
    ["is awaited", "silent", "Loading the event"],
  ] as const)("says so where the event %s", async (_, answer, words) => {
    api().on("GET /deliveries/:dataset/:seq", () => answer);
    const { page } = await show(overviews.live, {}, refusedAt);
    await page.getByRole("dialog").getByText(words).waitFor({ state: "attached" });
    expect(await accessibility(page)).toEqual([]);
  });
});

describe("a change that was not sent", () => {
  test("names its rule at once, then every rule with its answer, the match keys and what was left out", async () => {
    const at = listed().deliveries[2]?.changedAt ?? "";
    api().on("GET /connections/:id/explain", () => records.explanation(at));
    const { page, complaints } = await show(overviews.live, wide, listAt);
    await page.getByRole("link", { name: "deal 991143" }).click();
    const drawer = page.getByRole("dialog", { name: "qualifiedtobuy" });
    await drawer.getByText("Nothing was sent for this change: Stage not mapped.").waitFor();
    const rules = drawer.getByRole("list", { name: "The rules, in their order" });
    await rules.first().waitFor();
    const told = await rules.first().getByRole("listitem").allTextContents();
    expect(told).toHaveLength(15);
    expect(told[0]).toMatch(/^Fails: Stage not mapped.*Mend stage_not_mapped\.$/);
    expect(told[1]).toBe("Not looked at: The mapping sends it");
    expect(told[4]).toBe("Holds: Its time is plausible");
    await drawer.getByText("Meta lead id, email, phone").waitFor();
    await drawer.getByText("click id (older than 90 days)").waitFor();
    await drawer.getByText("first name (your settings do not let it be used)").waitFor();
    expect(await accessibility(page)).toEqual([]);
    expect(api().log.filter((asked) => asked.includes("explain"))).toEqual([
      "GET /connections/con_hub/explain?object=deal&record=991143 {}",
    ]);
    expect(complaints).toEqual([]);
  });

  test("leads on to the record's events, shows what is not read yet, and looks again when asked", async () => {
    tell();
    api().on("GET /connections/:id/explain", () => records.explanation());
    const { page } = await show(overviews.live, wide, "/deliveries?show=record%2Fcon_sf%2Flead%2F00QWs000004kT2dMAE");
    const drawer = page.getByRole("dialog");
    await drawer.getByText("It has not been read yet.").waitFor();
    await drawer.getByText("The next reading makes it an event.").waitFor();
    await drawer.getByRole("button", { name: "Look again" }).click();
    await expect.poll(() => api().log.filter((asked) => asked.includes("explain")).length).toBe(2);
    await drawer.getByText("Working - Contacted", { exact: true }).click();
    await drawer.getByRole("link", { name: "Look at its event" }).click();
    await drawer.getByText("It was given up: Lead id refused.").waitFor();
    expect(await accessibility(page)).toEqual([]);
  });

  test.each([
    ["nobody knows the record", () => records.nowhere(), "Neither the CRM nor we know this record."],
    [
      "the CRM does not answer",
      () => ({
        refused: 502,
        code: "crm_unavailable",
        title: "The CRM has a fault",
        detail: "HTTP 503",
        fix: "None: we keep trying.",
      }),
      "The CRM has a fault: HTTP 503.",
    ],
    ["the CRM is being asked", () => "silent" as const, "Asking the CRM about this record"],
    [
      "the person is not kept",
      () => ({ ...records.explanation(), person: "not_kept" as const }),
      "contact data is not kept longer than its event",
    ],
    [
      "the record was deleted",
      () => ({ ...records.explanation(), found: "in_ledger" as const, gone: "deleted" as const }),
      "It was deleted in the CRM.",
    ],
  ])("says so where %s", async (_, answer, words) => {
    api().on("GET /connections/:id/explain", answer);
    const { page } = await show(overviews.live, {}, "/deliveries?show=record%2Fcon_hub%2Fdeal%2F1");
    await page.getByRole("dialog").getByText(words).first().waitFor({ state: "attached" });
    expect(await accessibility(page)).toEqual([]);
  });
});

describe("what others write", () => {
  test("stays text in the drawer, and does not push it apart", async () => {
    const markup = `<img src=x onerror="window.hacked=1">${"W".repeat(240)}`;
    tell(() => ({
      ...records.refused(),
      eventName: markup,
      record: { object: markup, id: markup },
      payload: `{"event_name":${JSON.stringify(markup)}}`,
      timeline: records
        .refused()
        .timeline.map((step) =>
          step.what === "given_up" ? { ...step, words: `\u202E${markup}`, traceId: markup } : step,
        ),
    }));
    const { page, complaints } = await show(overviews.live, {}, refusedAt);
    await page.getByRole("dialog").getByText("<img src=x").first().waitFor();
    for (const width of [1440, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflow(page)).toBe(0);
      expect(await overflow(page, drawerBody)).toBe(0);
    }
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { accessibility, drawerBody, overflow } from "./visit.ts";

const { show, server, api } = openConsole();
const wide = { viewport: { width: 1440, height: 900 } };
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const focused = (page: Page) => page.evaluate("document.activeElement.innerText");
/** The address of the refused event. */
const refusedAt = "/?dataset=dst_1&seq=4";

function tell(delivery: () => object = records.refused): void {
  api().on("GET /deliveries/:dataset/:seq", delivery);
}

describe("an event's page", () => {
  test("opens by Enter on its row, tells all that happened, closes by Escape, and the focus is where it was", async () => {
    tell();
    const { page, complaints } = await show(overviews.live, wide);
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
    expect(page.url()).toBe(`${server().url}/`);
    expect(complaints).toEqual([]);
  });

  test("opens by a click anywhere in its row, closes by Back, by its button and beside it; a marked word opens nothing", async () => {
    tell(records.accepted);
    const { page } = await show(overviews.live, wide);
    const row = page.getByRole("row").filter({ hasText: "991142" });
    await row.getByText("MarketingQualifiedLead").click();
    await page.getByText("Meta accepted it on").waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await focused(page)).toContain("991142");
    await row.getByText("MarketingQualifiedLead").click();
    await page.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await row.getByText("MarketingQualifiedLead").click();
    await page.getByRole("dialog").waitFor();
    await page.mouse.click(100, 400);
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await row.getByText("MarketingQualifiedLead").dblclick();
    await page.getByRole("dialog").waitFor();
  });

  test("is reached from row to row by the arrow keys", async () => {
    const { page } = await show(overviews.live);
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
    await drawer.getByRole("button", { name: "Send again…" }).click();
    await drawer.getByText("What would change").waitFor();
    await drawer.getByRole("button", { name: "Explain, rule by rule" }).click();
    await drawer.getByText("The rules, in their order").or(drawer.getByText("Look again")).first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    for (const width of [768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
      expect(await overflow(page, drawerBody)).toBe(0);
    }
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("folds what Meta answered again and again, and says what is filled and how sure its time is", async () => {
    tell(records.outage);
    const { page } = await show(overviews.live, wide, "/?dataset=dst_1&seq=9");
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
      "There is no such event, or it is no longer kept.",
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

describe("sending an event again", () => {
  test("shows field by field what would change, does it, and follows the event to its new number", async () => {
    let sent = false;
    tell(() => (sent ? records.waiting() : records.refused()));
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.preview());
    api().on("POST /deliveries/:dataset/:seq/redrive", () => {
      sent = true;
      return { datasetId: "dst_1", seq: 77 };
    });
    const { page } = await show(overviews.live, wide, refusedAt);
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("button", { name: "Send again…" }).click();
    const table = drawer.getByRole("table", { name: "What would change" });
    await table.waitFor();
    expect(await table.getByRole("row").nth(1).innerText()).toMatch(
      /user_data.lead_id\s+12345678901234567\s+98765432109876543/,
    );
    expect(await table.getByRole("row").nth(2).innerText()).toMatch(/user_data.fn\s+not there\s+a591a6d4…/);
    await drawer.getByRole("button", { name: "Send as it would be now" }).click();
    await drawer.getByText("It waits to be sent").waitFor();
    await drawer.getByText("Taken up to be sent again").waitFor();
    expect(page.url()).toBe(`${server().url}/?dataset=dst_1&seq=77`);
    expect(posted()).toEqual(['POST /deliveries/dst_1/4/redrive {"as":"rebuilt"}']);
    expect(await drawer.locator("[aria-live=polite]").innerText()).toBe("It is on its way again.");
  });

  test("sends it as it was where nothing would change", async () => {
    tell();
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.unchanged());
    api().on("POST /deliveries/:dataset/:seq/redrive", () => "silent");
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByText("make the same event as before").waitFor();
    expect(await page.getByRole("button", { name: "Send as it would be now" }).count()).toBe(0);
    await page.getByRole("button", { name: "Send as it was" }).click();
    await page.getByRole("button", { name: "Sending…" }).click({ force: true });
    expect(posted()).toEqual(['POST /deliveries/dst_1/4/redrive {"as":"it_was"}']);
  });

  test("names the rule that holds it back, and offers nothing", async () => {
    tell();
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.heldBack());
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByText("A rule says by now that it is not to be sent: Stage switched off").waitFor();
    await page.getByText("What to do: Switch the stage on in the mapping").waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).count()).toBe(0);
    expect(await accessibility(page)).toEqual([]);
  });

  test("says why it cannot be made anew, and still offers it as it was", async () => {
    tell();
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.unknown());
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByText("It cannot be made anew: the CRM does not answer.").waitFor();
    await page.getByRole("button", { name: "Send as it was" }).waitFor();
  });

  test("is not offered once it is too old for Meta", async () => {
    tell(records.tooOld);
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByText(/^It has been too old for Meta since/).waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).count()).toBe(0);
  });

  test("warns where Meta may have taken it and forgotten its id", async () => {
    const unconfirmed = { code: "unconfirmed", title: "Not confirmed", fix: "Look for the stage in Events Manager." };
    tell(() => ({ ...records.refused(), reason: unconfirmed }));
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.unchanged());
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByText("and may count it twice").waitFor();
    expect(await page.getByText("so Meta counts it once").count()).toBe(0);
  });

  test("refuses with the server's words", async () => {
    tell();
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.preview());
    api().on("POST /deliveries/:dataset/:seq/redrive", () => ({
      refused: 409,
      code: "too_old",
      title: "Too old",
      detail: "The stage was entered more than 7 days ago",
      fix: "None: connect sooner next time.",
    }));
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByRole("button", { name: "Send as it was" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("It was not sent again").waitFor();
    expect(await alert.innerText()).toContain("Too old: The stage was entered more than 7 days ago.");
    expect(await alert.innerText()).not.toContain("None:");
  });
});

describe("a change that was not sent", () => {
  test("names its rule at once, then every rule with its answer, the match keys and what was left out", async () => {
    const at = overviews.live().deliveries[2]?.changedAt ?? "";
    const overview = {
      ...overviews.live(),
      deliveries: overviews.live().deliveries.map((row, n) => (n === 2 ? { ...row, changedAt: at } : row)),
    };
    api().on("GET /connections/:id/explain", () => records.explanation(at));
    const { page, complaints } = await show(() => overview, wide);
    await page.getByRole("link", { name: "deal 991143" }).click();
    const drawer = page.getByRole("dialog", { name: "Internal review" });
    await drawer.getByText("Nothing was sent for this change: Stage not mapped.").waitFor();
    const rules = drawer.getByRole("list", { name: "The rules, in their order" });
    await rules.first().waitFor();
    const told = await rules.first().getByRole("listitem").allTextContents();
    expect(told).toHaveLength(15);
    expect(told[0]).toBe("Fails: Stage not mapped");
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
    const { page } = await show(overviews.live, wide, "/?connection=con_sf&object=lead&record=00QWs000004kT2dMAE");
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
    const { page } = await show(overviews.live, {}, "/?connection=con_hub&object=deal&record=1");
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

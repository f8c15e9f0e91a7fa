import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { accessibility } from "./visit.ts";

const { show, server, api } = openConsole();
const wide = { viewport: { width: 1440, height: 900 } };
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
/** The address of the refused event. */
const refusedAt = "/deliveries?show=delivery%2Fdst_1%2F4";

function tell(delivery: () => object = records.refused): void {
  api().on("GET /deliveries/:dataset/:seq", delivery);
}

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
    expect(page.url()).toBe(`${server().url}/deliveries?show=delivery%2Fdst_1%2F77`);
    expect(posted()).toEqual(['POST /deliveries/dst_1/4/redrive {"as":"rebuilt"}']);
    expect(await drawer.locator("[aria-live=polite]").innerText()).toBe("It is on its way again.");
    // The button is gone, and the keyboard has not left the drawer.
    await expect.poll(() => page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
  });

  test("says so where it is given up once more, and asks anew", async () => {
    let sent = false;
    tell(() => (sent ? records.refusedAgain() : records.refused()));
    api().on("GET /deliveries/:dataset/:seq/redrive", () => records.unchanged());
    api().on("POST /deliveries/:dataset/:seq/redrive", () => {
      sent = true;
      return { datasetId: "dst_1", seq: 77 };
    });
    const { page } = await show(overviews.live, wide, refusedAt);
    await page.getByText("It was given up: Lead id refused.").waitFor();
    await page.getByRole("button", { name: "Send again…" }).click();
    await page.getByRole("button", { name: "Send as it was" }).click();
    await page.getByText("It was sent again, and given up again: Lead id refused.").waitFor();
    await page.getByRole("button", { name: "Send again…" }).waitFor();
    expect(await page.getByRole("button", { name: "Send as it was" }).count()).toBe(0);
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

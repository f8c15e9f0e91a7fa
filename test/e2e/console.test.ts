import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { accessibility, visit } from "../browser/visit.ts";
import { type Product, startProduct } from "./product.ts";
import { push } from "./stage-changes.ts";
import { until } from "./until.ts";

let product: Product;
let browser: Browser;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchChromium()]);
  await product.act("hubspot", "create", { object: "deal", person: { metaLeadId: "12345678901234567" } });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test("the console of the running product says the true sentence and shows what Meta has taken, with nothing to complain about", async () => {
  const { status, connections } = await until("something is accepted", async () => {
    const overview = await product.overview();
    return overview.datasets.some(({ lastAcceptedAt }) => lastAcceptedAt) ? overview : undefined;
  });
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/sign-in?as=owner`);
  await page.getByText(/^Live\. Last event accepted/).waitFor();
  expect(status.sentence).toMatch(/^Live\. Last event accepted/);
  await page.getByText("Accepted by Meta").first().waitFor();
  const accounts = page.getByRole("region", { name: "Connections" });
  for (const { crmName } of connections) await accounts.getByText(crmName).first().waitFor();
  expect(await accessibility(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("what Meta refuses is named, looked into and sent again from the console, and a dataset is paused and resumed there", async () => {
  const leadId = "98765432109876543";
  await product.act("meta", "forget", { leadId });
  const pushed = await push(product, "stage-changes", [
    {
      id: "refused-1",
      record_id: "lead-1",
      pipeline: "sales",
      stage: "Prospecting",
      occurred_at: new Date().toISOString(),
      lead_id: leadId,
    },
  ]);
  expect(pushed.status).toBe(202);
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/sign-in?as=owner`);
  const problems = page.getByRole("region", { name: "Open problems" });
  await problems.getByText(/^1 event\. It can be sent again before/).waitFor();
  expect(await accessibility(page)).toEqual([]);
  await problems.getByRole("link", { name: "Lead id refused", exact: true }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Lead id refused" }).waitFor();
  await page.getByText(/^Lead ID invalid/).waitFor();
  expect(await accessibility(page)).toEqual([]);

  // Not by its row: first readings may still fill the list.
  const [event] = await product.sql<{ dataset_id: string; seq: string }>("select dataset_id, seq from dead_event");
  await page.goto(`${product.url()}/deliveries?show=delivery/${event?.dataset_id}/${event?.seq}`);
  const drawer = page.getByRole("dialog");
  await drawer.getByText("It was given up: Lead id refused.").waitFor();
  await drawer.getByRole("button", { name: "Explain, rule by rule" }).press("Enter");
  await drawer.getByText("If it were new now, it would be sent.").waitFor();
  await drawer.getByRole("button", { name: "Send again…" }).press("Enter");
  await drawer.getByRole("button", { name: "Send as it was" }).press("Enter");
  await drawer.getByText("It was sent again, and given up again: Lead id refused.").waitFor();
  expect(await accessibility(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);

  // As long work, which goes on while its reader looks at something else.
  await page.goto(`${product.url()}/problems`);
  await page.getByRole("link", { name: "Lead id refused", exact: true }).first().press("Enter");
  await page.getByRole("button", { name: "Send 1 event again" }).press("Enter");
  await page.getByRole("button", { name: "As they were" }).press("Enter");
  await page.getByRole("progressbar").first().waitFor();
  await page.getByRole("link", { name: "Connections", exact: true }).first().press("Enter");
  await page.getByRole("region", { name: "Under way" }).getByText("1 event is on the way again.").waitFor();

  await page.getByRole("button", { name: "Check now" }).first().press("Enter");
  await page.getByText("The CRM is being looked at now.").first().waitFor();
  await page.getByRole("button", { name: "Pause sending" }).press("Enter");
  await page.getByText("Paused by an admin").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByRole("button", { name: "Pause sending" }).waitFor();
  expect((await product.overview()).datasets.map(({ pausedCode }) => pausedCode)).toEqual([undefined]);
  expect(complaints).toEqual([]);
  await close();
}, 60_000);

test("another field is chosen for the value and saved, and the preview shows what it gives and where it comes from", async () => {
  const { id } = await product.act<{ id: string }>("hubspot", "create", { object: "deal" });
  await product.act("hubspot", "write", { object: "deal", id, properties: { hs_acv: "1200.5" } });
  const { connections } = await product.overview();
  const hubspot = connections.find(({ connector }) => connector === "hubspot")?.id;
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/sign-in?as=owner`);
  await page
    .getByText(/^Live\./)
    .first()
    .waitFor();
  await page.goto(`${product.url()}/mapping/${hubspot}`);
  await page.getByRole("switch", { name: /Send value and currency/ }).press("Space");
  await page.getByRole("button", { name: /^Save (mapping|as suggested)$/ }).click();
  await page
    .getByText(/^Saved as version \d+\.$/)
    .first()
    .waitFor();
  const worth = page.getByRole("region", { name: "What a record is worth" });
  await worth.getByRole("combobox", { name: "Value of a deal" }).click();
  await page.getByRole("option", { name: "Annual contract value · hs_acv" }).click();
  await worth.getByRole("combobox", { name: "Currency" }).fill("swiss");
  await page.getByRole("option", { name: "CHF · Swiss Franc" }).click();
  await worth.getByRole("button", { name: "Save fields" }).click();
  await page.getByText("The fields are saved.").waitFor();
  expect(await accessibility(page)).toEqual([]);

  await page.goto(`${product.url()}/preview?connection=${hubspot}&object=deal&record=${id}`);
  await page.getByText("1200.5").first().waitFor();
  await page.getByText("HubSpot's deal field hs_acv; as it is").waitFor();
  await page.getByText("chosen for all records of this account").waitFor();
  expect(complaints).toEqual([]);
  await close();
}, 60_000);

test("the page that drives the simulated vendors works through the product's own address", async () => {
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/`);
  await page.getByRole("heading", { name: "Salesforce" }).waitFor();
  const meta = page.locator("section", { has: page.getByRole("heading", { name: "Meta", exact: true }) });
  await meta.getByRole("button", { name: "Down" }).click();
  await product.act("hubspot", "create", { object: "deal" });
  await until("Meta is down", async () => {
    const { status } = await product.overview();
    return /Meta did not answer|Meta cannot be reached/.test(status.sentence) ? status : undefined;
  });
  await meta.getByRole("button", { name: "Mend" }).click();
  expect(complaints).toEqual([]);
  await close();
});

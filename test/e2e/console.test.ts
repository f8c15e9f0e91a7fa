import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { accessibility, visit } from "../browser/visit.ts";
import { type Product, startProduct } from "./product.ts";
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
  const { status, deliveries } = await until("something is accepted", async () => {
    const overview = await product.overview();
    return overview.funnel.accepted > 0 ? overview : undefined;
  });
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/sign-in?as=owner`);
  await page.getByText(/^Live\. Last event accepted/).waitFor();
  expect(status.sentence).toMatch(/^Live\. Last event accepted/);
  await page.getByText("Accepted by Meta").first().waitFor();
  for (const source of new Set(deliveries.map(({ leadEventSource }) => leadEventSource)))
    await page.getByText(source).first().waitFor();
  expect(await accessibility(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("the page that drives the simulated vendors works through the product's own address", async () => {
  const { page, complaints, close } = await visit(browser, `${product.url()}/sandbox/`);
  await page.getByRole("heading", { name: "Salesforce" }).waitFor();
  await page.getByRole("button", { name: "Down" }).last().click();
  await product.act("hubspot", "create", { object: "deal" });
  await until("Meta is down", async () => {
    const { status } = await product.overview();
    return /Meta did not answer|Meta cannot be reached/.test(status.sentence) ? status : undefined;
  });
  await page.getByRole("button", { name: "Mend" }).last().click();
  expect(complaints).toEqual([]);
  await close();
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { looksRight, ours, walkFrom } from "./install-walk.ts";
import { type Product, startProduct } from "./product.ts";

let product: Product;
let browser: Browser;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const slow = 90_000;
let people = 0;
const person = () => {
  people += 1;
  return { metaLeadId: `1234567890123400${people}` };
};

test("whoever refuses at HubSpot, or says Not now here, connects nothing and is told so", async () => {
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/sign-in");
  await page.getByRole("button", { name: "Continue with HubSpot" }).click();
  await page.getByRole("link", { name: /^Northwind Dental/ }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "You chose not to connect" }).waitFor();
  await looksRight(page);
  await page.getByRole("link", { name: "Start again" }).click();
  await page.getByRole("button", { name: "Continue with Salesforce" }).click();
  await walk.agree(/Amara Obi/);
  await page.getByRole("button", { name: "Not now" }).click();
  await page.getByRole("heading", { name: "You chose not to connect" }).waitFor();
  await looksRight(page);
  expect(complaints).toEqual([]);
  await close();
});

test("from Install through HubSpot's consent and a pasted Meta token to an accepted event", {
  timeout: slow,
}, async () => {
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/");
  await page.getByRole("heading", { name: "Connect your CRM, and you are signed in" }).waitFor();
  await looksRight(page);
  await page.getByRole("button", { name: "Continue with HubSpot" }).click();
  await page.getByRole("link", { name: /^Brightside Solar/ }).click();
  await walk.agree();
  await walk.confirm("brightside-solar.example");
  await page.getByText("Not set up yet: connect Meta.", { exact: true }).waitFor();
  await looksRight(page);
  await walk.connectMetaByPaste("Brightside leads");
  await walk.goLive("brightside-solar.example");
  await product.act("hubspot", "create", { portal: 2, object: "deal", person: person() });
  await walk.accepted();
  expect(complaints).toEqual([]);
  await close();
});

test("from Install at a HubSpot test account and Facebook Login to an accepted event", { timeout: slow }, async () => {
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/sign-in");
  await page.getByRole("button", { name: "Continue with HubSpot" }).click();
  await page.getByRole("link", { name: /^Kestrel Roofing/ }).click();
  await walk.agree();
  await page.getByText("Test account", { exact: true }).waitFor();
  await walk.confirm("kestrel-roofing.example");
  await walk.connectMetaByLogin("Brightside Solar", /^Brightside CRM leads/);
  await walk.goLive("kestrel-roofing.example");
  await product.act("hubspot", "create", { portal: 3, object: "deal", person: person() });
  await walk.accepted();
  expect(complaints).toEqual([]);
  await close();
});

test.each([
  { place: "Production", user: /Lucía Ortega/, account: "Mirador Legal", org: 2 },
  { place: "Sandbox", user: /Dana Reyes/, account: "Halden Group", org: 3 },
])(
  "from Install at Salesforce ($place) to an accepted event",
  { timeout: slow },
  async ({ place, user, account, org }) => {
    const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/sign-in");
    await page.getByRole("radio", { name: place, exact: true }).check();
    await page.getByRole("button", { name: "Continue with Salesforce" }).click();
    await walk.agree(user);
    await walk.confirm(account);
    await walk.connectMetaByPaste(`${account} leads`);
    await walk.goLive(account);
    await product.act("salesforce", "create", { org, object: "Lead", person: person() });
    await walk.accepted();
    expect(complaints).toEqual([]);
    await close();
  },
);

test("an address that is none of Salesforce's is refused beside its field, and a My Domain leads there", async () => {
  const { page, complaints, close } = await walkFrom(browser, product, "/sign-in");
  await page.getByRole("radio", { name: "My Domain" }).check();
  const field = page.getByLabel("Your My Domain address");
  await field.fill("acme.my.salesforce.com.evil.example");
  await page.getByRole("button", { name: "Continue with Salesforce" }).click();
  await page.getByText("This is no address of Salesforce's").waitFor();
  expect(await page.evaluate("document.activeElement.labels[0].textContent")).toBe("Your My Domain address");
  await looksRight(page);
  const { salesforceSecond } = product.vendors as unknown as { salesforceSecond: string };
  await field.fill(`${salesforceSecond}/lightning/page`);
  await page.getByRole("button", { name: "Continue with Salesforce" }).click();
  await page.getByRole("heading", { name: "Allow access?" }).waitFor();
  expect(new URL(page.url()).origin).toBe(salesforceSecond);
  expect(complaints).toEqual([]);
  await close();
});

test("an account that has a workspace of somebody else's is refused with a clear way on", async () => {
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/install/hubspot");
  await page.getByRole("link", { name: /^Northwind Dental/ }).click();
  await walk.agree();
  await page.getByRole("heading", { name: "The account belongs to another workspace" }).waitFor();
  expect(new URL(page.url()).search).toBe("?code=account_taken");
  await page.goto(`${ours(product)}/members`);
  await page.getByRole("heading", { name: "Connect your CRM, and you are signed in" }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

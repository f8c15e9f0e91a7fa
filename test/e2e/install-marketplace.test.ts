import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { inWorkspace, looksRight, ours, walkFrom } from "./install-walk.ts";
import { type Product, startProduct } from "./product.ts";

let product: Product;
let browser: Browser;
let listing: string;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchChromium()]);
  const { marketplacePath } = await product.act<{ marketplacePath: string }>("hubspot", "app");
  listing = `${product.vendors.hubspot}${marketplacePath}`;
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test("from HubSpot's marketplace, with sign-in at ours first, the browser ends on the marketplace's page and the account is connected", async () => {
  await product.act("hubspot", "app", { partnerSignIn: true });
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/sign-in");
  await page.goto(listing);
  await page.getByLabel("Install in").selectOption({ label: "Brightside Solar" });
  await page.getByRole("button", { name: "Install app" }).click();
  await walk.agree();
  await walk.confirm("brightside-solar.example");
  await page.getByRole("heading", { name: "Stagewire is installed" }).waitFor();
  expect(new URL(page.url()).origin).toBe(product.vendors.hubspot);
  await page.goto(ours(product));
  await inWorkspace(page, "brightside-solar.example");
  expect(complaints).toEqual([]);
  await close();
});

test("from HubSpot's marketplace, straight to consent, the account waits until somebody who is signed in claims it", async () => {
  await product.act("hubspot", "app", { partnerSignIn: false });
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/sign-in");
  await page.goto(listing);
  await page.getByLabel("Install in").selectOption({ label: "Kestrel Roofing test account" });
  await page.getByRole("button", { name: "Install app" }).click();
  await walk.agree();
  await page.waitForURL(`${ours(product)}/claim`);
  await page.getByText("Sign in first, and come back to this page.").waitFor();
  await looksRight(page);
  await page.getByRole("link", { name: "Look at kestrel-roofing.example" }).click();
  await page.getByText("Sign in first. This began outside of Stagewire").waitFor();
  await looksRight(page);
  expect(await page.getByRole("button", { name: "Connect", exact: true }).count()).toBe(0);

  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Enter as owner" }).click();
  await inWorkspace(page, "Demo workspace");
  await page.goto(`${ours(product)}/claim`);
  await page.getByRole("link", { name: "Look at kestrel-roofing.example" }).click();
  await page.getByRole("radio", { name: /^Into Demo workspace/ }).waitFor();
  await page.getByRole("radio", { name: /^Into a new workspace/ }).check();
  await walk.confirm("kestrel-roofing.example");
  await inWorkspace(page, "kestrel-roofing.example");

  await page.getByRole("button", { name: "You: Olivia Owner" }).click();
  await looksRight(page);
  await page.getByRole("button", { name: /^Demo workspace/ }).click();
  await inWorkspace(page, "Demo workspace");
  await page.getByRole("button", { name: "You: Olivia Owner" }).click();
  // Longer than from one look of the page to its next.
  await page.route("**/session/end", async (route) => {
    const answer = await route.fetch();
    await setTimeout(3000);
    await route.fulfill({ response: answer });
  });
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("heading", { name: "Connect your CRM, and you are signed in" }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test("an account that was uninstalled at HubSpot is reconnected by the same consent, into the same workspace", async () => {
  const { page, complaints, close, ...walk } = await walkFrom(browser, product, "/install/hubspot");
  const consent = async () => {
    await page.getByRole("link", { name: /^Brightside Solar/ }).click();
    await walk.agree(/Jana/);
    await page.getByText("This account belongs to your workspace brightside-solar.example.").waitFor();
    await page.getByRole("button", { name: "Renew access and open" }).click();
    await inWorkspace(page, "brightside-solar.example");
  };
  await consent();
  await product.act("hubspot", "uninstall", { portal: 2 });
  await page.goto(`${ours(product)}/setup?step=crm`);
  const crm = page.locator("li[data-step=crm]");
  await crm.and(page.locator("[data-state=attention]")).waitFor({ timeout: 20_000 });
  await looksRight(page);
  await page.getByRole("link", { name: "Reconnect HubSpot" }).click();
  await consent();
  await page.waitForURL(/\/setup$/);
  await crm.and(page.locator("[data-state=done]")).waitFor();
  expect(await page.getByRole("link", { name: "Reconnect HubSpot" }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await close();
}, 60_000);

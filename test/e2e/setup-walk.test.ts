import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { looksRight, ours, walkFrom } from "./install-walk.ts";
import { type Product, startProduct } from "./product.ts";

let product: Product;
let browser: Browser;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct({ ownVendors: true }), launchChromium()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const slow = 150_000;
const step = (page: Page, name: string) =>
  page.locator("li[data-step]").filter({ has: page.getByRole("heading", { name }) });
const status = (page: Page) => page.getByRole("region", { name: "Status" });

/** Counts what a person presses; everything else is reading. */
function counting(page: Page) {
  let clicks = 0;
  const began = Date.now();
  return {
    async press(role: "button" | "link" | "radio", name: string | RegExp): Promise<void> {
      clicks += 1;
      await page
        .getByRole(role, { name, exact: typeof name === "string" })
        .first()
        .click();
    },
    clicks: () => clicks,
    seconds: () => Math.round((Date.now() - began) / 100) / 10,
  };
}

test("from the demo a newcomer sets up a new workspace with nothing but clicks, in under two minutes", {
  timeout: slow,
}, async () => {
  const { page, complaints, close } = await walkFrom(browser, product, "/sandbox/sign-in?as=owner");
  await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
  const { press, clicks, seconds } = counting(page);
  await press("button", /^You: /);
  await press("link", "Set up a new workspace");
  await page.getByRole("heading", { name: "Set up a new workspace" }).waitFor();
  await press("button", "Continue with HubSpot");
  await press("link", /^Brightside Solar/);
  await press("button", "Connect app");
  await page.getByRole("radio", { name: "Into a new workspace", checked: true }).waitFor();
  await press("button", "Connect");

  await page.waitForURL(/\/setup$/);
  await press("link", "Continue with Facebook");
  await press("link", /^Brightside Solar/);
  await press("button", "Continue");
  await page.waitForURL(/\/setup\?login=ready/);
  await press("button", "Connect this dataset");
  await step(page, "Map the stages").and(page.locator("[data-open]")).waitFor();
  await press("button", /^(Save|Confirm)/);

  await step(page, "Preview and test").and(page.locator("[data-open]")).waitFor();
  await press("button", "Send test event");
  await page.getByRole("heading", { name: "Meta accepted it" }).waitFor();
  await press("button", "Continue");
  await step(page, "Go live").and(page.locator("[data-open]")).waitFor();
  await press("radio", /^Also the last 7 days/);
  await press("button", "Start sending");
  await status(page)
    .getByText(/^Live\. Last event accepted/)
    .waitFor({ timeout: 60_000 });
  const took = seconds();
  console.info(`Set up by clicks: ${clicks()} clicks, ${took} s`);
  expect(clicks()).toBeLessThanOrEqual(15);
  expect(took).toBeLessThan(120);
  await page.getByText("Meta accepted the first event.").waitFor();
  await looksRight(page);
  expect(complaints).toEqual([]);
  await close();
});

test("by keyboard alone the whole path is walked, and the focus goes from step to step", {
  timeout: slow,
}, async () => {
  const { page, complaints, close } = await walkFrom(browser, product, "/sign-in?new=1");
  const focused = async (): Promise<string> =>
    page.evaluate(`(() => { const e = document.activeElement;
      const labels = [...(e?.labels ?? [])].map((l) => l.innerText).join(" ");
      return [e?.tagName, e?.getAttribute("aria-label") ?? (labels || e?.innerText)].join(" ").trim(); })()`);
  /** Tab by Tab until what is wanted has the focus; nothing is pressed by a pointer. */
  const reach = async (wanted: RegExp): Promise<void> => {
    const met: string[] = [];
    for (let n = 0; n < 150; n += 1) {
      const here = (await focused()).replaceAll("\n", " ");
      if (wanted.test(here)) return;
      met.push(here);
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${wanted}; it met ${[...new Set(met)].join(" | ")}`);
  };
  const press = async (wanted: RegExp, key = "Enter"): Promise<void> => {
    await reach(wanted);
    await page.keyboard.press(key);
  };
  await page.getByRole("button", { name: "Continue with HubSpot" }).waitFor();
  await press(/^BUTTON Continue with HubSpot/);
  await page.getByRole("heading", { name: "Choose an account" }).waitFor();
  await press(/^A Kestrel Roofing/);
  await page.getByRole("heading", { name: /^Connect Stagewire to/ }).waitFor();
  await press(/^BUTTON Connect app/);
  await page.waitForURL(/\/install\/ins_\w+$/);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
  await press(/^BUTTON Connect$/);
  await page.waitForURL(/\/setup$/);
  await page.getByText("Paste a dataset id and an access token instead").waitFor();
  await press(/^SUMMARY Paste a dataset id/);
  await press(/^BUTTON Fill in from the simulated/);
  await expect.poll(() => page.getByLabel("Dataset id").inputValue()).not.toBe("");
  await press(/^BUTTON Check$/);
  await page.getByRole("button", { name: /^Connect “/ }).waitFor();
  await press(/^BUTTON Connect “/);

  const arrived = async (name: string): Promise<void> => {
    await step(page, name).and(page.locator("[data-open]")).waitFor();
    await expect
      .poll(() => page.evaluate("document.activeElement?.innerText ?? ''"), { timeout: 10_000 })
      .toMatch(new RegExp(`^${name}`));
  };
  await arrived("Map the stages");
  await page.getByRole("button", { name: /^(Save|Confirm)/ }).waitFor();
  await press(/^BUTTON (Save|Confirm)/);
  await arrived("Preview and test");
  await press(/^BUTTON Go on without a test event/);
  await arrived("Go live");
  await press(/^INPUT From now/, "ArrowDown");
  await press(/^BUTTON Start sending/);
  await status(page)
    .getByText(/^Live\. Last event accepted/)
    .waitFor({ timeout: 60_000 });
  expect(new URL(page.url()).origin).toBe(ours(product));
  expect(complaints).toEqual([]);
  await close();
});

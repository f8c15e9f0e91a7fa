import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { accessibility, overflow, type Visit, visit } from "../browser/visit.ts";
import type { Product } from "./product.ts";

/** What a person does in a browser between "Install" and "live". */
export interface Walk extends Visit {
  /** On the CRM's own page, chosen by its words. */
  agree(user?: RegExp): Promise<void>;
  /** Confirms what let us in, in a workspace of its own. */
  confirm(account: string): Promise<void>;
  connectMetaByPaste(name: string): Promise<void>;
  connectMetaByLogin(business: string, dataset: RegExp): Promise<void>;
  goLive(account: string): Promise<void>;
  accepted(): Promise<void>;
}

/** Under the name that vendors lead back to. */
export const ours = (product: Product): string => `http://localhost:${new URL(product.url()).port}`;

export async function walkFrom(browser: Browser, product: Product, path: string): Promise<Walk> {
  const vendors = Object.values(product.vendors).filter((value) => String(value).startsWith("http"));
  const there = await visit(browser, `${ours(product)}${path}`, { viewport: { width: 1280, height: 900 } }, vendors);
  const { page } = there;
  const status = page.getByRole("region", { name: "Status" });
  /** The step lies open, by itself or by a press. */
  async function open(name: string): Promise<void> {
    const step = page.locator("li[data-step]").filter({ has: page.getByRole("heading", { name }) });
    await step.and(page.locator("[data-open]")).waitFor({ timeout: 20_000 });
  }
  return {
    ...there,
    async agree(user) {
      const who = page.getByLabel("You are signed in as");
      if (user) {
        const option = who.locator("option").filter({ hasText: user }).first();
        await who.selectOption({ value: (await option.getAttribute("value")) ?? "" });
      }
      await page.getByRole("button", { name: /^(Connect app|Allow)$/ }).click();
    },
    async confirm(account) {
      await page.getByRole("heading", { name: `Connect ${account}?` }).waitFor();
      await page.waitForURL(/\/install\/ins_\w+$/);
      await looksRight(page);
      await page.getByRole("button", { name: "Connect", exact: true }).click();
    },
    async connectMetaByPaste(name) {
      const { datasetId, token } = await product.act<{ datasetId: string; token: string }>("meta", "grant", { name });
      await open("Connect Meta");
      await page.getByText("Paste a dataset id and an access token instead").click();
      await page.getByLabel("Dataset id").fill(` ${datasetId} `);
      await page.getByLabel("Access token", { exact: true }).fill(token);
      await page.getByRole("button", { name: "Check", exact: true }).click();
      const send = page.locator("li").filter({ hasText: "Right to send" });
      await send.and(page.locator("[data-state=ok]")).waitFor();
      expect(await page.locator("li[data-step=meta] li[data-state=ok]").count()).toBe(5);
      await looksRight(page);
      await page.getByRole("button", { name: `Connect “${name}”` }).click();
    },
    async connectMetaByLogin(business, dataset) {
      await open("Connect Meta");
      await page.getByRole("link", { name: "Continue with Facebook" }).click();
      await page.getByRole("link", { name: business }).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(/\/setup\?login=ready/);
      await page.getByRole("radio", { name: dataset }).check();
      await looksRight(page);
      await page.getByRole("button", { name: "Connect this dataset" }).click();
    },
    async goLive(account) {
      await open("Map the stages");
      await page.getByRole("button", { name: "Save as suggested" }).click({ timeout: 20_000 });
      await open("Preview and test");
      await page.getByRole("button", { name: "Go on without a test event" }).click();
      await open("Go live");
      await page.getByRole("definition").filter({ hasText: account }).first().waitFor();
      await looksRight(page);
      await page.getByRole("button", { name: "Start sending" }).click();
      await status.getByText(/^Live\. \w/).waitFor();
    },
    accepted: () => status.getByText(/^Live\. Last event accepted/).waitFor({ timeout: 25_000 }),
  };
}

/** The page stands within this workspace; the menu, which may lie open, names others too. */
export const inWorkspace = (page: Page, name: string): Promise<void> =>
  page.getByRole("banner").getByText(name, { exact: true }).and(page.locator(":not([popover] *)")).waitFor();

/** For everybody's eyes, in both themes, and on a phone. */
export async function looksRight(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    expect(await accessibility(page)).toEqual([]);
  }
  const size = page.viewportSize() ?? { width: 1280, height: 900 };
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect([width, await overflow(page)]).toEqual([width, 0]);
  }
  await page.setViewportSize(size);
}

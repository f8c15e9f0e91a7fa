import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { addresses } from "../server/api/addresses.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { startProduct } from "../test/e2e/product.ts";
import { push } from "../test/e2e/stage-changes.ts";

/**
 * `node scripts/screenshots.ts [folder]`: the pictures of the docs, taken of the living demo that `npm start` shows. Takes about
 * a minute; needs the built console (`npm start` builds it).
 */
interface Picture {
  readonly name: string;
  readonly address: string;
  readonly scheme: "light" | "dark";
  readonly width: number;
  readonly height?: number;
  /** What is done before it is taken. */
  readonly first?: (page: Page) => Promise<unknown>;
}

const desk = 1280;
const phone = 360;
const firstRow = (page: Page) => page.locator("[data-row]").first().click();
const pictures: readonly Picture[] = [
  { name: "overview", address: addresses.overview, scheme: "light", width: desk },
  { name: "overview-dark", address: addresses.overview, scheme: "dark", width: desk },
  { name: "overview-phone", address: addresses.overview, scheme: "light", width: phone },
  { name: "deliveries", address: addresses.deliveries, scheme: "light", width: desk },
  {
    name: "inspector",
    address: `${addresses.deliveries}?state=accepted`,
    scheme: "light",
    width: desk,
    height: 720,
    first: firstRow,
  },
  { name: "mapping", address: addresses.mapping, scheme: "light", width: desk },
  { name: "preview", address: addresses.preview, scheme: "light", width: desk },
  { name: "problems", address: addresses.problems, scheme: "light", width: desk },
  { name: "problems-phone", address: addresses.problems, scheme: "dark", width: phone },
  { name: "connections", address: addresses.connections, scheme: "light", width: desk },
];
const largest = 150_000;

const folder = process.argv[2] ?? join(import.meta.dirname, "../docs/screenshots");
mkdirSync(folder, { recursive: true });
const [product, browser] = await Promise.all([
  startProduct({ ownVendors: true, goLive: "last-7-days" }),
  launchChromium(),
]);
try {
  await lifelike();
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce" });
  await context.request.get(`${product.url()}/sandbox/sign-in?as=owner`, { maxRedirects: 0 });
  for (const picture of pictures) await take(context, picture);
} finally {
  await browser.close();
  await product.stop();
}

/** The week's events are with Meta, which does not know the lead ids of three: so there is a problem to show. */
async function lifelike(): Promise<void> {
  const stages = [1, 2, 3].map((n) => ({
    id: `unknown-${n}`,
    record_id: `lead-${n}`,
    pipeline: "sales",
    stage: "Prospecting",
    occurred_at: new Date().toISOString(),
    lead_id: `9876543210987654${n}`,
  }));
  for (const { lead_id: leadId } of stages) await product.act("meta", "forget", { leadId });
  await push(product, "stage-changes", stages);
  for (let tries = 0; tries < 120; tries++) {
    const { datasets, problems = 0 } = await product.overview();
    if (problems > 0 && datasets.every(({ waiting, lastAcceptedAt }) => lastAcceptedAt && waiting === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function take(context: BrowserContext, { name, address, scheme, width, height, first }: Picture): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width, height: height ?? (width === phone ? 720 : 860) });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(`${product.url()}${address}`);
  await page.locator("h1").waitFor();
  await page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => undefined); // it asks again every 2 s
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await first?.(page);
  const path = join(folder, `${name}.png`);
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page.screenshot({ path });
  await page.close();
  const { size } = statSync(path);
  console.log(`${name}.png, ${Math.round(size / 1000)} KB${size > largest ? ": too large for the docs" : ""}`);
}

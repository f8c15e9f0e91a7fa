import type { Browser, BrowserContext } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { type Product, startProduct } from "../e2e/product.ts";
import { type Figure, median, percentile } from "./figure.ts";

const rounds = 9;

/** The living demo in a real Chromium: from going to an address until its page says how things stand and can be used. */
export async function openings(): Promise<readonly Figure[]> {
  const [product, browser] = await Promise.all([
    startProduct({ ownVendors: true, goLive: "last-7-days" }),
    launchChromium(),
  ]);
  try {
    const first: Opening[] = [];
    const again: Opening[] = [];
    for (let round = 0; round < rounds; round++) {
      const context = await signedIn(browser, product);
      first.push(await opening(context, product, "/"));
      again.push(await opening(context, product, "/"));
      await context.close();
    }
    const context = await signedIn(browser, product);
    const pages: Figure[] = [];
    for (const address of ["/deliveries", "/problems", "/mapping", "/connections"]) {
      const seen = [];
      for (let round = 0; round < 3; round++) seen.push(await opening(context, product, address));
      pages.push({ figure: `  ${address}, files kept`, value: median(seen.map(({ ms }) => ms)), unit: "ms" });
    }
    return [
      {
        figure: "first opening until the status sentence, median",
        value: median(first.map(({ ms }) => ms)),
        unit: "ms",
        target: 1000,
        atMost: true,
      },
      {
        figure: "  the slowest",
        value: percentile(
          first.map(({ ms }) => ms),
          1,
        ),
        unit: "ms",
      },
      {
        figure: "  script and styles over the wire",
        value: Math.max(...first.map(({ bytes }) => bytes)) / 1000,
        unit: "KB",
      },
      { figure: "opened again, files kept", value: median(again.map(({ ms }) => ms)), unit: "ms" },
      ...pages,
    ];
  } finally {
    await browser.close();
    await product.stop();
  }
}

interface Opening {
  readonly ms: number;
  /** Of scripts and styles. */
  readonly bytes: number;
}

async function signedIn(browser: Browser, product: Product): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.request.get(`${product.url()}/sandbox/sign-in?as=owner`, { maxRedirects: 0 });
  return context;
}

async function opening(context: BrowserContext, product: Product, address: string): Promise<Opening> {
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(`${product.url()}${address}`, { waitUntil: "commit" });
  await page.locator("main section[data-tone]").first().waitFor();
  await page.locator("h1").waitFor();
  const ms = performance.now() - started;
  const bytes: number = await page.evaluate(`
    performance.getEntriesByType("resource").filter(({ name }) => /\\.(js|css)$/.test(name)).reduce((sum, one) => sum + one.transferSize, 0)`);
  await page.close();
  return { ms, bytes };
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Visit {
  page: Page;
  /** What the browser complained about: console errors, thrown errors, breaches of the content policy, foreign requests. */
  complaints: string[];
  close(): Promise<void>;
}

/**
 * Opens a page of the console in a profile of its own and notes everything that must not happen there. `friends`: other origins
 * that a person is led to.
 */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  friends: readonly string[] = [],
): Promise<Visit> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  // Within the patience of a test, so that what is waited for is named.
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    const known = to.origin === origin || friends.includes(to.origin) || to.protocol === "data:";
    if (!known) complaints.push(`foreign request: ${request.url()}`);
  });
  await page.exposeFunction("noteBreach", (breach: string) => complaints.push(`content policy: ${breach}`));
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", (e) => noteBreach(e.effectiveDirective + " " + e.blockedURI));`,
  );
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/**
 * Violations of WCAG 2.2 level AA as axe finds them, one line each; `contrast`: only what another theme can change on a page
 * that was looked at whole.
 */
export async function accessibility(page: Page, only?: "contrast"): Promise<readonly string[]> {
  // Half faded in, everything is too faint; what pulses for ever is not waited for.
  await page.evaluate(`
    Promise.allSettled(document.getAnimations()
      .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime)).map((one) => one.finished))
    .then(() => {})`);
  if (!(await page.evaluate("Boolean(window.axe)"))) await page.evaluate(axeSource);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const rules = only ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: tags };
  return page.evaluate(`
    axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ["violations"] }).then((result) => {
      if (result.passes.length < ${only ? 1 : 10}) throw new Error("axe looked at almost nothing");
      return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.html + " " + node.failureSummary));
    })`);
}

/** How many pixels the page, or a part of it, is wider than what is seen of it. */
export function overflow(page: Page, part = ":root"): Promise<number> {
  const found = `document.querySelector(${JSON.stringify(part)})`;
  // What follows the size of the window (a floating note, a chart) does so a frame later.
  return page.evaluate(`new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() =>
    told(${found}.scrollWidth - ${found}.clientWidth))))`);
}

/** What scrolls in the open drawer. */
export const drawerBody = "dialog > div:nth-of-type(2)";

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createHubspot } from "../../server/sandbox/hubspot/index.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { launchChromium } from "../browser/chromium.ts";

const AXE = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const CHALLENGE = "c".repeat(43);

let browser: Browser;
let sandbox: Sandbox;
let callback: string;
let keys: Record<string, Record<string, string>>;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  browser = await launchChromium();
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  sandbox = await startSandbox({
    dir,
    life: { perMinute: 0 },
    simulators: { hubspot: createHubspot, salesforce: createSalesforce, meta: createMeta },
  });
  const server = createServer((_, response) => void response.end("<!DOCTYPE html><title>Back</title><h1>Back</h1>"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  callback = `http://localhost:${(server.address() as AddressInfo).port}/callback`;
  const app = async (vendor: string, input: object) =>
    (await (
      await fetch(`${sandbox.control}/${vendor}/app`, { method: "POST", body: JSON.stringify(input) })
    ).json()) as Record<string, string>;
  keys = {
    hubspot: await app("hubspot", { redirectUrls: [callback] }),
    salesforce: await app("salesforce", { redirectUris: [callback] }),
    meta: await app("meta", { redirectUris: [callback] }),
  };
  stops.push(
    () => sandbox.close(),
    () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
    () => browser.close(),
    async () => rmSync(dir, { recursive: true }),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const address = (path: string, query: Record<string, string | undefined>): string =>
  `${path}?${new URLSearchParams(Object.entries({ redirect_uri: callback, state: "ours", ...query }) as [string, string][])}`;
const pages: Readonly<Record<string, () => string>> = {
  HubSpot: () =>
    address(`${sandbox.hubspot}/oauth/authorize`, {
      client_id: keys.hubspot?.clientId,
      scope: "oauth crm.objects.contacts.read crm.objects.deals.read",
      optional_scope: "crm.objects.leads.read",
    }),
  "HubSpot's marketplace": () => `${sandbox.hubspot}${keys.hubspot?.marketplacePath}`,
  Salesforce: () =>
    address(`${sandbox.salesforce}/services/oauth2/authorize`, {
      client_id: keys.salesforce?.clientId,
      response_type: "code",
      scope: "api refresh_token openid",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
    }),
  Facebook: () =>
    address(`${sandbox.meta}/v26.0/dialog/oauth`, {
      client_id: keys.meta?.appId,
      config_id: keys.meta?.configId,
      response_type: "code",
    }),
};

async function open(name: string, width = 1200, colorScheme: "light" | "dark" = "light") {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  onTestFinished(() => page.close());
  const faults: string[] = [];
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(pages[name]?.() ?? "");
  return { page, faults };
}
const arrived = async (page: Page): Promise<URLSearchParams> => {
  await page.getByRole("heading", { name: "Back" }).waitFor();
  return new URL(page.url()).searchParams;
};

describe("The consent pages", () => {
  test("of HubSpot lead by keyboard from the accounts to a portal that is not the demo's, and back with a code", async () => {
    const { page, faults } = await open("HubSpot");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Connect Stagewire to Brightside Solar" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect((await arrived(page)).get("code")).toMatch(/^eu1-/);
    expect(faults).toEqual([]);
  });

  test("of HubSpot's marketplace come to the app first", async () => {
    const { page, faults } = await open("HubSpot's marketplace");
    await page.getByLabel("Install in").selectOption({ label: "Kestrel Roofing test account" });
    await page.getByRole("button", { name: "Install app" }).click();
    expect((await arrived(page)).get("step")).toBe("authorize");
    expect(faults).toEqual([]);
  });

  test("of Salesforce let somebody of another org sign in, or deny", async () => {
    const { page, faults } = await open("Salesforce");
    await page.getByLabel("You are signed in as").selectOption({ label: await optionWith(page, "Amara Obi") });
    await page.getByRole("button", { name: "Allow" }).click();
    expect((await arrived(page)).get("state")).toBe("ours");
    await page.goto(pages.Salesforce?.() ?? "");
    await page.getByRole("button", { name: "Deny" }).click();
    expect((await arrived(page)).get("error")).toBe("access_denied");
    expect(faults).toEqual([]);
  });

  test("of Facebook go from the business to its datasets, and come back with a code", async () => {
    const { page, faults } = await open("Facebook");
    await page.getByRole("link", { name: "Brightside Solar" }).click();
    await page.getByLabel("Brightside website").uncheck();
    await page.getByRole("button", { name: "Continue" }).click();
    expect((await arrived(page)).get("code")).toMatch(/^AQ/);
    expect(faults).toEqual([]);
  });

  test.each(Object.keys(pages).flatMap((name) => [[name, 360, "dark"] as const, [name, 1200, "light"] as const]))(
    "of %s fit %i pixels in %s and have no accessibility violations",
    async (name, width, scheme) => {
      const { page } = await open(name, width, scheme);
      const onward = page.getByRole("link").first();
      if (await onward.count()) await check(page, width);
      if (await onward.count()) await onward.click();
      await page.getByRole("button").first().waitFor();
      await check(page, width);
    },
  );
});

async function check(page: Page, width: number): Promise<void> {
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  await page.evaluate(AXE);
  const run = 'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })';
  const report = (await page.evaluate(run)) as { violations: { id: string }[]; passes: unknown[] };
  expect(report.violations.map((each) => each.id)).toEqual([]);
  expect(report.passes.length).toBeGreaterThan(5);
}

const optionWith = async (page: Page, words: string): Promise<string> =>
  (await page.locator("option").allTextContents()).find((text) => text.includes(words)) ?? "";

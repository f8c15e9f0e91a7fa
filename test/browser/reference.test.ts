import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Front, openFront } from "../server/front.ts";
import { launchChromium } from "./chromium.ts";
import { accessibility, overflow, visit } from "./visit.ts";

let browser: Browser;
let front: Front;
beforeAll(async () => {
  [browser, front] = await Promise.all([launchChromium(), openFront()]);
});
afterAll(async () => {
  await browser?.close();
  await front?.close();
});

test.each([
  ["light", 1440],
  ["dark", 1440],
  ["light", 360],
  ["dark", 360],
] as const)("the reference page is for everybody: %s, %i pixels wide", async (colorScheme, width) => {
  const address = `${front.url}/api/reference`;
  const { page, complaints, close } = await visit(browser, address, { colorScheme, viewport: { width, height: 800 } });
  expect(await accessibility(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
  await page.getByRole("link", { name: "Ingest" }).click();
  expect(new URL(page.url()).hash).toBe("#ingest");
  expect(complaints).toEqual([]);
  await close();
});

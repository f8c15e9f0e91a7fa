import type { Page } from "playwright-core";
import { accessibility, overflow } from "./visit.ts";

/**
 * What is wrong with the page as it stands, in both themes and from a wide screen to a narrow phone; `part`: what scrolls by itself
 * on it.
 */
export async function faultsSeen(page: Page, part?: string): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const found = await accessibility(page, colorScheme === "dark" ? "contrast" : undefined);
    faults.push(...found.map((fault) => `${colorScheme}: ${fault}`));
  }
  for (const width of [1440, 768, 360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const over = await overflow(page);
    if (over > 0) faults.push(`at ${width} px it is ${over} px too wide`);
    if (part && (await overflow(page, part)) > 0) faults.push(`at ${width} px ${part} is too wide`);
  }
  return faults;
}

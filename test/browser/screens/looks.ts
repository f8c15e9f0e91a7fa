import type { Page } from "playwright-core";
import { accessibility, overflow } from "../visit.ts";

type Scheme = "light" | "dark";
const height = 800;

/** What is wrong with the page as it stands, at every width and in both themes, one line each. */
export async function flaws(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (where: string, lines: readonly string[]) => found.push(...lines.map((line) => `${where}: ${line}`));
  await wear(page, "light", 1440);
  note("light, 1440", await accessibility(page));
  await wear(page, "dark", 1440);
  note("dark, 1440", await accessibility(page, "contrast"));
  note("1440", await structure(page));
  for (const width of [1440, 768, 360, 320]) note(`${width}`, await sideways(page, width));
  await wear(page, "dark", 360);
  note("dark, 360", await accessibility(page));
  return found;
}

/** The same at one width and in one theme: for states that differ in little. */
export async function flawsAt(page: Page, scheme: Scheme, width: number): Promise<readonly string[]> {
  await wear(page, scheme, width);
  return [...(await accessibility(page)), ...(await structure(page)), ...(await sideways(page, width))];
}

export async function wear(page: Page, colorScheme: Scheme, width: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: "attached" });
}

export async function sideways(page: Page, width: number): Promise<readonly string[]> {
  await page.setViewportSize({ width, height });
  const over = await overflow(page);
  return over > 0 ? [`${over} px too wide: ${await widest(page)}`] : [];
}

/** The elements that stand out beyond the edge, the innermost ones; what scrolls in a box of its own does not. */
function widest(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const edge = document.documentElement.clientWidth + 1;
    const out = (one) => {
      const { left, right } = one.getBoundingClientRect();
      return right > edge || left < -1;
    };
    const boxed = (one) => {
      for (let box = one.parentElement; box && box !== document.body; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== "visible") return true;
      return false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((one) => out(one) && !boxed(one) && ![...one.children].some(out))
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 160)).join(" | ");
  })()`);
}

/** What a page is made of, which axe does not count: its heading, its name, its one main part, the order of its headings. */
export function structure(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const seen = (one) => one.checkVisibility({ visibilityProperty: true });
    const flaws = [];
    const count = (what, wanted) => {
      const found = [...document.querySelectorAll(what)].filter(seen).length;
      if (found !== wanted) flaws.push(found + " of " + what + ", not " + wanted);
    };
    count("h1", 1);
    count("main", 1);
    count("header", 1);
    if (!/ · Stagewire/.test(document.title)) flaws.push("the tab is called " + document.title);
    const top = document.querySelector("dialog:modal") ?? document.body;
    const levels = [...top.querySelectorAll("h1, h2, h3, h4, h5")].filter(seen).map((one) => Number(one.tagName[1]));
    for (const [n, level] of levels.entries())
      if (n > 0 && level > levels[n - 1] + 1) flaws.push("a heading of level " + level + " follows one of level " + levels[n - 1]);
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    for (const id of new Set(ids.filter((one, n) => ids.indexOf(one) !== n))) flaws.push("the id " + id + " is there twice");
    return flaws;
  })()`);
}

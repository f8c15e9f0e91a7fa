import { describe, expect, test } from "vitest";
import type { Overview } from "../../server/api/schema.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { accessibility, drawerBody, overflow } from "./visit.ts";

const { show, api } = openConsole();
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));

/** The live overview with the dataset paused by an admin, or not. */
const dataset = (paused: boolean): Overview => {
  const answer = overviews.live();
  if (!paused) return answer;
  return {
    ...answer,
    status: { ...answer.status, tone: "paused", deadlineAt: overviews.paused().status.deadlineAt },
    datasets: overviews.paused().datasets,
  };
};

describe("a dataset", () => {
  test("is paused after a question in its place, shows its deadline, and is resumed from where the focus is", async () => {
    let paused = false;
    api().on("POST /datasets/:id/pause", () => {
      paused = true;
      return { paused, pausedCode: "by_admin" };
    });
    api().on("POST /datasets/:id/resume", () => {
      paused = false;
      return { paused };
    });
    const { page, complaints } = await show(() => dataset(paused));
    const region = page.getByRole("region", { name: "Meta datasets" });
    await region.getByRole("button", { name: "Pause sending" }).click();
    await region.getByRole("group", { name: "Pause sending to Northwind CRM events?" }).waitFor();
    await region.getByText("Events wait in their order.").waitFor();
    expect(await accessibility(page)).toEqual([]);
    expect(posted()).toEqual([]);
    await region.getByRole("button", { name: "Pause sending" }).click();
    await region.getByText("Paused by an admin").waitFor();
    await region.getByText("First one expires").waitFor();
    await region.getByText("in 4 days").waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Resume sending");
    expect(await accessibility(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await region.getByRole("button", { name: "Pause sending" }).waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Pause sending");
    expect(posted()).toEqual(["POST /datasets/dst_1/pause {}", "POST /datasets/dst_1/resume {}"]);
    expect(complaints).toEqual([]);
  });

  test("takes nobody's focus when it stops by itself", async () => {
    let paused = false;
    const { page } = await show(() => dataset(paused));
    await page.getByRole("button", { name: "Pause sending" }).waitFor();
    paused = true;
    await page.getByRole("button", { name: "Resume sending" }).waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("BODY");
  });

  test("says in the server's words why it was not resumed", async () => {
    api().on("POST /datasets/:id/resume", () => ({
      refused: 404,
      code: "not_found",
      title: "Not found",
      detail: "dataset dst_1",
      fix: "Check the id.",
    }));
    const { page } = await show(() => dataset(true));
    await page.getByRole("button", { name: "Resume sending" }).click();
    await page.getByRole("alert").getByText("Sending was not resumed").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("Dataset dst_1.");
  });
});

describe("a CRM account", () => {
  test("is looked at now, and paused after a question; Cancel leaves it as it is", async () => {
    api().on("POST /connections/:id/check-now", () => ({ asked: true }));
    const { page } = await show(overviews.live);
    const account = page.getByRole("region", { name: "CRM accounts" }).getByRole("listitem").first();
    await account.getByRole("button", { name: "Check now" }).click();
    await account.getByText("The CRM is being looked at now.").waitFor();
    await account.getByRole("button", { name: "Pause reading" }).click();
    await account.getByText("Pause reading Northwind Homes EU?").waitFor();
    await account.getByRole("button", { name: "Cancel" }).click();
    await account.getByRole("button", { name: "Pause reading" }).waitFor();
    expect(posted()).toEqual(["POST /connections/con_hub/check-now {}"]);
  });

  test("that is paused offers to resume and nothing else", async () => {
    api().on("POST /connections/:id/resume", () => "silent");
    const { page } = await show(overviews.paused);
    const account = page.getByRole("region", { name: "CRM accounts" }).getByRole("listitem").first();
    await account.getByRole("button", { name: "Resume reading" }).click();
    await account.getByRole("button", { name: "Resuming…" }).waitFor();
    expect(await account.getByRole("button").allInnerTexts()).toEqual(["Resuming…"]);
    expect(posted()).toEqual(["POST /connections/con_hub/resume {}"]);
  });
});

describe("the days of an account", () => {
  test("say in a line whether they add up, and in a drawer day by day and reason by reason", async () => {
    api().on("GET /connections/:id/reconciliation", ({ params }) =>
      params.id === "con_sf" ? records.daysWrong() : records.days(),
    );
    const { page, complaints } = await show(overviews.live, { viewport: { width: 1440, height: 900 } });
    await page.getByText("Adds up with the CRM", { exact: true }).waitFor();
    await page.getByText("Does not add up with the CRM").waitFor();
    await page.getByRole("link", { name: "Day by day: Northwind Homes Sales" }).click();
    const drawer = page.getByRole("dialog", { name: "Does it add up?" });
    await drawer.getByText("1 day does not add up, of 7 days compared.").waitFor();
    const [today] = await drawer.locator("tbody").all();
    expect(await today?.innerText()).toMatch(/278\s+231\s+3\s+0\s+41\s+0\s+3 changes missing/);
    expect(await today?.innerText()).toContain("31 Stage not mapped");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    for (const width of [768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
      expect(await overflow(page, drawerBody)).toBe(0);
    }
    expect(complaints).toEqual([]);
  });

  test.each([
    ["nothing was compared yet", () => ({ days: [] }), "Nothing is compared yet."],
    ["the server does not tell", () => 500, "We could not load the days"],
    ["the answer is awaited", () => "silent" as const, "Loading the days"],
    ["all add up", records.days, "7 days compared; every one adds up."],
  ])("say so where %s", async (_, answer, words) => {
    api().on("GET /connections/:id/reconciliation", answer);
    const { page } = await show(overviews.live, {}, "/?days=con_sf");
    await page.getByRole("dialog").getByText(words).waitFor({ state: "attached" });
    expect(await accessibility(page)).toEqual([]);
  });
});

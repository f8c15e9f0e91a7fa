import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as problems from "./problems.ts";
import { problemsTold } from "./problems-told.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, api } = openConsole();
const { none, posts, stand } = problemsTold(api);

describe("the problems", () => {
  test("are told with their effect in numbers, since when, who acts, and the way to what mends them", async () => {
    const { page, complaints } = await show(stand(problems.all, none, problems.resolved), {}, "/problems");
    const region = page.getByRole("region", { name: "Open" });
    const blocked = region.getByRole("listitem").filter({ hasText: "Meta says we may not send" });
    await blocked.getByText("128 events are waiting; none is lost before Thursday 08:14.").waitFor();
    for (const words of ["You need to act", "Since 2 hours ago", "Northwind CRM events"])
      expect(await blocked.innerText()).toContain(words);
    await blocked.getByRole("link", { name: "Meta says we may not send to this dataset", exact: true }).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    expect(api().log.find((asked) => asked.includes("state=open"))).toContain("zone=Europe%2FBerlin");
    expect(complaints).toEqual([]);
  });

  test("show the first three, the nearest deadline first, and the rest when asked", async () => {
    const { page } = await show(stand(problems.all), {}, "/problems");
    const titles = page.getByRole("region", { name: "Open" }).getByRole("heading", { level: 3 });
    await titles.first().waitFor();
    expect(await titles.count()).toBe(3);
    await page.getByRole("button", { name: "Show 2 more problems" }).click();
    expect(await titles.count()).toBe(5);
    await page.getByText("Acknowledged by Ana Almeida").waitFor();
    await page.getByRole("button", { name: "Show the first three" }).click();
    expect(await titles.count()).toBe(3);
  });

  test("offer what mends them where one press does", async () => {
    const open = [problems.token(), problems.disconnected(), { ...problems.blocked(), code: "by_admin" }];
    const { page } = await show(
      stand(() => open),
      {},
      "/problems",
    );
    const meta = page.getByRole("link", { name: "Connect Meta again" });
    expect(await meta.getAttribute("href")).toBe("/connect-meta");
    expect(await page.getByRole("link", { name: "Connect HubSpot again" }).getAttribute("href")).toBe(
      "/install/hubspot",
    );
    api().on("POST /datasets/:id/resume", () => ({ paused: false }));
    await page.getByRole("button", { name: "Resume sending" }).click();
    await expect.poll(posts).toEqual(["POST /datasets/dst_1/resume {}"]);
  });

  test("say that there are none, and when the last one was solved", async () => {
    const overview = stand(none, none, problems.resolved);
    const { page, complaints } = await show(
      () => ({ ...overviews.live(), problems: overview().problems }),
      {},
      "/problems",
    );
    await page.getByText(/^No open problems\. The last one was solved on \w{3} \d+ \w{3}, \d\d:\d\d\.$/).waitFor();
    await page.getByText("too old for Meta before it was mended").waitFor();
    expect(api().log.filter((asked) => asked.includes("state=open"))).toEqual([]);
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("say so where they cannot be read, and are read when asked again", async () => {
    const overview = stand(problems.all);
    api().on("GET /problems", () => 502);
    const { page } = await show(overview, {}, "/problems");
    const alert = page.getByRole("alert").filter({ hasText: "We could not load the problems" }).first();
    await alert.getByText("The server answered with status 502.").waitFor();
    expect(await accessibility(page)).toEqual([]);
    stand(problems.all);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByText(/^128 events are waiting/).waitFor();
  });

  test("hold their place while they are read", async () => {
    const overview = stand(problems.all);
    api().on("GET /problems", () => "silent");
    const { page } = await show(overview, {}, "/problems");
    await page.getByRole("region", { name: "Open" }).locator("[aria-busy=true]").waitFor();
    expect(await accessibility(page)).toEqual([]);
  });

  test("fit every width, with labels and words that try to push the page apart or to be markup", async () => {
    const { page, complaints } = await show(
      stand(problems.hostile, () => [problems.muted()]),
      {},
      "/problems",
    );
    await page.getByText("<img src=x onerror=").first().waitFor();
    for (const width of [1440, 768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test("are gone through by j and k, and opened by Enter", async () => {
    api().on("GET /problems/:id", problems.refusedWhole);
    const { page } = await show(stand(problems.all), {}, "/problems");
    await page.getByRole("region", { name: "Open" }).getByRole("heading", { level: 3 }).first().waitFor();
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Meta says we may not send to this dataset");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Lead id refused" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/problems/prb_blocked");
  });
});

test("the muted ones stay in sight below, and are heard of again when an admin wants", async () => {
  let muted = [problems.muted()];
  api().on("POST /problems/:id/unmute", () => {
    muted = [];
    return problems.refused();
  });
  const { page } = await show(
    stand(problems.all, () => muted),
    {},
    "/problems",
  );
  const region = page.getByRole("region", { name: "Muted (1)" });
  await region.getByText(/^Muted until \w{3} \d+ \w{3}, \d\d:\d\d by Ana Almeida$/).waitFor();
  expect(await region.getByText("You need to act").count()).toBe(0);
  await region.getByRole("button", { name: "Unmute" }).click();
  await region.waitFor({ state: "detached" });
  expect(posts()).toEqual(["POST /problems/prb_muted/unmute {}"]);
});

test("the status line never says that nobody needs to act while a problem is open", async () => {
  const open = [problems.refused()];
  stand(() => open);
  const { page } = await show(() => ({ ...overviews.live(), problems: open.length }));
  await page.getByRole("region", { name: "Status" }).getByText("1 open problem").waitFor();
  expect(await page.getByText("Nobody needs to act").count()).toBe(0);
});

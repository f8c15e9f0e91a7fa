import { expect, test } from "vitest";
import type { TaskView } from "../../server/api/tasks.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as problems from "./problems.ts";
import * as tasks from "./tasks.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server, api } = openConsole();
const stand = (now: () => readonly TaskView[]) => {
  api().on("GET /tasks", () => ({ tasks: [...now()] }));
  return overviews.live;
};
const posts = () => api().log.filter((asked) => asked.startsWith("POST"));

test("long work shows on every page how far it is, how fast, and for how long still", async () => {
  const { page, complaints } = await show(
    stand(() => [tasks.redrive(), tasks.baseline(), tasks.erasing()]),
    {},
    "/problems",
  );
  const region = page.getByRole("region", { name: "Under way" });
  const bar = region.getByRole("progressbar", { name: "Sending again: Lead id refused" });
  await bar.waitFor();
  expect(await bar.getAttribute("aria-valuenow")).toBe("25");
  expect(await bar.getAttribute("aria-valuetext")).toBe("1,200 of 4,800 events, 240 a second, about 15 s left");
  expect(await region.getByRole("link", { name: "Sending again: Lead id refused" }).getAttribute("href")).toBe(
    "/problems/prb_refused",
  );
  await region.getByText("31,200 of 84,000 records").waitFor();
  expect(await region.getByRole("progressbar").count()).toBe(2);
  await region.getByRole("button", { name: "Show 1 more" }).click();
  const open = region.getByRole("progressbar", { name: "Erasing a person" });
  expect(await open.getAttribute("aria-valuenow")).toBeNull();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    expect(await accessibility(page)).toEqual([]);
  }
  for (const width of [768, 360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect([width, await overflow(page)]).toEqual([width, 0]);
  }
  expect(complaints).toEqual([]);
});

test("what is not running is not shown, save what ended while somebody watched; that can be put away", async () => {
  let task = tasks.redriven();
  const { page } = await show(
    stand(() => [task]),
    {},
    "/problems",
  );
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByRole("region", { name: "Under way" }).count()).toBe(0);
  task = tasks.redrive();
  await page.getByRole("progressbar").waitFor({ timeout: 15_000 });
  task = tasks.redriven();
  const result = "4,700 events are on the way again; 60 events too old for Meta; 40 events held back by a rule.";
  const region = page.getByRole("region", { name: "Under way" });
  await region.getByText(result).waitFor();
  expect(await page.locator("[aria-live=polite]").first().innerText()).toBe(result);
  await region.getByRole("button", { name: "Hide: Sending again: Lead id refused" }).click();
  await region.waitFor({ state: "detached" });
});

test("it is told aloud as it begins and at each quarter, not every second", async () => {
  let done = 1_300;
  const { page } = await show(
    stand(() => [{ ...tasks.redrive(), done }]),
    {},
    "/problems",
  );
  const live = page.locator("[aria-live=polite]").first();
  const bar = page.getByRole("progressbar");
  await bar.waitFor();
  expect(await live.textContent()).toBe("Sending again: Lead id refused: under way.");
  done = 1_500;
  await expect.poll(() => bar.getAttribute("aria-valuenow"), { timeout: 5_000 }).toBe("31");
  expect(await live.textContent()).toBe("Sending again: Lead id refused: under way.");
  done = 2_500;
  await expect.poll(() => live.textContent(), { timeout: 5_000 }).toBe("Sending again: Lead id refused: 50% done.");
});

test("an admin stops what can be stopped", async () => {
  let task = tasks.redrive();
  api().on("POST /tasks/:id/stop", () => {
    const { leftMs: _, ...rest } = task;
    task = { ...rest, state: "stopped", endedAt: task.movedAt, canStop: false };
    return task;
  });
  const { page } = await show(
    stand(() => [task, tasks.baseline()]),
    {},
    "/problems",
  );
  await page.getByRole("button", { name: "Stop: Sending again: Lead id refused" }).click();
  await page
    .getByRole("region", { name: "Under way" })
    .getByText(/^Stopped after 1,200 of 4,800 events\. 1,180 events are on the way again/)
    .waitFor();
  expect(posts()).toEqual(["POST /tasks/tsk_redrive/stop {}"]);
});

test("stopping a reading says first that it pauses the connection; stopped, it stays so over a reload, and goes on", async () => {
  let task = tasks.baseline();
  api().on("POST /tasks/:id/stop", () => {
    task = tasks.stopped();
    return task;
  });
  api().on("POST /tasks/:id/resume", () => {
    task = tasks.baseline();
    return task;
  });
  const { page, complaints } = await show(
    stand(() => [task]),
    {},
    "/problems",
  );
  const focused = () => page.evaluate("document.activeElement.ariaLabel");
  const region = page.getByRole("region", { name: "Under way" });
  const stop = region.getByRole("button", { name: "Stop: First reading of HubSpot" });
  await stop.click();
  const asked = region.getByRole("group", { name: "Stop reading HubSpot?" });
  await asked.getByText(/^This pauses the connection: nothing more is read from HubSpot/).waitFor();
  await page.keyboard.press("Escape");
  expect(await focused()).toBe("Stop: First reading of HubSpot");
  expect(posts(), "nothing is done by asking").toEqual([]);

  await page.keyboard.press("Enter");
  await asked.getByRole("button", { name: "Stop reading" }).click();
  const goOn = region.getByRole("button", { name: "Go on: First reading of HubSpot" });
  await goOn.waitFor();
  expect(await focused()).toBe("Go on: First reading of HubSpot");
  const told = "Stopped after 31,200 of 84,000 records.";
  await region.getByText(told).waitFor();
  await region.getByText("Stopped by Ana Almeida, 2 hours ago").waitFor();
  expect(await page.locator("[aria-live=polite]").first().textContent()).toContain(told);
  expect(await region.getByText(/left$/).count()).toBe(0);
  expect(await accessibility(page)).toEqual([]);

  await page.reload();
  await region.getByText(told).waitFor();
  expect(await region.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("37");
  await goOn.click();
  await stop.waitFor();
  expect(await focused()).toBe("Stop: First reading of HubSpot");
  await region.getByText("about 3 min left").waitFor();
  expect(posts()).toEqual(["POST /tasks/tsk_baseline/stop {}", "POST /tasks/tsk_baseline/resume {}"]);
  expect(complaints).toEqual([]);
});

test("a reading that was over before it was stopped says so", async () => {
  api().on("POST /tasks/:id/stop", () => ({
    refused: 409,
    code: "conflict",
    title: "It changed meanwhile",
    detail: "it is over already",
    fix: "Look again.",
  }));
  const { page } = await show(
    stand(() => [tasks.baseline()]),
    {},
    "/connections",
  );
  await page.getByRole("button", { name: "Stop: First reading of HubSpot" }).click();
  await page.getByRole("button", { name: "Stop reading" }).click();
  await page.getByRole("alert").getByText("It was not stopped").waitFor();
});

test("what a connection's bar stops and lets go on is not offered twice beside it", async () => {
  let task = tasks.baseline();
  const { page } = await show(
    stand(() => [task]),
    {},
    "/connections",
  );
  const account = page.getByRole("listitem").filter({ hasText: "Northwind Homes EU" });
  await account.getByRole("button", { name: "Stop: First reading of HubSpot" }).waitFor();
  expect(await account.getByRole("button", { name: "Pause reading" }).count()).toBe(0);
  task = tasks.stopped();
  await account.getByRole("button", { name: "Go on: First reading of HubSpot" }).waitFor({ timeout: 15_000 });
  expect(await account.getByRole("button", { name: "Resume reading" }).count()).toBe(0);
  task = { ...task, state: "done", canResume: false };
  await page.reload();
  await account.getByRole("button", { name: "Pause reading" }).waitFor();
});

test("an erasure says that nobody stops it, and an account that is lost that somebody has to connect it again", async () => {
  const { page } = await show(
    stand(() => [tasks.erasing(), tasks.shutOut()]),
    {},
    "/problems",
  );
  await page.getByText("cannot be stopped").waitFor();
  await page
    .getByText("HubSpot no longer lets us in; it goes on from here once the account is connected again.")
    .waitFor();
  expect(await page.getByRole("button", { name: /^(Stop|Go on)/ }).count()).toBe(0);
});

test("a viewer sees it and is offered neither its end nor its going on", async () => {
  const { owner } = server();
  if (!owner.signedIn || !owner.workspace) throw new Error("nobody is signed in");
  server().session({ ...owner, workspace: { ...owner.workspace, role: "viewer" } });
  const { page } = await show(
    stand(() => [tasks.redrive(), tasks.stopped()]),
    {},
    "/problems",
  );
  await page.getByRole("progressbar").first().waitFor();
  expect(await page.getByRole("button", { name: /^(Stop|Go on)/ }).count()).toBe(0);
  server().session(owner);
});

test("where a page tells of it in its own place it is not told twice", async () => {
  const overview = stand(() => [tasks.redrive(), tasks.baseline()]);
  api().on("GET /problems/:id", () => ({ ...problems.refusedWhole(), task: tasks.redrive() }));
  const { page } = await show(overview, {}, "/connections");
  await page.getByRole("region", { name: "CRM accounts" }).getByRole("progressbar").waitFor();
  const bars = async () => await page.getByRole("progressbar").allInnerTexts();
  expect((await bars()).length).toBe(2);
  await page.getByRole("link", { name: "Sending again: Lead id refused" }).click();
  await page.getByRole("region", { name: "How to fix it" }).getByRole("progressbar").waitFor();
  expect((await bars()).length).toBe(2);
  await page.getByRole("region", { name: "Under way" }).getByText("First reading of HubSpot").waitFor();
});

test("what waits says for what, and claims no time left", async () => {
  const { page } = await show(
    stand(() => [tasks.waiting()]),
    {},
    "/problems",
  );
  await page.getByText("Waits: The CRM's request limit. We try again by ourselves.").waitFor();
  expect(await page.getByText(/left$/).count()).toBe(0);
  expect(await accessibility(page)).toEqual([]);
});

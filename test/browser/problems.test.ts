import { describe, expect, test } from "vitest";
import type { ProblemDetail } from "../../server/api/problems.ts";
import type { Overview } from "../../server/api/schema.ts";
import type { Asked } from "./api.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as problems from "./problems.ts";
import * as tasks from "./tasks.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server, api } = openConsole();

type Problems = ReturnType<typeof problems.all>;
const none = (): Problems => [];
/** The overview and the lists agree; both change together when the test says so. */
function stand(open: () => Problems, muted = none, resolved = none): () => Overview {
  api().on("GET /problems", ({ query }: Asked) => {
    const { state } = query as { state: string };
    return { problems: state === "open" ? open() : state === "muted" ? muted() : resolved() };
  });
  return () => ({ ...overviews.refusing(), problems: open().length });
}
/** One problem, as the test says. */
function standOne(detail: () => ProblemDetail): () => Overview {
  api().on("GET /problems/:id", detail);
  return stand(() => [detail()]);
}
const posts = () => api().log.filter((asked) => asked.startsWith("POST"));

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

describe("one problem", () => {
  const at = "/problems/prb_refused";

  test("is told whole: what happened, what it means, how it is mended step by step, examples, history", async () => {
    const { page, complaints } = await show(standOne(problems.refusedWhole), {}, at);
    await page.getByRole("heading", { level: 1, name: "Lead id refused" }).waitFor();
    const steps = page.getByRole("region", { name: "How to fix it" }).getByRole("listitem");
    expect(await steps.count()).toBe(3);
    expect(await steps.nth(0).getByRole("link").getAttribute("href")).toBe(
      "/deliveries?state=refused&dataset=dst_1&reason=refused_lead_id",
    );
    expect(await steps.nth(1).getByRole("link").getAttribute("href")).toBe("/mapping/con_hub");
    await steps.nth(2).getByRole("button", { name: "Send 42 events again" }).waitFor();
    expect(await page.getByRole("region", { name: "Examples" }).getByRole("link").count()).toBe(5);
    const history = page.getByRole("region", { name: "History" });
    for (const words of [
      "Opened",
      "Mail to 2 people: it was opened",
      "Acknowledged by Ana Almeida",
      "Sent again: 30 events",
    ])
      await history.getByText(words).first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  test("fits every width, whatever its labels and Meta's words are", async () => {
    const { page, complaints } = await show(standOne(problems.hostileWhole), {}, at);
    await page.getByText("<img src=x onerror=").first().waitFor();
    for (const width of [1440, 768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test("that stands still offers to resume it where its steps come to it", async () => {
    const { page } = await show(standOne(problems.blockedWhole), {}, "/problems/prb_blocked");
    api().on("POST /datasets/:id/resume", () => ({ paused: false }));
    await page.getByRole("button", { name: "Resume sending" }).press("Enter");
    await expect.poll(posts).toEqual(["POST /datasets/dst_1/resume {}"]);
  });

  test("that is solved says so, and offers nothing", async () => {
    const { page } = await show(standOne(problems.resolvedWhole), {}, at);
    await page.getByText(/^Solved on .* Nothing is left to do about it\.$/).waitFor();
    expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
    expect(await accessibility(page)).toEqual([]);
  });

  test("that is not there says so, and leads back", async () => {
    const overview = stand(problems.all);
    const { page } = await show(overview, {}, "/problems/prb_nothere");
    await page.getByRole("heading", { level: 1, name: "There is no such problem" }).waitFor();
    await page.getByRole("link", { name: "All problems" }).click();
    await page.getByRole("heading", { level: 1, name: "Problems" }).waitFor();
  });

  test("is acknowledged, and then nobody is asked to again", async () => {
    let state: "open" | "acknowledged" = "open";
    const overview = standOne(() => ({ ...problems.refusedWhole(), state }));
    api().on("POST /problems/:id/acknowledge", () => {
      state = "acknowledged";
      return { ...problems.refused(), state };
    });
    const { page } = await show(overview, {}, at);
    await page.getByRole("button", { name: "Acknowledge" }).press("Enter");
    await page.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" });
    expect(posts()).toEqual(["POST /problems/prb_refused/acknowledge {}"]);
    expect(await page.evaluate("document.activeElement === document.body")).toBe(false);
  });

  test("is muted for as long as is chosen; for ten seconds the button undoes it", async () => {
    let state: "open" | "muted" = "open";
    const view = () => ({ ...(state === "muted" ? problems.muted() : problems.refused()), id: "prb_refused" });
    const overview = standOne(() => ({ ...problems.refusedWhole(), ...view() }));
    api().on("POST /problems/:id/mute", () => {
      state = "muted";
      return view();
    });
    api().on("POST /problems/:id/unmute", () => {
      state = "open";
      return view();
    });
    const { page } = await show(overview, {}, at);
    await page.clock.install();
    await page.getByRole("button", { name: "Mute" }).click();
    await page.getByText(/It comes back by itself if twice as much is affected/).waitFor();
    expect(await accessibility(page)).toEqual([]);
    await page.getByRole("button", { name: "7 days" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Mute" }).waitFor();
    await page.getByRole("button", { name: "Mute" }).click();
    await page.getByRole("button", { name: "1 day" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.clock.runFor(10_500);
    await page.getByRole("button", { name: "Unmute" }).waitFor();
    expect(posts()).toEqual([
      'POST /problems/prb_refused/mute {"days":7}',
      "POST /problems/prb_refused/unmute {}",
      'POST /problems/prb_refused/mute {"days":1}',
    ]);
  });

  test("tells a viewer how it is mended, and who can", async () => {
    const { owner } = server();
    if (!owner.signedIn || !owner.workspace) throw new Error("nobody is signed in");
    server().session({ ...owner, workspace: { ...owner.workspace, role: "viewer" } });
    const { page } = await show(standOne(problems.refusedWhole), {}, at);
    await page.getByText("An admin of this workspace can send events again, acknowledge and mute.").waitFor();
    expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
    server().session(owner);
  });
});

describe("sending all of a problem again", () => {
  const at = "/problems/prb_refused";

  test("asks how, begins it, and shows how far it is until it is done", async () => {
    let task: ProblemDetail["task"];
    const overview = standOne(() => ({ ...problems.refusedWhole(), ...(task && { task }) }));
    api().on("POST /problems/:id/redrive", () => {
      task = tasks.redrive();
      return task;
    });
    const { page } = await show(overview, {}, at);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByText("How shall the 42 events be sent again?").waitFor();
    await page.getByText("Meta takes them within a few seconds", { exact: false }).waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("As they would be now");
    expect(await accessibility(page)).toEqual([]);
    await page.keyboard.press("Enter");
    const bar = page.getByRole("region", { name: "How to fix it" }).getByRole("progressbar");
    await bar.waitFor();
    expect(await bar.getAttribute("aria-valuenow")).toBe("25");
    expect(posts()).toEqual(['POST /problems/prb_refused/redrive {"as":"rebuilt"}']);
    expect(await page.getByRole("button", { name: "Send 42 events again" }).count()).toBe(0);
    task = tasks.redriven();
    await page
      .getByText("4,700 events are on the way again; 60 events too old for Meta; 40 events held back by a rule.")
      .waitFor({ timeout: 10_000 });
  });

  test("is put away by Escape, and the focus is where it was", async () => {
    const { page } = await show(standOne(problems.refusedWhole), {}, at);
    const send = page.getByRole("button", { name: "Send 42 events again" });
    await send.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "As they were" }).waitFor();
    await page.keyboard.press("Escape");
    await send.waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Send 42 events again");
    expect(posts()).toEqual([]);
  });

  test("shows that it is under way, and takes no second press", async () => {
    const overview = standOne(problems.refusedWhole);
    api().on("POST /problems/:id/redrive", () => "silent");
    const { page } = await show(overview, {}, at);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByRole("button", { name: "As they were" }).click();
    await page.getByRole("button", { name: "Beginning…" }).click({ force: true });
    expect(posts()).toEqual(['POST /problems/prb_refused/redrive {"as":"it_was"}']);
  });

  test("refuses with the server's words", async () => {
    const overview = standOne(problems.refusedWhole);
    api().on("POST /problems/:id/redrive", () => ({
      refused: 503,
      code: "store_unavailable",
      title: "The database is not reachable",
      detail: "connection refused",
      fix: "Bring the database back.",
    }));
    const { page } = await show(overview, {}, at);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByRole("button", { name: "As they were" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("Sending again was not begun").waitFor();
    await alert.getByText("The database is not reachable: connection refused.").waitFor();
    expect(await accessibility(page)).toEqual([]);
  });
});

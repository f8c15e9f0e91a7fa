import { beforeEach, describe, expect, test } from "vitest";
import type { Overview } from "../../server/api/schema.ts";
import { ago, day } from "./ago.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { faultsSeen } from "./seen.ts";
import { accessibility, drawerBody } from "./visit.ts";
import * as workspace from "./workspace-answers.ts";

const { show: open, api, server } = openConsole();
/** What does not show within seconds never does. */
const show: typeof open = async (...asked) => {
  const visit = await open(...asked);
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const at = "/connections";
const as = (role: "owner" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => as("owner"));

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

describe("the connections", () => {
  test("show who let us in, since when, what we may read, and where events go, in both themes and on a phone", async () => {
    const { page, complaints } = await show(overviews.live, { viewport: { width: 1440, height: 900 } }, at);
    const hubspot = page
      .getByRole("listitem")
      .filter({ has: page.getByRole("heading", { name: "Northwind Homes EU" }) });
    await hubspot.getByText("Ana Admin").waitFor();
    for (const words of ["24708123", "Northwind CRM events", "Live since", "1,284"])
      await hubspot.getByText(words).first().waitFor();
    await hubspot.getByText("What it may read (3)").click();
    await hubspot.getByText("if the account has it").waitFor();
    const salesforce = page
      .getByRole("listitem")
      .filter({ has: page.getByRole("heading", { name: "Northwind Homes Sales" }) });
    for (const words of ["Test account", "somebody who is gone", "nowhere yet", "not live"])
      await salesforce.getByText(words).first().waitFor();
    await page.getByText("signing in at Meta").waitFor();
    await page.getByText("561872340019").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("can be looked at by viewers, who are told who can do more, and changed by none of them", async () => {
    as("viewer");
    const { page } = await show(overviews.live, {}, at);
    await page.getByText("Only admins can pause, reconnect or disconnect.").waitFor();
    await page.getByRole("heading", { name: "Northwind Homes EU" }).waitFor();
    const names = await page.locator("main").getByRole("button").allInnerTexts();
    expect(names.filter((name) => /pause|resume|disconnect|check|connect/i.test(name))).toEqual([]);
    expect(
      await page
        .locator("main")
        .getByRole("link", { name: /connect/i })
        .count(),
    ).toBe(0);
  });

  test("say what will be there before anything is connected, and the one step that begins it", async () => {
    api().on("GET /connections", () => ({ connections: [], datasets: [] }));
    const { page } = await show(overviews.empty, {}, at);
    await page.getByText("No CRM is connected yet.").waitFor();
    expect(await page.getByRole("link", { name: "Connect a CRM account" }).getAttribute("href")).toBe("/sign-in");
    expect(await page.getByRole("link", { name: "Connect a dataset" }).getAttribute("href")).toBe("/connect-meta");
    expect(await accessibility(page)).toEqual([]);
  });

  test("say in the server's words why they could not be loaded, and are loaded on request", async () => {
    api().on("GET /connections", () => 500);
    const { page } = await show(overviews.live, {}, at);
    await page.getByText("We could not load who connected what").waitFor();
    api().on("GET /connections", workspace.connections);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Northwind Homes EU" }).waitFor();
  });

  test("that were lost or disconnected stay readable, and lead back", async () => {
    const { connections: accounts, datasets } = workspace.connections();
    const [hubspot, salesforce] = accounts;
    const [one] = datasets;
    if (!hubspot || !salesforce || !one) throw new Error("there is an account of each");
    api().on("GET /connections", () => ({
      connections: [{ ...hubspot, disconnectedAt: ago(day) }, salesforce],
      datasets: [{ ...one, accessEndsAt: ago(-3 * day) }],
    }));
    const lost = (): Overview => {
      const answer = overviews.live();
      const disconnected = { state: "disconnected", pausedCode: "crm_disconnected" } as const;
      return { ...answer, connections: answer.connections.map((each) => ({ ...each, ...disconnected })) };
    };
    const { page } = await show(lost, {}, at);
    await page.getByText("We read nothing from HubSpot any more.").waitFor();
    expect(await page.getByRole("link", { name: "Reconnect HubSpot" }).getAttribute("href")).toBe("/install/hubspot");
    await page.getByText("Salesforce no longer lets us in.").waitFor();
    expect(await page.getByRole("link", { name: "Reconnect Salesforce" }).getAttribute("href")).toBe("/sign-in");
    await page.getByText("The access ends soon.").waitFor();
    await page.getByRole("link", { name: "Connect the dataset again" }).waitFor();
    expect(await accessibility(page)).toEqual([]);
  });
});

describe("a dataset", () => {
  test("is paused at once and undone from where the focus is; who paused it is told", async () => {
    let paused = false;
    api().on("POST /datasets/:id/pause", () => {
      paused = true;
      return { paused, pausedCode: "by_admin" };
    });
    api().on("POST /datasets/:id/resume", () => {
      paused = false;
      return { paused };
    });
    api().on("GET /connections", () => {
      const answer = workspace.connections();
      const by = { id: "usr_1", name: "Olivia Owner" };
      return {
        ...answer,
        datasets: answer.datasets.map((one) => ({ ...one, ...(paused && { paused: { at: ago(1), by } }) })),
      };
    });
    const { page, complaints } = await show(() => dataset(paused), {}, at);
    const region = page.getByRole("region", { name: "Meta datasets" });
    await region.getByRole("button", { name: "Pause sending" }).click();
    await region.getByText("Events wait in their order.").waitFor();
    await region.getByText("Paused by Olivia Owner").waitFor();
    await region.getByText("First one expires").waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Undo");
    expect(await accessibility(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await region.getByRole("button", { name: "Pause sending" }).waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Pause sending");
    expect(posted()).toEqual(["POST /datasets/dst_1/pause {}", "POST /datasets/dst_1/resume {}"]);
    expect(complaints).toEqual([]);
  });

  test("takes nobody's focus when it stops by itself, and offers to resume", async () => {
    let paused = false;
    const { page } = await show(() => dataset(paused), {}, at);
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
    const { page } = await show(() => dataset(true), {}, at);
    await page.getByRole("button", { name: "Resume sending" }).click();
    await page.getByRole("alert").getByText("Sending was not resumed").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("Dataset dst_1.");
  });

  test("is disconnected only by whoever knows how many events are lost by it", async () => {
    let waiting = 5;
    api().on("POST /datasets/:id/disconnect", ({ body }) => {
      const { confirm } = body as { confirm?: number };
      const disconnected = confirm === waiting;
      return { disconnected, waiting };
    });
    const { page } = await show(overviews.live, {}, at);
    const region = page.getByRole("region", { name: "Meta datasets" });
    await region.getByRole("button", { name: "Disconnect dataset" }).click();
    const asked = region.getByRole("group", { name: "Disconnect Northwind CRM events?" });
    await asked.getByText("3 events wait for it.").waitFor();
    await asked.getByText("What stays: the mapping").waitFor();
    expect(await accessibility(page)).toEqual([]);
    await asked.getByRole("button", { name: "Disconnect, 3 events waiting" }).click();
    await asked.getByText("Nothing was done: by now 5 events wait.").waitFor();
    await asked.getByRole("button", { name: "Disconnect, 5 events waiting" }).click();
    await expect
      .poll(posted)
      .toEqual(['POST /datasets/dst_1/disconnect {"confirm":3}', 'POST /datasets/dst_1/disconnect {"confirm":5}']);
    waiting = 0;
  });
});

describe("a CRM account", () => {
  const account = "Northwind Homes EU";

  test("is looked at now, and paused without a question", async () => {
    api().on("POST /connections/:id/check-now", () => ({ asked: true }));
    api().on("POST /connections/:id/pause", () => ({ paused: true, pausedCode: "by_admin" }));
    const { page } = await show(overviews.live, {}, at);
    const one = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: account }) });
    await one.getByRole("button", { name: "Check now" }).click();
    await one.getByText("The CRM is being looked at now.").waitFor();
    await one.getByRole("button", { name: "Pause reading" }).click();
    await expect.poll(posted).toEqual(["POST /connections/con_hub/check-now {}", "POST /connections/con_hub/pause {}"]);
  });

  test("is disconnected after it was said what stops and what stays, and then says what is left to do", async () => {
    let gone = false;
    api().on("POST /connections/:id/disconnect", () => {
      gone = true;
      const left = [{ what: "The app's entry", howTo: "Remove it under Connected apps." }];
      return { disconnected: true, removed: ["Our access"], left, pending: true };
    });
    api().on("GET /connections", () => {
      const { connections: accounts, datasets } = workspace.connections();
      const end = gone ? { disconnectedAt: ago(0) } : {};
      return { datasets, connections: accounts.map((one) => (one.id === "con_hub" ? { ...one, ...end } : one)) };
    });
    const { page } = await show(overviews.live, {}, at);
    const one = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: account }) });
    await one.getByRole("button", { name: "Disconnect account" }).click();
    const asked = one.getByRole("group", { name: `Disconnect ${account}?` });
    await asked.getByText("What stops: reading HubSpot").waitFor();
    await asked.getByRole("button", { name: "Keep it connected" }).click();
    expect(posted()).toEqual([]);
    await one.getByRole("button", { name: "Disconnect account" }).click();
    await asked.getByRole("button", { name: "Disconnect account" }).click();
    await one.getByText("HubSpot did not answer just now.").waitFor();
    await one.getByText("The app's entry: Remove it under Connected apps.").waitFor();
    await one.getByRole("link", { name: "Reconnect HubSpot" }).waitFor();
    expect(await accessibility(page)).toEqual([]);
  });
});

describe("the days of an account", () => {
  test("say in a line whether they add up, and in a drawer day by day and reason by reason", async () => {
    api().on("GET /connections/:id/reconciliation", ({ params }) =>
      params.id === "con_sf" ? records.daysWrong() : records.days(),
    );
    const { page, complaints } = await show(overviews.live, { viewport: { width: 1440, height: 900 } }, at);
    await page.getByText("Adds up with the CRM", { exact: true }).waitFor();
    await page.getByText("Does not add up with the CRM").waitFor();
    await page.getByRole("link", { name: "Day by day: Northwind Homes Sales" }).click();
    const drawer = page.getByRole("dialog", { name: "Does it add up?" });
    await drawer.getByText("1 day does not add up, of 7 days compared.").waitFor();
    const [today] = await drawer.locator("tbody").all();
    expect(await today?.innerText()).toMatch(/278\s+231\s+3\s+0\s+41\s+0\s+3 changes missing/);
    expect(await today?.innerText()).toContain("31 Stage not mapped");
    expect(await faultsSeen(page, drawerBody)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each([
    ["nothing was compared yet", () => ({ days: [] }), "Nothing is compared yet."],
    ["the server does not tell", () => 500, "We could not load the days"],
    ["the answer is awaited", () => "silent" as const, "Loading the days"],
    ["all add up", records.days, "7 days compared; every one adds up."],
  ])("say so where %s", async (_, answer, words) => {
    api().on("GET /connections/:id/reconciliation", answer);
    const { page } = await show(overviews.live, {}, "/connections?show=days/con_sf");
    await page.getByRole("dialog").getByText(words).waitFor({ state: "attached" });
    expect(await accessibility(page)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { DeliveriesView, ListedDelivery } from "../../server/api/deliveries.ts";
import { ago, day } from "./ago.ts";
import { choices, kinds, listed, listing } from "./listed.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as records from "./records.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server, api } = openConsole();
const wide = { viewport: { width: 1440, height: 900 } };
const at = "/deliveries";

/** What the list was asked for, in order, without what is asked again and again. */
const asked = (): readonly string[] => [
  ...new Set(api().log.flatMap((line) => /^GET \/deliveries\?(\S+)/.exec(line)?.[1] ?? [])),
];
/** The same rows whenever they are asked for, until others are put in their place. */
function tell(view: DeliveriesView): (next: DeliveriesView) => void {
  let now = view;
  api().on("GET /deliveries", ({ query }) => ((query as { before?: string }).before ? listing([]) : now));
  return (next) => {
    now = next;
  };
}
const many = (from: number, count: number, more: Partial<ListedDelivery> = {}): ListedDelivery[] =>
  Array.from({ length: count }, (_, n) => listed(from + n, more));

describe("the deliveries page", () => {
  test("tells of each what became of it, in light and dark, at every width", async () => {
    tell(listing(kinds(), { next: "more" }));
    const { page, complaints } = await show(overviews.live, wide, at);
    const row = (name: string) => page.getByRole("row").filter({ hasText: name });
    await row("991001").getByText("Accepted").waitFor();
    expect(await row("991002").innerText()).toMatch(
      /Meta has a fault\s*tried 2 times · next try in 4 minutes · Meta takes it until/,
    );
    expect(await row("991003").innerText()).toMatch(/Paused by an admin\s*not tried yet · Meta takes it until/);
    await row("991004").getByText("No lead behind the record").waitFor();
    await row("991005").getByText("jumped over").waitFor();
    await row("006Qy00000ABCDEFGHIJ").getByText("read 6 minutes ago").waitFor();
    await page.getByText("<b>bold</b>").waitFor();
    await page.getByRole("link", { name: "Erased person" }).waitFor();
    await page.getByRole("link", { name: "Refused 1,204 events" }).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    for (const width of [768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("keeps views and filters in its address, and exports what is shown", async () => {
    tell(listing(kinds()));
    const { page, complaints } = await show(overviews.live, wide, at);
    await page.getByRole("link", { name: "Not sent" }).click();
    expect(page.url()).toBe(`${server().url}/deliveries?state=not_sent&step=read`);
    await page.getByLabel("Reason").selectOption("No lead behind the record");
    await page.getByLabel("Stage").selectOption("Qualified");
    expect(await page.getByLabel("Came as far as").locator("option:checked").innerText()).toBe(
      "Changed since going live",
    );
    await page.getByLabel("Came as far as").selectOption("Any step");
    const query =
      "state=not_sent&reason=lead_not_found&connection=con_hub&pipeline=sales+pipeline&stage=qualifiedtobuy";
    await expect.poll(asked).toContain(`${query}&limit=50`);
    expect(await page.getByLabel("Account").inputValue()).toBe("con_hub");
    expect(await page.getByRole("link", { name: "Download CSV" }).getAttribute("href")).toBe(
      `/api/v1/deliveries.csv?${query}`,
    );
    await page.getByRole("link", { name: "Accepted" }).click();
    await expect.poll(() => page.getByLabel("Reason").count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("stage")).toBe("qualifiedtobuy");
    await page.getByRole("link", { name: "Clear filters" }).click();
    expect(page.url()).toBe(`${server().url}/deliveries?state=accepted`);
    await page.getByLabel("Read").selectOption("On days that you choose");
    await page.getByLabel("First day").fill("2026-11-02");
    await page.getByLabel("Last day").fill("2026-11-03");
    const { searchParams } = new URL(page.url());
    expect([searchParams.get("from"), searchParams.get("to")]).toEqual([
      "2026-11-01T23:00:00.000Z",
      "2026-11-03T23:00:00.000Z",
    ]);
    await page.reload();
    await page.getByText("Mon 2 Nov, 00:00 to Wed 4 Nov, 00:00").waitFor({ state: "attached" });
    expect(complaints).toEqual([]);
  });

  test("shows a step of the overview that a link leads to, goes on with it from state to state, and lets it be taken away", async () => {
    tell(listing(kinds()));
    const { page } = await show(overviews.live, wide, `${at}?step=identified&from=2026-11-16T23:00:00.000Z`);
    await expect.poll(asked).toContain("step=identified&from=2026-11-16T23%3A00%3A00.000Z&limit=50");
    const step = page.getByLabel("Came as far as");
    expect(await step.locator("option:checked").innerText()).toBe("Matched to a person");
    expect(await page.getByRole("link", { name: "Download CSV" }).getAttribute("href")).toContain("step=identified");
    for (const name of ["Not sent", "Waiting", "All"]) {
      await page
        .getByRole("link", { name, exact: name === "All" })
        .first()
        .click();
      expect([name, await step.inputValue()]).toEqual([name, "identified"]);
    }
    await page.getByRole("button", { name: "Save view" }).waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    await step.selectOption("Any step");
    expect(page.url()).toBe(`${server().url}/deliveries?from=2026-11-16T23%3A00%3A00.000Z`);
  });

  test("says what it could not read beside the list, and reads it again at a press, where the focus then stays", async () => {
    tell(listing(kinds()));
    api().on("GET /views", () => 500);
    api().on("GET /deliveries/choices", () => 503);
    const { page } = await show(overviews.live, wide, at);
    const told = page.getByRole("status");
    await told.getByText("We could not load the saved views. The server answered with status 500.").waitFor();
    await told.getByText("We could not load what there is to filter by, nor how much waits or was refused.").waitFor();
    expect(await page.getByRole("row").count()).toBe(8);
    expect(await accessibility(page)).toEqual([]);
    api().on("GET /views", () => ({ views: [{ id: "vew_1", name: "Ours", filter: {} }] }));
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.getByRole("link", { name: "Ours" }).waitFor();
    expect(await page.evaluate("document.activeElement !== document.body")).toBe(true);
    api().on("GET /deliveries/choices", () => choices());
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "Refused 1,204 events" }).waitFor();
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });

  test("shows what a link names, though no choice offers it, and what our server refuses in its words", async () => {
    tell(listing(kinds()));
    const { page } = await show(
      overviews.live,
      wide,
      `${at}?reason=too_old,expired&event=Lead&pipeline=gone&stage=old`,
    );
    await page.getByText("2 reasons").waitFor({ state: "attached" });
    expect(await page.getByLabel("Sent as").inputValue()).toBe("Lead");
    expect(await page.getByLabel("Stage").locator("option:checked").innerText()).toBe("old");
    api().on("GET /deliveries", () => ({
      refused: 400,
      code: "input_invalid",
      title: "Not understood",
      detail: "from: invalid ISO datetime",
      fix: "Send what the reference says.",
    }));
    await page.getByLabel("Sent as").selectOption("");
    await page.getByText("We could not load deliveries").waitFor();
    await page.getByText("From: invalid ISO datetime.").waitFor();
  });

  test("lets new rows wait until somebody wants them, and keeps those that are shown up to date", async () => {
    const [first, second, third] = [listed(10), listed(11), listed(12)];
    const waiting = {
      ...first,
      state: "waiting",
      settledAt: undefined,
      waits: { attempts: 0, deadlineAt: ago(-day) },
    } as const;
    const next = tell(listing([waiting, second, third]));
    const { page } = await show(overviews.live, wide, at);
    const rows = page.getByRole("row");
    await rows.filter({ hasText: "991010" }).getByText("Waiting").waitFor();
    next(listing([listed(8), listed(9), first, second, third]));
    await page.getByRole("button", { name: "Show 2 new" }).waitFor();
    await rows.filter({ hasText: "991010" }).getByText("Accepted").waitFor();
    expect(await rows.count()).toBe(4);
    await page.getByRole("button", { name: "Show 2 new" }).click();
    await rows.filter({ hasText: "991008" }).waitFor();
    expect(await rows.count()).toBe(6);
    expect(await page.getByRole("button", { name: /^Show \d/ }).count()).toBe(0);
  });

  test("says of a row that it left the view, and that newer ones cannot be read", async () => {
    const waiting = { state: "waiting", settledAt: undefined, waits: { attempts: 0, deadlineAt: ago(-day) } } as const;
    const next = tell(listing([listed(10, waiting), listed(11, waiting)]));
    const { page } = await show(overviews.live, wide, `${at}?state=waiting`);
    await page.getByRole("row").filter({ hasText: "991010" }).waitFor();
    next(listing([listed(11, waiting)]));
    await page.getByRole("row").filter({ hasText: "991010" }).getByText("No longer in this view").waitFor();
    api().on("GET /deliveries", () => 502);
    await page
      .getByText(/We could not look for newer deliveries: .*status 502. This list is as of/)
      .waitFor({ timeout: 20_000 });
    expect(await page.getByRole("row").count()).toBe(3);
  });

  test("loads more where the page before ended, and says where the list ends", async () => {
    api().on("GET /deliveries", ({ query }) =>
      (query as { before?: string }).before === "second"
        ? listing(many(60, 3))
        : listing(many(10, 50), { next: "second" }),
    );
    const { page } = await show(overviews.live, wide, at);
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByRole("row").filter({ hasText: "991062" }).waitFor();
    expect(await page.getByRole("row").count()).toBe(54);
    await page.getByText(/^End of the list. What was sent is kept for 30 days, so it begins on/).waitFor();
    expect(asked()).toEqual(["limit=50", "limit=50&before=second"]);
  });

  test("searches on by itself until it has found something or there is nothing further, and stops when told", async () => {
    let steps = 0;
    const answer = () => {
      steps += 1;
      return listing([], { next: `step${steps}`, searchedTo: ago(steps * day), foundBy: "lead" });
    };
    api().on("GET /deliveries", answer);
    const { page } = await show(overviews.live, wide, at);
    await page.getByRole("searchbox", { name: "Find one by its ID" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("510000470389201");
    await page.keyboard.press("Enter");
    await page.getByText(/^Found by Meta lead ID. Searching; so far back to/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page
      .getByText(/Searched back to/)
      .first()
      .waitFor();
    const stoppedAt = steps;
    api().on("GET /deliveries", () => listing([listed(5)], { foundBy: "lead" }));
    await page.getByRole("button", { name: "Search further back" }).click();
    await page.getByRole("row").filter({ hasText: "991005" }).waitFor();
    expect(steps).toBeGreaterThanOrEqual(stoppedAt);
    expect(new URL(page.url()).searchParams.get("q")).toBe("510000470389201");
  });

  test("goes by keys: j and k to rows, Enter opens, Up and Down go on beside the list, Escape leads back", async () => {
    tell(listing([listed(1), listed(2), listed(3)]));
    api().on("GET /deliveries/:dataset/:seq", ({ params }) => ({
      ...records.accepted(),
      seq: Number(params.seq),
      eventName: `Event ${params.seq}`,
    }));
    const { page } = await show(overviews.live, wide, at);
    await page.getByRole("link", { name: "deal 991001" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Event 9999" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("dialog", { name: "Event 9998" }).waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBe("delivery/dst_1/9998");
    expect(await page.locator("tr[data-open]").innerText()).toContain("991002");
    await page.keyboard.press("ArrowUp");
    await page.getByRole("dialog", { name: "Event 9999" }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await page.evaluate("document.activeElement.innerText")).toContain("991001");
  });

  test("saves a filter under a name for everybody, opens it, and removes it", async () => {
    tell(listing(kinds()));
    const views: { id: string; name: string; filter: object }[] = [];
    api().on("GET /views", () => ({ views: [...views] }));
    api().on("POST /views", ({ body }) => {
      const saved = { id: "vew_1", ...(body as { name: string; filter: object }) };
      views.push(saved);
      return saved;
    });
    api().on("POST /views/:id/remove", () => {
      views.length = 0;
      return { removed: true };
    });
    const { page, complaints } = await show(overviews.live, wide, `${at}?state=refused&reason=refused_lead_id`);
    await page.getByRole("button", { name: "Save view" }).click();
    expect(await accessibility(page)).toEqual([]);
    await page.keyboard.type("Lost to lead ids");
    await page.keyboard.press("Enter");
    const view = page.getByRole("link", { name: "Lost to lead ids" });
    await view.waitFor();
    expect(await view.getAttribute("aria-current")).toBe("page");
    expect(api().log.filter((line) => line.startsWith("POST"))).toEqual([
      'POST /views {"name":"Lost to lead ids","filter":{"reason":"refused_lead_id","state":"refused"}}',
    ]);
    await page.getByRole("link", { name: "All", exact: true }).click();
    await view.click();
    expect(page.url()).toBe(`${server().url}/deliveries?state=refused&reason=refused_lead_id`);
    await page.getByRole("button", { name: "Remove view" }).click();
    await page.getByText("Remove the view “Lost to lead ids” for everybody in the workspace?").waitFor();
    await page.getByRole("button", { name: "Remove view" }).click();
    await expect.poll(() => view.count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test.each([
    ["nobody has anything yet", "", overviews.live, "No stage change has been read yet."],
    ["no CRM is connected", "", overviews.empty, "Connect a CRM, and its stage changes appear here."],
    ["nothing waits", "?state=waiting", overviews.live, "Nothing waits: everything that was to be sent has been sent."],
    ["nothing was refused", "?state=refused", overviews.live, "Nothing was refused since"],
    ["nothing matches", "?reason=too_old", overviews.live, "No deliveries match."],
    ["nothing is found", "?q=991", overviews.live, "No record, lead, event or trace has exactly this ID"],
  ])("says why there is nothing where %s", async (_, query, overview, words) => {
    tell(listing([]));
    const { page } = await show(overview, {}, `${at}${query}`);
    await page.getByText(words).waitFor();
    expect(await accessibility(page)).toEqual([]);
  });

  test.each([
    ["fails", 500, "We could not load deliveries"],
    ["does not come", "silent", "Loading deliveries"],
  ] as const)("says so where the list %s", async (_, answer, words) => {
    api().on("GET /deliveries", () => answer);
    const { page } = await show(overviews.live, {}, at);
    await page.getByText(words).waitFor({ state: "attached", timeout: 20_000 });
    expect(await accessibility(page)).toEqual([]);
  });
});

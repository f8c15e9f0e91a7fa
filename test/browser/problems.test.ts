import { describe, expect, test } from "vitest";
import type { Overview } from "../../server/api/schema.ts";
import type { Asked } from "./api.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as problems from "./problems.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server, api } = openConsole();

type Problems = ReturnType<typeof problems.all>;
/** The overview and the lists agree; both change together when the test says so. */
function stand(open: () => Problems, closed: () => Problems = () => []): () => Overview {
  api().on("GET /problems", ({ query }: Asked) => ({
    problems: (query as { state: string }).state === "open" ? open() : closed(),
  }));
  return () => ({ ...overviews.refusing(), problems: open().length });
}

describe("the problems", () => {
  test("are told with their effect in numbers, since when, who acts, what to do and what is done meanwhile", async () => {
    const { page, complaints } = await show(stand(problems.all, problems.closed), {
      viewport: { width: 1440, height: 900 },
    });
    const region = page.getByRole("region", { name: "Problems" });
    const blocked = region.getByRole("listitem").filter({ hasText: "Meta says we may not send" });
    await blocked
      .getByText(/^128 events wait; the first expires \w{3} \d+ \w{3}, \d\d:\d\d \(in 2 days\)\.$/)
      .waitFor();
    for (const words of ["You need to act", "Since 2 hours ago", "In Meta's Business settings", "We keep every event"])
      expect(await blocked.innerText()).toContain(words);
    await region.getByText(/^42 events were refused; the first can be sent again until/).waitFor();
    await region.getByText("Invalid parameter: lead_id 12345678901234567").waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await accessibility(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  test("show the first three, the nearest deadline first, and the rest when asked", async () => {
    const { page } = await show(stand(problems.all));
    const titles = page.getByRole("region", { name: "Problems" }).getByRole("heading", { level: 3 });
    await titles.first().waitFor();
    expect(await titles.count()).toBe(3);
    await page.getByRole("button", { name: "Show 2 more problems" }).click();
    expect(await titles.count()).toBe(5);
    await page.getByRole("button", { name: "Show the first three" }).click();
    expect(await titles.count()).toBe(3);
  });

  test("leave one quiet line where there are none, with those of the last 7 days behind a fold", async () => {
    const { page, complaints } = await show(stand(() => [], problems.closed));
    await page.getByText(/^No open problems\. The last one was over on \w{3} \d+ \w{3}, \d\d:\d\d\.$/).waitFor();
    const over = page.getByText("Stage changes were found late");
    expect(await over.isVisible()).toBe(false);
    await page.getByText("Over in the last 7 days (2)").click();
    await over.waitFor();
    await page.getByText("lasted 1 h").waitFor();
    await page.getByText("dismissed", { exact: true }).waitFor();
    expect(await page.getByText("Lead id refused").count()).toBe(1); // In the list of deliveries only: it was over 9 days ago.
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("say so where they cannot be read, and are read when asked again", async () => {
    const overview = stand(problems.all);
    api().on("GET /problems", () => 502);
    const { page } = await show(overview);
    const alert = page.getByRole("alert").filter({ hasText: "We could not load the problems" }).first();
    await alert.getByText("The server answered with status 502.").waitFor();
    expect(await accessibility(page)).toEqual([]);
    stand(problems.all);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByText(/^128 events wait/).waitFor();
  });

  test("hold their place while they are read", async () => {
    const overview = stand(problems.all);
    api().on("GET /problems", () => "silent");
    const { page } = await show(overview);
    await page.getByRole("region", { name: "Problems" }).locator("[aria-busy=true]").waitFor();
    expect(await accessibility(page)).toEqual([]);
  });

  test("fit every width, with labels and words that try to push the page apart or to be markup", async () => {
    const { page, complaints } = await show(stand(problems.hostile));
    await page.getByText("<img src=x onerror=").first().waitFor();
    for (const width of [1440, 768, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test("are not asked for while the overview counts none", async () => {
    const { page } = await show(overviews.live);
    await page.getByText("No open problems.").waitFor();
    expect(api().log.filter((asked) => asked.includes("state=open"))).toEqual([]);
  });
});

test("the status line never says that nobody needs to act while a problem is open", async () => {
  const open = [problems.refused()];
  stand(() => open);
  const { page } = await show(() => ({ ...overviews.live(), problems: open.length }));
  await page.getByRole("region", { name: "Status" }).getByText("1 open problem").waitFor();
  expect(await page.getByText("Nobody needs to act").count()).toBe(0);
});

describe("sending all of a problem again", () => {
  test("asks how, goes on until the server has taken all, says what came of it, and that outlives the problem", async () => {
    let open = [problems.refused()];
    const asked: unknown[] = [];
    const overview = stand(() => open);
    api().on("POST /problems/:id/redrive", ({ body }) => {
      asked.push(body);
      if (asked.length === 1) return { taken: 30, tooOld: 2, heldBack: 0, unknown: 0, next: 812 };
      open = [];
      return { taken: 9, tooOld: 0, heldBack: 1, unknown: 0 };
    });
    const { page } = await show(overview);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByText("How shall the 42 events be sent again?").waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("As they would be now");
    expect(await accessibility(page)).toEqual([]);
    await page.keyboard.press("Enter");
    const done =
      "Lead id refused: 39 events are on the way again; 2 events too old for Meta; 1 event held back by a rule.";
    await page.getByText("No open problems.").waitFor();
    await page.getByText(done).first().waitFor();
    expect(asked).toEqual([
      { as: "rebuilt", after: 0 },
      { as: "rebuilt", after: 812 },
    ]);
    expect(await page.locator("[aria-live=polite]").first().innerText()).toBe(done);
    await page.getByRole("button", { name: "Hide" }).click();
    expect(await page.getByRole("button", { name: "Hide" }).count()).toBe(0);
  });

  test("is put away by Escape, and the focus is where it was", async () => {
    const { page } = await show(stand(() => [problems.refused()]));
    const send = page.getByRole("button", { name: "Send 42 events again" });
    await send.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "As they were" }).waitFor();
    await page.keyboard.press("Escape");
    await send.waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Send 42 events again");
    expect(api().log.filter((asked) => asked.startsWith("POST"))).toEqual([]);
  });

  test("shows that it is under way, and takes no second press", async () => {
    const overview = stand(() => [problems.refused()]);
    api().on("POST /problems/:id/redrive", () => "silent");
    const { page } = await show(overview);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByRole("button", { name: "As they were" }).click();
    const busy = page.getByRole("button", { name: "Sending again…" });
    await busy.click({ force: true });
    expect(api().log.filter((asked) => asked.startsWith("POST"))).toEqual([
      'POST /problems/prb_refused/redrive {"as":"it_was","after":0}',
    ]);
  });

  test("refuses with the server's words", async () => {
    const overview = stand(() => [problems.refused()]);
    api().on("POST /problems/:id/redrive", () => ({
      refused: 503,
      code: "store_unavailable",
      title: "The database is not reachable",
      detail: "connection refused",
      fix: "Bring the database back.",
    }));
    const { page } = await show(overview);
    await page.getByRole("button", { name: "Send 42 events again" }).click();
    await page.getByRole("button", { name: "As they were" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("Not all of them were sent again").waitFor();
    await alert.getByText("The database is not reachable: connection refused.").waitFor();
    await alert.getByText("What to do: Bring the database back.").waitFor();
    expect(await accessibility(page)).toEqual([]);
  });
});

describe("dismissing a problem", () => {
  test("can be taken back, and reaches the server only when it was not", async () => {
    let open = [problems.drift()];
    const overview = stand(() => open);
    api().on("POST /problems/:id/dismiss", () => {
      open = [];
      return { dismissed: true };
    });
    const { page } = await show(overview);
    await page.clock.install();
    await page.getByRole("button", { name: "Dismiss" }).click();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Undo");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Dismiss");
    await page.clock.runFor(10_000);
    expect(api().log.filter((asked) => asked.startsWith("POST"))).toEqual([]);
    await page.keyboard.press("Enter");
    await page.clock.runFor(9000);
    await page.getByText("No open problems.").waitFor();
    expect(api().log.filter((asked) => asked.startsWith("POST"))).toEqual(["POST /problems/prb_drift/dismiss {}"]);
  });

  test("is meant by whoever leaves the page within that time", async () => {
    const overview = stand(() => [problems.drift()]);
    api().on("POST /problems/:id/dismiss", () => ({ dismissed: true }));
    const { page } = await show(overview);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.goto("about:blank");
    await expect.poll(() => api().log).toContain("POST /problems/prb_drift/dismiss {}");
  });

  test("comes back with the reason where the server refuses", async () => {
    const overview = stand(() => [problems.drift()]);
    api().on("POST /problems/:id/dismiss", () => ({
      refused: 400,
      code: "input_invalid",
      title: "The input is not valid",
      detail: "it is over, or it is over only once it is mended",
      fix: "Correct what is named and send it again.",
    }));
    const { page } = await show(overview);
    await page.clock.install();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.clock.runFor(9000);
    await page.getByText("It is over, or it is over only once it is mended.").waitFor();
    expect(await page.getByRole("button", { name: "Dismiss" }).isVisible()).toBe(true);
  });
});

describe("a problem of something that stands still", () => {
  test("offers to resume it, once, and to look at a CRM that is slow", async () => {
    let open = [problems.blocked(), problems.refused(), { ...problems.slow(), about: "con_sf" }];
    const overview = stand(() => open);
    api().on("POST /datasets/:id/resume", () => {
      open = open.slice(1);
      return { paused: false };
    });
    api().on("POST /connections/:id/check-now", () => ({ asked: true }));
    const { page } = await show(overview);
    const region = page.getByRole("region", { name: "Problems" });
    await region.getByRole("button", { name: "Resume sending" }).press("Enter");
    await region.getByText("2 open problems").waitFor();
    await region.getByText("Sending to Northwind CRM events goes on.").waitFor();
    // The button is gone, and the keyboard goes on from where it was.
    await expect
      .poll(() => page.evaluate("document.activeElement.contains(document.querySelector('main h3'))"))
      .toBe(true);
    expect(await page.evaluate("document.activeElement === document.body")).toBe(false);
    expect(await region.getByRole("button", { name: "Resume sending" }).count()).toBe(0);
    await region.getByRole("button", { name: "Check now" }).click();
    await region.getByText("The CRM is being looked at now.").waitFor();
    expect(api().log.filter((asked) => asked.startsWith("POST"))).toEqual([
      "POST /datasets/dst_1/resume {}",
      "POST /connections/con_sf/check-now {}",
    ]);
    server().answer(overviews.live);
  });
});

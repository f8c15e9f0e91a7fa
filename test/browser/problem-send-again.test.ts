import { describe, expect, test } from "vitest";
import type { ProblemDetail } from "../../server/api/problems.ts";
import { openConsole } from "./open-console.ts";
import * as problems from "./problems.ts";
import { problemsTold } from "./problems-told.ts";
import * as tasks from "./tasks.ts";
import { accessibility } from "./visit.ts";

const { show, api } = openConsole();
const { posts, standOne } = problemsTold(api);

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

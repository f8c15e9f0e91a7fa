import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as problems from "./problems.ts";
import { problemsTold } from "./problems-told.ts";
import { accessibility, overflow } from "./visit.ts";

const { show, server, api } = openConsole();
const { posts, stand, standOne } = problemsTold(api);

describe("one problem", () => {
  const at = "/problems/prb_refused";

  test("is told whole: what happened, what it means, how it is mended step by step, examples, history", async () => {
    const { page, complaints } = await show(standOne(problems.refusedWhole), {}, at);
    await page.getByRole("heading", { level: 1, name: "Lead id refused" }).waitFor();
    const steps = page.getByRole("region", { name: "How to fix it" }).getByRole("listitem");
    expect(await steps.count()).toBe(3);
    expect(await steps.nth(0).getByRole("link").getAttribute("href")).toBe(
      "/deliveries?state=refused&reason=refused_lead_id&dataset=dst_1",
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

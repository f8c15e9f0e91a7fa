import { beforeEach, describe, expect, test } from "vitest";
import type { SettingsAsked, SettingsView } from "../../server/api/settings.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { faultsSeen } from "./seen.ts";
import { settings } from "./workspace-answers.ts";

const { show: open, api, server } = openConsole();
const show = async () => {
  const visit = await open(overviews.live, {}, "/settings");
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const as = (role: "owner" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => as("owner"));

/** A server that keeps what is saved. */
function keeping(first: Partial<SettingsView> = {}): () => SettingsView {
  let kept = settings(first);
  api().on("GET /settings", () => kept);
  api().on("POST /settings", ({ body }) => {
    const { defaultCountry, ...change } = body as SettingsAsked;
    const saved = { ...kept, ...change, version: kept.version + 1 } as SettingsView;
    if (defaultCountry === null) delete saved.defaultCountry;
    kept = typeof defaultCountry === "string" ? { ...saved, defaultCountry } : saved;
    return kept;
  });
  return () => kept;
}

describe("the settings", () => {
  test("are saved one by one, each with its word beside it, over what was seen", async () => {
    const kept = keeping();
    const { page, complaints } = await show();
    await page.getByLabel("Country of phone numbers").selectOption("NL");
    await page.locator("main").getByText("Saved", { exact: true }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Acme B.V.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => kept().name).toBe("Acme B.V.");
    await page.getByRole("checkbox", { name: "Phone number" }).uncheck();
    await expect.poll(() => kept().allowedKeys).toEqual(["em", "fn", "ln"]);
    await page.getByRole("radio", { name: /Lead id and click id only/ }).check();
    await expect.poll(() => kept().allowedKeys).toEqual([]);
    await page.getByRole("radio", { name: /Contact data as well/ }).check();
    await expect.poll(() => kept().allowedKeys).toEqual(["em", "ph", "fn", "ln"]);
    expect(posted().map((asked) => /"version":(\d+)/.exec(asked)?.[1])).toEqual(["4", "5", "6", "7", "8"]);
    expect(complaints).toEqual([]);
  });

  test("look right in both themes and on every screen", async () => {
    const { page } = await show();
    await page.getByText("ops@acme.example").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
  });

  test("take and remove addresses; what is none, or there already, is said beside the line", async () => {
    const kept = keeping();
    const { page } = await show();
    const line = page.getByLabel("Mail address to add");
    for (const [typed, words] of [
      ["nobody", "This is no mail address."],
      ["OPS@acme.example", "This address is there already."],
    ] as const) {
      await line.fill(typed);
      await line.press("Enter");
      await page.getByText(words).waitFor();
      expect(await line.getAttribute("aria-invalid")).toBe("true");
    }
    expect(posted()).toEqual([]);
    await line.fill("ceo@acme.example");
    await line.press("Enter");
    await page.getByRole("listitem").getByText("ceo@acme.example").waitFor();
    expect(await line.inputValue()).toBe("");
    await page.getByRole("button", { name: "Remove ops@acme.example" }).click();
    await expect.poll(() => kept().alertTo).toEqual(["ana@acme.example", "ceo@acme.example"]);
  });

  test("say when nobody would hear of a problem, and when no mail could leave", async () => {
    keeping({ alertTo: [], mail: false });
    const { page } = await show();
    await page.getByText("Nobody hears of problems.").waitFor();
    await page.getByText("No mail server is set up here").waitFor();
  });

  test("saved by somebody else meanwhile are not saved over: both are kept, and theirs are shown on request", async () => {
    api().on("POST /settings", () => ({
      refused: 409,
      code: "conflict",
      title: "Not as things stand",
      detail: "somebody else has saved the settings since",
      fix: "Look at how it stands now, then decide again.",
    }));
    const { page } = await show();
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Mine");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Somebody else has saved the settings since you opened this page.").waitFor();
    expect(await name.inputValue()).toBe("Mine");
    const kept = keeping({ name: "Theirs", version: 9 });
    await page.getByRole("button", { name: "Show the settings as they are now" }).click();
    await page.getByText("It is called Theirs now.").waitFor();
    expect(await name.inputValue()).toBe("Mine");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => kept().name).toBe("Mine");
    expect(posted().at(-1)).toContain('"version":9');
  });

  test("that were not saved go back to how they were, and say why", async () => {
    api().on("POST /settings", () => 500);
    const { page } = await show();
    await page.getByRole("checkbox", { name: "City" }).click();
    await page.getByRole("alert").getByText("Nothing was saved").waitFor();
    expect(await page.getByRole("checkbox", { name: "City" }).isChecked()).toBe(false);
  });

  test("can be looked at by viewers, who are told who can change them", async () => {
    as("viewer");
    const { page } = await show();
    await page.getByText("Only admins can change settings").waitFor();
    await page.getByText("Germany").waitFor();
    expect(await page.getByRole("button", { name: /save|add|remove/i }).count()).toBe(0);
    await page.getByText("Email address, Phone number, First name and Last name").waitFor();
    expect(await page.getByRole("checkbox").count()).toBe(0);
    expect(await faultsSeen(page)).toEqual([]);
  });

  test("that cannot be loaded say so, and are loaded on request", async () => {
    api().on("GET /settings", () => 500);
    const { page } = await show();
    await page.getByText("We could not load the settings").waitFor();
    keeping();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("ops@acme.example").waitFor();
  });
});

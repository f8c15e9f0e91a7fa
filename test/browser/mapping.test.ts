import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { LeadFieldsAsked } from "../../server/api/lead-fields.ts";
import type { MappingDraft } from "../../server/api/mapping.ts";
import { changed, customers, fields, Mappings } from "./mappings.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";

const { show, api, server } = openConsole();
const saves = (): readonly (MappingDraft & { from: number })[] =>
  api()
    .log.filter((asked) => asked.startsWith("POST /connections/con_hub/mapping {"))
    .map((asked) => JSON.parse(asked.slice(asked.indexOf("{"))));
const nameOf = (page: Page, stage: string) => page.getByRole("combobox", { name: `Name of ${stage} at Meta` });
const sendOf = (page: Page, stage: string) => page.getByRole("switch", { name: `Send ${stage}` });
const bar = (page: Page) => page.getByRole("region", { name: "Saving the mapping" });
const funnel = (page: Page) => page.getByRole("region", { name: "The funnel Meta sees" });
const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText");

async function open(made: Mappings = customers(), address = "/mapping", options = {}) {
  made.answer(api());
  const visit = await show(overviews.live, options, address);
  visit.page.setDefaultTimeout(6_000);
  await visit.page.getByRole("heading", { name: "Stages", exact: true }).waitFor();
  return visit;
}
/** Somebody types a name and moves on. */
async function rename(page: Page, stage: string, name: string): Promise<void> {
  await nameOf(page, stage).fill(name);
  await page.keyboard.press("Escape");
}

describe("a change", () => {
  test("shows at once in the funnel beside it, and in words before it is saved; saving sends only what changed", async () => {
    const made = customers();
    const { page, complaints } = await open(made);
    await funnel(page).getByRole("rowheader", { name: "Opportunity" }).waitFor();
    await rename(page, "Offer made", "Offer");
    await funnel(page).getByRole("rowheader", { name: "Offer", exact: true }).waitFor();
    await sendOf(page, "Appointment scheduled").press("Space");
    await funnel(page).getByRole("rowheader", { name: "Appointment scheduled" }).waitFor({ state: "detached" });
    await bar(page).getByText("7 of 10 stages will be sent").waitFor();
    await bar(page).getByText("2 changes: what will change").click();
    await bar(page).getByText("From now on “Appointment scheduled” (“Home sales”) is not sent.").waitFor();
    await bar(page).getByText("Past events stay as they are.").waitFor();
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await bar(page).getByText("7 of 10 stages are sent").waitFor();
    expect(saves()).toEqual([
      {
        from: 3,
        fillSkipped: true,
        sendValue: false,
        rules: [
          {
            pipelineId: "sales",
            stageId: "appointment_scheduled",
            eventName: "Appointment scheduled",
            send: false,
            entries: "first",
          },
          { pipelineId: "sales", stageId: "offer_made", eventName: "Offer", send: true, entries: "first" },
        ],
      },
    ]);
    await bar(page).getByText("Saved as version 4.").waitFor();
    await page.getByText("Version 4", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("of a switch or of which entries counts too, and what is changed back is no change", async () => {
    const { page } = await open();
    await page.getByRole("switch", { name: "Send value and currency" }).press("Space");
    await page.getByLabel("Which entries into Offer made are sent").selectOption("Every entry");
    await bar(page).getByText("2 changes: what will change").click();
    await bar(page).getByText("The record's value and currency are sent with each event.").waitFor();
    await page.getByRole("switch", { name: "Send value and currency" }).press("Space");
    await page.getByLabel("Which entries into Offer made are sent").selectOption("First entry");
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
    expect(await bar(page).getByRole("button", { name: "Discard changes" }).count()).toBe(0);
  });

  test("that switches a stage off can be taken back for ten seconds", async () => {
    const { page } = await open();
    await sendOf(page, "Offer made").press("Space");
    await bar(page).getByText("Offer made will not be sent.").waitFor();
    await bar(page).getByRole("button", { name: "Undo" }).click();
    expect(await sendOf(page, "Offer made").isChecked()).toBe(true);
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
  });

  test("that is discarded is gone", async () => {
    const { page } = await open();
    await rename(page, "Offer made", "Offer");
    await bar(page).getByRole("button", { name: "Discard changes" }).click();
    expect(await nameOf(page, "Offer made").inputValue()).toBe("Opportunity");
    expect(saves()).toEqual([]);
  });
});

describe("saving", () => {
  test("with a name that is missing or too long goes to the first of them, in whichever pipeline, and says why beside it", async () => {
    const { page } = await open(customers(), "/mapping?pipeline=rentals");
    await rename(page, "Enquiry", "x".repeat(101));
    await page.getByRole("tab", { name: /Home sales/ }).click();
    await rename(page, "Offer made", "Offer");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await bar(page).getByText("1 stage needs your attention before you can save.").waitFor();
    await nameOf(page, "Enquiry").waitFor();
    await page.waitForFunction(`document.activeElement.getAttribute("aria-label") === "Name of Enquiry at Meta"`);
    await page.getByText("The event name is longer than 100 characters; shorten it.").waitFor();
    expect(await nameOf(page, "Enquiry").getAttribute("aria-invalid")).toBe("true");
    expect(saves()).toEqual([]);
  });

  test("one name for two stages asks whether it is meant, once", async () => {
    const { page } = await open();
    await rename(page, "Viewing done", "Lead");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await bar(page).getByText("“Lead” is used for more than one stage of a pipeline.").waitFor();
    expect(await focused(page)).toBe("Yes, save");
    expect(saves()).toEqual([]);
    await bar(page).getByRole("button", { name: "Yes, save" }).click();
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
    await funnel(page).getByText("2 stages under one name").waitFor();
    await rename(page, "Offer made", "Offer");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await page.getByText("Version 5", { exact: true }).waitFor();
    expect(saves()).toHaveLength(2);
  });

  test("a suggestion as it is confirms it", async () => {
    const { page } = await open(new Mappings());
    await page.getByText("Nobody has looked at this mapping yet").waitFor();
    await bar(page).getByRole("button", { name: "Save as suggested" }).click();
    await page.getByText("Version 2", { exact: true }).waitFor();
    expect(await page.getByText("Nobody has looked at this mapping yet").count()).toBe(0);
    expect(saves()).toMatchObject([{ from: 1, rules: [] }]);
  });

  test("that the server refuses says why, and keeps the changes", async () => {
    const { page } = await open();
    await rename(page, "Offer made", "Offer");
    const refused = { refused: 503, code: "store_unavailable", title: "The database does not answer", fix: "Wait." };
    api().on("POST /connections/:id/mapping", () => ({ ...refused, detail: "for 3 s" }));
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await bar(page).getByText("The mapping was not saved").waitFor();
    expect(await nameOf(page, "Offer made").inputValue()).toBe("Offer");
  });
});

describe("when somebody else saved meanwhile", () => {
  /** Ana renames one stage that we changed too, and one that we did not. */
  async function meanwhile() {
    const made = customers();
    const visit = await open(made);
    const row = { pipelineId: "sales", send: true, entries: "first" } as const;
    made.change([
      { ...row, stageId: "offer_made", eventName: "Deal" },
      { ...row, stageId: "new_enquiry", eventName: "Enquiry" },
    ]);
    await rename(visit.page, "Offer made", "Offer");
    const box = visit.page.getByRole("heading", { name: "Somebody else saved meanwhile" });
    await box.waitFor();
    // Whoever is typing goes on typing, and cannot save over it unseen.
    expect(await focused(visit.page)).toBe("Name of Offer made at Meta");
    expect(await bar(visit.page).getByRole("button", { name: "Save mapping" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    await visit.page.getByText("Ana Ruiz saved version 4 while you were working.").waitFor();
    return { made, ...visit };
  }

  test("both versions stand side by side where they differ", async () => {
    const { page } = await meanwhile();
    const table = page.getByRole("table", { name: "Where the two versions differ" });
    expect(await table.getByRole("row").allInnerTexts()).toEqual([
      "Stage\tSaved by Ana Ruiz\tYours",
      "New enquiry\tSent as “Enquiry”\tSent as “Lead”",
      "Offer made\tSent as “Deal”\tSent as “Offer”",
    ]);
  });

  test("theirs can be taken", async () => {
    const { page } = await meanwhile();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
    expect(await nameOf(page, "Offer made").inputValue()).toBe("Deal");
    expect(saves()).toEqual([]);
  });

  test("ours can be put on top of theirs, and is saved by us", async () => {
    const { page } = await meanwhile();
    await page.getByRole("button", { name: "Go on from theirs with my changes" }).click();
    expect(await nameOf(page, "Offer made").inputValue()).toBe("Offer");
    expect(await nameOf(page, "New enquiry").inputValue()).toBe("Enquiry");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
    expect(saves()).toMatchObject([{ from: 4, rules: [{ stageId: "offer_made", eventName: "Offer" }] }]);
  });

  test("ours can be saved over theirs, whole", async () => {
    const { page } = await meanwhile();
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await bar(page).getByText("8 of 10 stages are sent").waitFor();
    expect(saves()[0]).toMatchObject({ from: 4 });
    expect(saves()[0]?.rules.map(({ stageId, eventName }) => [stageId, eventName])).toEqual([
      ["new_enquiry", "Lead"],
      ["offer_made", "Offer"],
    ]);
    expect(await nameOf(page, "New enquiry").inputValue()).toBe("Lead");
  });

  test("between looking and saving, it is told the same way", async () => {
    const made = customers();
    const { page } = await open(made);
    await rename(page, "Offer made", "Offer");
    await bar(page).getByText("1 change: what will change").waitFor();
    made.change([{ pipelineId: "sales", stageId: "offer_made", eventName: "Deal", send: true, entries: "first" }]);
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await page.getByRole("heading", { name: "Somebody else saved meanwhile" }).waitFor();
    await page.waitForFunction(`document.activeElement.innerText === "Somebody else saved meanwhile"`);
  });
});

describe("leaving with something unsaved", () => {
  test("asks once, names it, and goes only if it is told to", async () => {
    const { page } = await open();
    await rename(page, "Offer made", "Offer");
    await page.getByRole("switch", { name: "Fill in skipped stages" }).press("Space");
    await page.getByRole("link", { name: "Members" }).click();
    const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
    await dialog.getByText("Not saved yet: “Offer made” and fill in skipped stages.").waitFor();
    expect(await focused(page)).toBe("Stay here");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/mapping");
    expect(await nameOf(page, "Offer made").inputValue()).toBe("Offer");
    await page.getByRole("link", { name: "Members" }).click();
    await dialog.getByRole("button", { name: "Leave without saving" }).click();
    await page.waitForURL("**/members");
  });

  test("is not asked by another tab, nor where nothing is unsaved", async () => {
    const { page } = await open();
    await rename(page, "Offer made", "Offer");
    await page.getByRole("tab", { name: /Rentals/ }).click();
    await nameOf(page, "Viewing").waitFor();
    expect(new URL(page.url()).search).toBe("?pipeline=rentals");
    await bar(page).getByRole("button", { name: "Discard changes" }).click();
    await page.getByRole("link", { name: "Members" }).click();
    await page.waitForURL("**/members");
  });
});

describe("what the CRM has changed", () => {
  test("is marked: a new stage is not sent until somebody chooses, a guess has no name yet, a deleted one is crossed out", async () => {
    const { page } = await open(changed());
    await page.getByText("New in HubSpot, and not sent until you choose.").first().waitFor();
    expect(await sendOf(page, "Second viewing").isChecked()).toBe(false);
    expect(await nameOf(page, "Second viewing").inputValue()).toBe("Second viewing");
    expect(await nameOf(page, "Not qualified").inputValue()).toBe("");
    await page.getByText("It sounds like a dead end, so we suggest not to send it.").waitFor();
    await page.getByText("No longer in HubSpot.").waitFor();
    await sendOf(page, "Second viewing").press("Space");
    await sendOf(page, "Viewing done").press("Space");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await page.getByText("Version 4", { exact: true }).waitFor();
    expect(saves()[0]?.rules.map(({ stageId, send }) => [stageId, send])).toEqual([
      ["viewing_done", false],
      ["second_viewing", true],
    ]);
  });

  test("while it does not answer, what is saved is shown and can be saved; asking again is one button", async () => {
    const made = customers();
    made.crm = "crm_unavailable";
    const { page } = await open(made);
    await page.getByText("HubSpot does not answer").waitFor();
    await rename(page, "Offer made", "Offer");
    await bar(page).getByRole("button", { name: "Save mapping" }).click();
    await page.getByText("Version 4", { exact: true }).waitFor();
    made.crm = changed().crm;
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("No longer in HubSpot.").waitFor();
    expect(await page.getByText("HubSpot does not answer").count()).toBe(0);
  });
});

test("a viewer sees all of it, and can change nothing", async ({ onTestFinished }) => {
  onTestFinished(() => server().session(server().owner));
  const workspace = { id: "ten_1", name: "Acme", role: "viewer" } as const;
  server().session({ ...server().owner, workspace, workspaces: [workspace] });
  const { page } = await open(changed());
  await page.getByText("Only admins can change the mapping.").waitFor();
  await page
    .getByRole("rowheader", { name: /Offer made/ })
    .first()
    .waitFor();
  for (const role of ["switch", "combobox", "textbox"] as const)
    expect(await page.getByRole("main").getByRole(role).count()).toBe(0);
  expect(await bar(page).count()).toBe(0);
});

test("by keyboard alone, nothing that has the focus is ever under the bar, and the bar does not move the page", async () => {
  const { page } = await open(changed(), "/mapping", { viewport: { width: 1440, height: 600 } });
  await page.getByText("Sample: the latest").last().waitFor();
  const reached = new Set<string>();
  for (let n = 0; n < 100; n += 1) {
    await page.keyboard.press("Tab");
    const [name, under] = await page.evaluate<[string, boolean]>(`(() => {
      const one = document.activeElement;
      const bar = document.querySelector("[aria-label='Saving the mapping']");
      const [box, edge] = [one.getBoundingClientRect(), bar.getBoundingClientRect()];
      const name = one.getAttribute("aria-label") ?? one.innerText.trim();
      return [name, !bar.contains(one) && one !== document.body && box.bottom > edge.top + 1 && box.top < edge.bottom];
    })()`);
    expect([name, under]).toEqual([name, false]);
    reached.add(name);
  }
  for (const name of ["Name of Closed lost at Meta", "Send Second viewing", "Save mapping", "Show all stages"])
    expect(reached).toContain(name);
  await rename(page, "Viewing done", "Lead");
  const top = await page.evaluate("scrollY");
  await bar(page).getByRole("button", { name: "Save mapping" }).press("Enter");
  await bar(page).getByRole("button", { name: "Yes, save" }).waitFor();
  expect(await page.evaluate("scrollY")).toBe(top);
});

test("a version is opened by its address, with every stage it had", async () => {
  const { page } = await open(customers(), "/mapping/con_hub?version=2");
  const whole = page.getByRole("table", { name: /Home sales Version 2/ });
  await whole.getByRole("row", { name: "Viewing done Sent as “Viewing”, every entry" }).waitFor();
  await whole.getByRole("row", { name: "Offer made Sent as “Offer made”" }).waitFor();
  await page.getByRole("button", { name: "Hide the stages" }).click();
  await whole.waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");
});

describe("the fields that tell who a lead is", () => {
  test("show what the latest leads have, and what another choice would give before it is saved", async () => {
    const { page } = await open();
    const region = page.getByRole("region", { name: "How Meta recognises a lead" });
    await region.getByRole("row", { name: /Meta lead ID 88 of 141/ }).waitFor();
    await region.getByRole("combobox", { name: "Meta lead ID" }).click();
    await page.getByRole("option", { name: "Leadgen ID (import) · leadgen_id" }).click();
    await region.getByRole("row", { name: /Meta lead ID 121 of 141 \(85.8%\) *before: 62.4%/ }).waitFor();
    let saved: unknown;
    api().on("POST /connections/:id/lead-fields", ({ body }) => {
      saved = body;
      const { from: _, ...chosen } = body as LeadFieldsAsked;
      api().on("GET /connections/:id/lead-fields", () => fields({ version: "2", chosen }));
      return { version: "2", chosen };
    });
    await region.getByRole("button", { name: "Save fields" }).click();
    await region.getByRole("button", { name: "Save fields" }).waitFor({ state: "detached" });
    const kept = { clickId: "hs_facebook_click_id", value: { deal: "amount" } };
    expect(saved).toEqual({ from: "1", leadId: "leadgen_id", ...kept });
  });

  test("can be given a consent field, which can be taken away again", async () => {
    const { page } = await open();
    const region = page.getByRole("region", { name: "How Meta recognises a lead" });
    await region.getByRole("combobox", { name: "Consent" }).click();
    await page.getByRole("option", { name: /Consent to advertising/ }).click();
    await region.getByText("With your choice, not saved yet").waitFor();
    await region.getByRole("button", { name: "Discard" }).click();
    expect(await region.getByRole("combobox", { name: "Consent" }).inputValue()).toBe("No consent field");
  });
});

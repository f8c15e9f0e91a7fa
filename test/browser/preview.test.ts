import { describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as setups from "./setups.ts";
import type { Visit } from "./visit.ts";

const { show, server, api, looksRight } = openConsole();

const refused = (refused: number, code: string) => ({
  refused,
  code,
  title: "Why",
  detail: "in particular",
  fix: "Do.",
});
async function open(address = "/preview", role: "owner" | "viewer" = "owner"): Promise<Visit> {
  const { owner } = server();
  if (owner.signedIn && owner.workspace) server().session({ ...owner, workspace: { ...owner.workspace, role } });
  return await show(overviews.live, {}, address);
}
function good(): void {
  api().on("GET /connections/:id/samples", () => setups.samples());
  api().on("GET /connections/:id/preview", () => setups.preview());
}

describe("the event of a lead", () => {
  test("is its exact text, each line with where it comes from, and no digit of the lead id is lost", async () => {
    good();
    const visit = await open();
    const { page } = visit;
    await page.getByText("51000047038920199").waitFor();
    await page.getByText("HubSpot's contact field email or hs_additional_emails; what leaves is its SHA-256").waitFor();
    await page.getByText("the stage mapping, version 2").waitFor();
    await page.getByText("HubSpot's deal field hs_acv; as it is").waitFor();
    await page.getByText("deal field deal_currency_code, else its account field companyCurrency; as it is").waitFor();
    await page.getByText("Meta lead id found").waitFor();
    await page.getByText("This account is not live. Shown is what would leave if it were.").waitFor();
    await page.getByText("All 4 rules, one by one").click();
    await looksRight(visit);
  });

  test("that is held back says which rule holds it, and what to do", async () => {
    api().on("GET /connections/:id/samples", () => setups.samples());
    api().on("GET /connections/:id/preview", () => setups.preview("no_match_key", { keys: [] }));
    const visit = await open();
    await visit.page.getByText("Nothing leaves for this entry: Why no_match_key.").waitFor();
    await visit.page.getByText("Nothing by which Meta could recognise the person").waitFor();
    await visit.page.getByText("Mend no_match_key.").first().waitFor();
    expect(await visit.page.getByRole("button", { name: "Send test event" }).count()).toBe(0);
    await looksRight(visit);
  });

  test.each([
    ["nowhere", { found: "nowhere" as const, entries: [] }, "Neither the CRM nor we know this record."],
    ["without entries", { entries: [] }, "This record has entered no stage that we read."],
  ])("of a record that is %s says so", async (_name, more, words) => {
    api().on("GET /connections/:id/samples", () => setups.samples());
    api().on("GET /connections/:id/preview", () => setups.preview(undefined, more));
    const visit = await open();
    await visit.page.getByText(words).waitFor();
    await looksRight(visit);
  });

  test("that the CRM does not tell is a refusal with a way to try again", async () => {
    api().on("GET /connections/:id/samples", () => setups.samples());
    api().on("GET /connections/:id/preview", () => refused(502, "crm_unavailable"));
    const visit = await open();
    await visit.page.getByText("The event could not be made").waitFor();
    api().on("GET /connections/:id/preview", () => setups.preview());
    await visit.page.getByRole("button", { name: "Try again" }).click();
    await visit.page.getByText("51000047038920199").waitFor();
    await looksRight(visit, /502/);
  });
});

describe("leads to look at", () => {
  test("are the latest, are searched by id, and what is chosen stands in the address", async () => {
    good();
    const visit = await open();
    const { page } = visit;
    await page.getByRole("link", { name: /^deal 9912/ }).click();
    await page.waitForURL(/object=deal&record=9912/);
    expect(await page.getByRole("link", { name: /^deal 9912/ }).getAttribute("aria-current")).toBe("page");
    await page.getByLabel("Record id").fill("77");
    api().on("GET /connections/:id/samples", ({ query }) =>
      (query as { q?: string }).q === "77" ? setups.samples([]) : setups.samples(),
    );
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("No record 77 is known here.").waitFor();
    await page.getByRole("link", { name: "deal", exact: true }).click();
    await page.waitForURL(/record=77/);
    await looksRight(visit);
  });

  test("are none at first, with when they come", async () => {
    api().on("GET /connections/:id/samples", () => setups.samples([]));
    const visit = await open();
    await visit.page.getByText("The first ones appear here as soon as the account is read.").waitFor();
    await looksRight(visit);
  });
});

describe("a test event", () => {
  const send = async ({ page }: Visit, code = "TEST4711"): Promise<void> => {
    await page.getByLabel("Test code").fill(code);
    await page.getByRole("button", { name: "Send test event" }).click();
  };

  test("asks for a code of the right form beside its field, and sends nothing without it", async () => {
    good();
    const visit = await open();
    await send(visit, "");
    await visit.page.getByText("Copy the test code from Events Manager.").waitFor();
    await send(visit, "12345");
    await visit.page.getByText("A test code is TEST and digits, such as TEST12345.").waitFor();
    expect(await visit.page.evaluate("document.activeElement.labels[0].textContent")).toBe("Test code");
    await visit.page.getByText("does not discard it").waitFor();
    expect(api().log.filter((line) => line.startsWith("POST"))).toEqual([]);
    await looksRight(visit);
  });

  const evil = 'Refused: <img src=x onerror="window.hacked=1">';
  test.each([
    ["accepted", "Meta accepted it", {}],
    ["rejected", "Meta rejected it", { words: evil, code: 100, subcode: 2804036, field: "user_data.lead_id" }],
    ["not_taken", "Meta did not take it just now", { words: "Please wait", code: 80004 }],
    ["no_answer", "Meta did not answer within 10 s", {}],
  ] as const)("that is %s shows Meta's own words as text, and takes the focus", async (outcome, title, more) => {
    good();
    api().on("POST /connections/:id/test-event", () => setups.answer(outcome, more));
    const visit = await open();
    await send(visit);
    await visit.page.getByRole("heading", { name: title }).waitFor();
    expect(await visit.page.evaluate("document.activeElement.textContent")).toBe(title);
    if ("words" in more) await visit.page.getByText(more.words).waitFor();
    if ("field" in more) await visit.page.getByText("Meta refused it because of this line").waitFor();
    expect(api().log.filter((line) => line.startsWith("POST"))).toEqual([
      'POST /connections/con_hub/test-event {"object":"deal","record":"9911","pipelineId":"sales","stageId":"s0","code":"TEST4711"}',
    ]);
    expect(await visit.page.evaluate("window.hacked")).toBeUndefined();
    await looksRight(visit);
  });

  test("that we hold back says why", async () => {
    good();
    api().on("POST /connections/:id/test-event", () => refused(409, "too_old"));
    const visit = await open();
    await send(visit);
    await visit.page.getByText("The test event was not sent").waitFor();
    await looksRight(visit, /409/);
  });

  test("is an admin's to send; a viewer is told so", async () => {
    good();
    const visit = await open("/preview", "viewer");
    await visit.page.getByText("An admin can send test events.").waitFor();
    expect(await visit.page.getByRole("button", { name: "Send test event" }).count()).toBe(0);
    await looksRight(visit);
  });
});

test("without any account there is the way to the set-up", async () => {
  const visit = await show(overviews.empty, {}, "/preview");
  await visit.page.getByRole("link", { name: "Open the set-up" }).waitFor();
  await looksRight(visit);
});

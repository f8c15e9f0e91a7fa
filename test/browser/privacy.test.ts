import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { ago, day } from "./ago.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { faultsSeen } from "./seen.ts";
import { accessibility } from "./visit.ts";
import { erased, exported, found, nobody, workspace } from "./workspace-answers.ts";

const { show: open, api, server } = openConsole();
const show = async () => {
  const visit = await open(overviews.live, {}, "/privacy");
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const as = (role: "owner" | "admin" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => {
  as("owner");
  api().on("POST /people/find", found);
});

describe("one person", () => {
  test("is found, handed out as a file, and erased after it was said what that means", async () => {
    api().on("POST /people/export", exported);
    api().on("POST /people/erase", erased);
    const { page, complaints } = await show();
    await page.getByLabel("Email address").last().fill(" jane@doe.example ");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("2 records are this person's.").first().waitFor();
    await page.getByText("contact •••••0311").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download a copy" }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^held-data-\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(await readFile(await file.path(), "utf8"))).toMatchObject({ workspace: "Acme" });
    await page.getByRole("button", { name: "Erase this person" }).click();
    const asked = page.getByRole("group", { name: "Erase 2 records for good?" });
    await asked.getByText("1 event that waits is not sent any more.").waitFor();
    await asked.getByText("4 events were sent to Meta before.").waitFor();
    const line = asked.getByLabel("Type jane@doe.example to confirm");
    await asked.getByRole("button", { name: "Erase this person" }).click();
    await asked.getByText("This is not what you looked for, letter by letter.").waitFor();
    expect(await page.evaluate("document.activeElement.tagName"), "the line is where it is mended").toBe("INPUT");
    await line.fill("jane@doe.exampl");
    await line.press("Enter");
    expect(
      posted().filter((one) => one.includes("/erase")),
      "nothing is erased by a press alone",
    ).toEqual([]);
    expect(await faultsSeen(page)).toEqual([]);
    await line.fill("jane@doe.example");
    await line.press("Enter");
    await page.getByText("Erased: 2 records and 7 stage entries.").waitFor();
    expect(await page.getByRole("link", { name: "Open the receipt" }).getAttribute("href")).toBe(erased().receipt);
    const body = '{"by":"mail","value":"jane@doe.example"}';
    expect(posted()).toEqual(["find", "export", "erase"].map((deed) => `POST /people/${deed} ${body}`));
    expect(page.url()).not.toContain("jane");
    expect(complaints).toEqual([]);
  });

  test("is looked for by a record of one account; what is not filled in is asked for", async () => {
    api().on("POST /people/find", nobody);
    const { page } = await show();
    await page.getByRole("radio", { name: "Record in the CRM" }).check();
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("Fill this in.").waitFor();
    await page.getByLabel("Record id").fill("9911");
    await page.getByLabel("Kind of record").selectOption("deal");
    await page.getByLabel("Account", { exact: true }).selectOption("con_sf");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("Events name people for 30 days").waitFor();
    expect(posted()).toEqual([
      'POST /people/find {"by":"record","connection":"con_sf","object":"deal","record":"9911"}',
    ]);
  });

  test("that cannot be looked for says why, in the server's words", async () => {
    api().on("POST /people/find", () => ({
      refused: 400,
      code: "input_invalid",
      title: "The input is not valid",
      detail: "value: no phone that Meta could have been sent",
      fix: "Correct what is named and send it again.",
    }));
    const { page } = await show();
    await page.getByRole("radio", { name: "Phone number" }).check();
    await page.getByLabel("Phone number").last().fill("12");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByRole("alert").getByText("We could not look for this person").waitFor();
  });

  test("is none of a viewer's business, who sees how long what is kept", async () => {
    as("viewer");
    const { page } = await show();
    await page.getByText("Only admins can find, hand out or erase").waitFor();
    await page.getByText("1,095 days").waitFor();
    await page.getByText("Only an owner can erase the workspace.").waitFor();
    expect(await page.getByRole("button", { name: /find|erase/i }).count()).toBe(0);
    expect(await faultsSeen(page)).toEqual([]);
  });
});

describe("the workspace", () => {
  test("is erased only by its name, letter by letter, and can be kept until then", async () => {
    let endsAt: string | undefined;
    api().on("GET /workspace", () => workspace(endsAt === undefined ? {} : { endsAt }));
    api().on("POST /workspace/erase", () => {
      endsAt = ago(-7 * day);
      return { endsAt, receipt: "http://localhost/receipts/rcp_all" };
    });
    api().on("POST /workspace/keep", () => {
      endsAt = undefined;
      return { kept: true };
    });
    const { page, complaints } = await show();
    await page.getByText("18,204 stage changes").waitFor();
    const line = page.getByLabel("Type Acme to confirm");
    await line.fill("acme");
    await line.press("Enter");
    await page.getByText("This is not its name, letter by letter.").waitFor();
    expect(posted()).toEqual([]);
    await line.fill("Acme");
    await line.press("Enter");
    await page.getByText(/This workspace is erased on .* \(in 7 days\)\./).waitFor();
    await page.getByText("http://localhost/receipts/rcp_all").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    await page.getByRole("button", { name: "Keep the workspace" }).click();
    await line.waitFor();
    expect(posted()).toEqual(['POST /workspace/erase {"name":"Acme","graceDays":7}', "POST /workspace/keep {}"]);
    expect(complaints).toEqual([]);
  });

  test("that is to be erased says so on every page: an owner is led to where it can be kept", async () => {
    const { page } = await open(overviews.ending, {}, "/deliveries");
    const said = page.getByText(
      /This workspace is erased on .* \(in 2 days\)\. Until then everything goes on as before\./,
    );
    await said.waitFor();
    for (const name of ["Problems", "Settings", "Overview"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      expect([name, await said.count()]).toEqual([name, 1]);
    }
    await page.getByRole("link", { name: "Keep it, under Privacy" }).click();
    await page.getByRole("heading", { name: "Privacy", level: 1 }).waitFor();
    server().answer(overviews.live);
    await expect.poll(() => said.count()).toBe(0);
  });

  test.each(["admin", "viewer"] as const)("that is to be erased says to %s that owners can keep it", async (role) => {
    as(role);
    const { page } = await open(overviews.ending, {}, "/deliveries");
    await page.getByText("An owner can keep it.").waitFor();
    expect(await page.getByRole("link", { name: "Keep it, under Privacy" }).count()).toBe(0);
    expect(await accessibility(page)).toEqual([]);
  });

  test("that is to be erased says so to an admin, who can do nothing about it", async () => {
    as("admin");
    api().on("GET /workspace", () => workspace({ endsAt: ago(-2 * day) }));
    const { page } = await show();
    await page.getByText(/This workspace is erased on .* \(in 2 days\)\./).waitFor();
    expect(await page.getByRole("button", { name: "Keep the workspace" }).count()).toBe(0);
  });
});

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createMail } from "../../server/mail/mail.ts";
import { createMailbox } from "../../server/sandbox/mailbox/index.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import type { Action, Simulator } from "../../server/sandbox/simulator.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { launchChromium } from "../browser/chromium.ts";
import { act, event, type Granted, HASH, NOW, send, temporaryFolder } from "./meta-world.ts";

const HOSTILE = "<img src=x onerror=alert(1)>";
const AXE = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A CRM as the page sees it: one record with a hostile name, and a note of all that was asked. */
function crm(asked: [string, unknown][]): Simulator {
  let stage = "new";
  const noting =
    (name: string, then?: (input: { stage?: string }) => void): Action =>
    (input) => {
      asked.push([name, input]);
      then?.(input);
    };
  return {
    name: "hubspot",
    handle: async (_, response) => void response.end(),
    actions: {
      recent: () => [
        {
          object: "deal",
          id: "7",
          name: HOSTILE,
          pipeline: "sales",
          stage,
          stages: [
            { id: "new", label: "New" },
            { id: "won", label: HOSTILE },
          ],
        },
      ],
      move: noting("move", (input) => {
        stage = input.stage ?? stage;
      }),
      life: noting("life"),
      revoke: noting("revoke"),
    },
    close() {},
  };
}

async function open(
  sandbox: Sandbox,
  width: number,
  colorScheme: "light" | "dark",
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  onTestFinished(() => page.close());
  const faults: string[] = [];
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => {
    faults.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(`${sandbox.control}/`);
  await page.getByText("Live").waitFor();
  return { page, faults };
}

async function startWorld(): Promise<{ sandbox: Sandbox; granted: Granted; asked: [string, unknown][] }> {
  const asked: [string, unknown][] = [];
  const meta = (options: { dir: string }) => createMeta({ ...options, now: () => NOW });
  const sandbox = await startSandbox({
    dir: temporaryFolder(),
    simulators: { hubspot: () => crm(asked), meta, mail: createMailbox },
  });
  onTestFinished(() => sandbox.close());
  return { sandbox, granted: await act<Granted>(sandbox, "grant"), asked };
}

async function mailTo({ mail: url }: Sandbox, words: string): Promise<void> {
  const mail = createMail({ url, from: "Stagewire <stagewire@localhost>" });
  onTestFinished(() => mail.close());
  await mail.send({ id: `mai_${words.length}`, to: "anna@example.com", subject: words, text: `${words}\n` });
}

describe("The sandbox's page", () => {
  test("shows events to the last digit and hostile names as text", async () => {
    const { sandbox, granted } = await startWorld();
    const text = JSON.stringify(event({ event_name: HOSTILE, user_data: { lead_id: "ID", em: HASH } }));
    await send(sandbox, granted, `{"data":[${text.replace('"ID"', "12345678901234567")}]}`);
    const { page, faults } = await open(sandbox, 1200, "light");
    expect(await page.locator("#events pre").allTextContents()).toEqual([text.replace('"ID"', "12345678901234567")]);
    expect(await page.locator("#summary tbody td").allTextContents()).toEqual(["HubSpot", HOSTILE, "1"]);
    expect(await page.locator("#requests tbody td").allTextContents()).toEqual([
      "1",
      expect.any(String),
      "1",
      "200",
      "",
    ]);
    expect(await page.getByText(HOSTILE).count()).toBeGreaterThan(1);
    expect(await page.locator("img").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test("moves a record, changes the pace, makes Meta refuse and takes it back", async () => {
    const { sandbox, granted, asked } = await startWorld();
    const { page, faults } = await open(sandbox, 1200, "light");
    await page.getByLabel(`Stage of ${HOSTILE}`).selectOption("won");
    await page.getByText("moved to").waitFor();
    await page.getByLabel("Pace of HubSpot").selectOption("120");
    await page.getByRole("button", { name: "Revoke access" }).click();
    await page.getByText("Access revoked").waitFor();
    expect(asked).toEqual([
      ["move", { object: "deal", id: "7", pipeline: "sales", stage: "won" }],
      ["life", { perMinute: 120 }],
      ["revoke", {}],
    ]);

    const meta = page.getByRole("region", { name: "Meta", exact: true });
    const press = async (name: string, then: string): Promise<number> => {
      await meta.getByRole("button", { name }).click();
      await page.getByText(then).first().waitFor();
      return (await send(sandbox, granted, { data: [event()] })).status;
    };
    expect(await press("Answers 500", "answers 500")).toBe(500);
    expect(await press("Mend", "Meta is well")).toBe(200);
    expect(await press("Limit of the app (4)", "limit 4 until")).toBe(400);
    expect(await press("Lift limit", "Limit lifted")).toBe(200);
    await page.getByLabel("Field that Meta shall refuse").selectOption("em");
    expect(await press("Refuse this field", "refuses user_data.em")).toBe(400);
    expect(await press("Accept all", "All fields are accepted")).toBe(200);
    expect(await press("Revoke tokens", "1 token not valid")).toBe(400);
    expect(await press("Give them back", "Tokens are valid again")).toBe(200);
    expect(faults).toEqual([]);
  });

  test("shows mails as text, opened as long as the reader likes, and makes the mail server misbehave", async () => {
    const { sandbox } = await startWorld();
    await mailTo(sandbox, HOSTILE);
    const { page, faults } = await open(sandbox, 1200, "light");
    const mailbox = page.getByRole("region", { name: "Mailbox" });
    await mailbox.getByText(HOSTILE).first().click();
    expect(await mailbox.locator("pre").first().innerText()).toBe(HOSTILE);
    await mailTo(sandbox, "Resolved");
    await mailbox.getByText("Resolved").first().waitFor();
    expect(await mailbox.locator("li").count()).toBe(2);
    expect(await mailbox.locator("details[open]").count()).toBe(1);
    expect(await mailbox.getByText("2 mails to anybody").count()).toBe(1);
    expect(await page.locator("img").count()).toBe(0);

    await mailbox.getByRole("button", { name: "Refuse for good (550)" }).click();
    await mailbox.getByText("refuses recipients (550)").waitFor();
    await expect(mailTo(sandbox, "Refused")).rejects.toMatchObject({ code: "not_allowed" });
    await mailbox.getByRole("button", { name: "Mend" }).click();
    await mailbox.getByText("Well").waitFor();
    await mailbox.getByRole("button", { name: "Clear" }).click();
    await mailbox.getByText("0 mails").waitFor();
    expect(await mailbox.locator("li").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test.each([
    [360, "dark"],
    [1200, "light"],
  ] as const)("fits %i pixels in %s and has no accessibility violations", async (width, scheme) => {
    const { sandbox, granted } = await startWorld();
    await send(sandbox, granted, { data: [event()] });
    await mailTo(sandbox, "Meta no longer accepts our access: 12 events wait");
    const { page } = await open(sandbox, width, scheme);
    await page.getByText("12 events wait").first().click();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    await page.evaluate(AXE);
    const run = 'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })';
    const report = (await page.evaluate(run)) as { violations: { id: string }[]; passes: unknown[] };
    expect(report.violations.map((each) => each.id)).toEqual([]);
    expect(report.passes.length).toBeGreaterThan(5);
  });

  test("says so when the sandbox is gone", async () => {
    const { sandbox } = await startWorld();
    const { page } = await open(sandbox, 800, "light");
    await sandbox.close();
    await page.getByText("The sandbox does not answer").waitFor();
  });
});

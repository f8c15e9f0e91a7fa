import { expect, test } from "vitest";
import { failures } from "../../core/problems.ts";
import { checked, hostileInstall, install, nobody, providers } from "./installs.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import type { Visit } from "./visit.ts";

const { show, server, api, looksRight } = openConsole();
const refusal = (code: keyof typeof failures, refused: number) => {
  const { title, fix } = failures[code];
  return { refused, code, title, detail: "in particular", fix };
};

/** Signed out, unless somebody is said to be there. */
async function open(address: string, as: "nobody" | "owner" = "nobody"): Promise<Visit> {
  server().session(as === "nobody" ? nobody : server().owner);
  return await show(overviews.live, {}, address);
}

test.each([
  ["oauth_denied", "You chose not to connect", "A message that you can pass on"],
  ["oauth_state", "This link is used up, or was not begun here", "10 minutes"],
  ["oauth_app", "Your CRM does not let this app in yet", "A message that you can pass on"],
  ["oauth_scopes", "A permission is missing", "leave every required permission ticked"],
  ["oauth_identity", "The account could not be verified", "did not believe it"],
  ["account_taken", "The account belongs to another workspace", "invite you"],
  ["crm_unavailable", "The CRM did not answer as it should", "in a few minutes"],
  ["app_credentials", "The CRM does not accept our app's credentials", "ours to mend"],
  ["input_invalid", "That is no place to sign in at", "My Domain"],
  ["<script>", "Something went wrong on our side", "tell us"],
])("an install that came to nothing by %s says why and what to do", async (code, heading, words) => {
  const visit = await open(`/install/failed?code=${encodeURIComponent(code)}`);
  await visit.page.getByRole("heading", { name: heading }).waitFor();
  await visit.page.getByText(words).first().waitFor();
  await looksRight(visit);
  api().on("GET /providers", () => providers);
  await visit.page.getByRole("link", { name: "Start again" }).click();
  await visit.page.getByRole("heading", { name: "Connect your CRM, and you are signed in" }).waitFor();
  expect(await visit.page.evaluate("document.activeElement.tagName")).toBe("H1");
});

test("a permission that was left out is named, with what it is for; what no app asks for is not repeated", async () => {
  api().on("GET /providers", () => providers);
  const visit = await open("/install/failed?code=oauth_scopes&missing=crm.objects.deals.read+evil.scope");
  const card = visit.page.getByRole("region", { name: "The permission that is missing" });
  await card.getByText("Reads deals and the stages they enter.").waitFor();
  expect(await visit.page.getByText("evil.scope").count()).toBe(0);
  await looksRight(visit);
});

test.each([
  ["an account that is new", install(), "Into a new workspace", true],
  [
    "a test account beside real ones",
    install({
      account: { id: "7", name: "Trial", sandbox: true },
      workspace: { id: "ten_1", name: "Acme" },
      sharesDataset: "Acme leads",
    }),
    "Let its leads go to Acme leads as well",
    true,
  ],
  [
    "an account of one's own",
    install({ state: "yours", workspace: { id: "ten_1", name: "Acme" } }),
    "Renew access and open",
    true,
  ],
  ["an account of somebody else", install({ state: "taken" }), "The account belongs to another workspace", false],
  ["an account nobody asked for", install({ state: "sign_in", asked: false }), "Sign in first.", false],
  ["many consents of one person", install({ grants: 4, manyGrants: true }), "4 accounts", true],
  ["labels that try to be markup", hostileInstall, "<img src=x onerror=", true],
])("the confirm page of %s says what it is and what can be done", async (_name, view, words, connectable) => {
  api().on("GET /installs/:id", () => view);
  const visit = await open("/install/ins_1");
  await visit.page.getByText(words).first().waitFor();
  expect(await visit.page.getByRole("button", { name: /^(Connect|Renew access and open)$/ }).count()).toBe(
    connectable ? 1 : 0,
  );
  await looksRight(visit);
  expect(await visit.page.evaluate("window.hacked")).toBeUndefined();
});

test("what is chosen on the confirm page is what is asked for, and a refusal is told with what to do", async () => {
  const workspace = { id: "ten_1", name: "Acme" };
  api().on("GET /installs/:id", () => install({ workspace, sharesDataset: "Acme leads" }));
  api().on("POST /installs/:id/confirm", () => refusal("account_taken", 409));
  const visit = await open("/install/ins_1", "owner");
  await visit.page.getByRole("checkbox", { name: /^Let its leads go/ }).check();
  await visit.page.getByRole("button", { name: "Connect", exact: true }).click();
  await visit.page.getByText("It was not connected").waitFor();
  await visit.page.getByRole("radio", { name: /^Into a new workspace/ }).check();
  expect(await visit.page.getByRole("checkbox").count()).toBe(0);
  await visit.page.getByRole("button", { name: "Connect", exact: true }).click();
  const asked = () => api().log.filter((line) => line.startsWith("POST"));
  await expect.poll(() => asked().length).toBe(2);
  expect(asked()[0]).toContain('{"workspace":"ten_1","allowSandbox":true}');
  expect(asked()[1]).toContain('"workspace":"new"');
  await looksRight(visit, /409/);
});

test("an install that is over, or of another browser, says so and leads to the beginning", async () => {
  api().on("GET /installs/:id", () => refusal("not_found", 404));
  const visit = await open("/install/ins_1");
  await visit.page.getByRole("heading", { name: "This install is over" }).waitFor();
  await looksRight(visit, /404/);
});

test("the page of waiting accounts says so where nothing waits", async () => {
  api().on("GET /installs", () => refusal("not_signed_in", 401));
  const visit = await open("/claim");
  await visit.page.getByText("Nothing waits in this browser.").waitFor();
  await looksRight(visit, /401/);
});

test("a CRM that is not set up is named and cannot be chosen, and each permission comes with its reason", async () => {
  api().on("GET /providers", () => providers);
  const visit = await open("/sign-in");
  await visit.page.getByText("Salesforce is not set up on this server yet.").waitFor();
  expect(await visit.page.getByRole("button", { name: "Continue with Salesforce" }).count()).toBe(0);
  expect(await visit.page.getByText("Try the demo").count()).toBe(0);
  await visit.page.getByText("What it asks for (2)").click();
  await visit.page.getByText("Reads deals and the stages they enter.").waitFor();
  await looksRight(visit);
});

test("the operator's link asks for one press, and keeps its key out of every request's address", async () => {
  const key = "k".repeat(43);
  api().on("POST /sign-in/operator", () => refusal("not_signed_in", 401));
  const visit = await open(`/sign-in#key=${key}`);
  await visit.page.getByRole("button", { name: "Sign in" }).click();
  await visit.page.getByText("You are not signed in").waitFor();
  expect(api().log.filter((line) => line.includes(key))).toEqual([`POST /sign-in/operator {"key":"${key}"}`]);
  await looksRight(visit, /401/);
});

test.each(["form", "alive", "found", "crm", "send"] as const)(
  "a check of Meta's dataset that fails at “%s” shows what was right before, what is wrong and how to mend it",
  async (step) => {
    api().on("GET /meta/login", () => ({ offered: false, waiting: false }));
    api().on("POST /datasets/check", () => checked(step));
    const visit = await open("/connect-meta?failed=oauth_denied", "owner");
    await visit.page.getByText("You chose not to connect. Nothing was stored.").waitFor();
    expect(await visit.page.getByRole("link", { name: "Continue with Facebook" }).count()).toBe(0);
    await visit.page.getByRole("button", { name: "Check" }).click();
    await visit.page.getByText("Copy the dataset's id from Events Manager: digits only.").waitFor();
    await visit.page.getByLabel("Dataset id").fill("123456789012345");
    await visit.page.getByLabel("Access token", { exact: true }).fill("EAAtoken");
    await visit.page.getByRole("button", { name: "Check" }).click();
    await visit.page.getByText(`Mend the ${step}.`).waitFor();
    expect(await visit.page.getByRole("button", { name: /^Connect/ }).count()).toBe(0);
    await looksRight(visit);
  },
);

test("when the session has ended meanwhile, the way back in is shown", async () => {
  api().on("GET /providers", () => providers);
  const { page } = await open("/", "owner");
  await page.getByText("Live. Last event accepted").first().waitFor();
  server().session(nobody);
  server().answer(401);
  await page.getByRole("heading", { name: "Connect your CRM, and you are signed in" }).waitFor();
});

import { beforeEach, describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { faultsSeen } from "./seen.ts";
import { developers, key, keyMade } from "./workspace-answers.ts";

const { show: open, api, server } = openConsole();
const show = async () => {
  const visit = await open(overviews.live, { permissions: ["clipboard-read", "clipboard-write"] }, "/developers");
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const as = (role: "owner" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => as("owner"));

describe("those who program against us", () => {
  test("find addresses, ids and examples to copy, and the API reference", async () => {
    const { page, complaints } = await show();
    await page.getByText("1 key is live").waitFor();
    await page.getByRole("button", { name: "Copy the address for stage changes" }).click();
    const [one] = developers().connections;
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(one?.address);
    await page.getByLabel("Example", { exact: true }).selectOption({ label: "Node.js, signed" });
    await page.getByText("createHmac").waitFor();
    await page.getByText("The signature is Standard Webhooks").waitFor();
    await page.getByRole("button", { name: "Copy the example" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(one?.examples[1]?.code);
    const reference = page.getByRole("link", { name: "Open the API reference" });
    expect(await reference.getAttribute("href")).toBe("/api/reference");
    expect(await faultsSeen(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("are shown a key once, and never again", async () => {
    api().on("POST /connections/:id/keys", () => keyMade());
    const { page } = await show();
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByText("Give it a name.").waitFor();
    await page.getByLabel("What the key is for").fill(" Web forms ");
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByText(keyMade().key).waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    await page.getByRole("button", { name: "Copy the key" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(keyMade().key);
    await page.getByRole("button", { name: "I have it" }).click();
    await expect.poll(() => page.getByText(keyMade().key).count()).toBe(0);
    expect(posted()).toEqual(['POST /connections/con_own/keys {"name":"Web forms"}']);
  });

  test("replace a key, which serves for a day more, and end one after a question", async () => {
    api().on("POST /connections/:id/keys/:key/rotate", () => keyMade({ name: "ERP" }));
    api().on("POST /connections/:id/keys/:key/end", () => key({ state: "ended" }));
    const { page } = await show();
    await page.getByRole("button", { name: "Replace the key of ERP" }).click();
    await page.getByText("the old one serves for 24 hours more").first().waitFor();
    await page.getByRole("button", { name: "End", exact: true }).click();
    await page.getByText("Whoever pushes with it is refused at once.").waitFor();
    await page.getByRole("button", { name: "End the key" }).click();
    const [rotate, end] = ["rotate", "end"].map((deed) => `POST /connections/con_own/keys/key_erp/${deed} {}`);
    await expect.poll(posted).toEqual([rotate, end]);
  });

  test("make a new signing secret after it was said what that ends", async () => {
    api().on("POST /connections/:id/signing-secret", () => ({ secret: "whsec_once", since: "2026-11-23T09:00:00Z" }));
    const { page } = await show();
    await page.getByRole("button", { name: "Make a new secret" }).click();
    await page.getByText("The one there is ends at once").waitFor();
    await page.getByRole("button", { name: "Make a new secret" }).click();
    await page.getByText("whsec_once").waitFor();
  });

  test("are shown no key as viewers, and no way to make one", async () => {
    as("viewer");
    const { page } = await show();
    await page.getByText("Only admins see and make keys.").waitFor();
    expect(await page.getByRole("button", { name: /make|end|replace/i }).count()).toBe(0);
    expect(api().log.filter((asked) => asked.includes("/keys"))).toEqual([]);
  });

  test("are told where there is no in-house CRM, and where nothing could be loaded", async () => {
    api().on("GET /developers", () => ({ ...developers(), connections: [] }));
    const { page } = await show();
    await page.getByText("No in-house CRM is set up in this workspace.").waitFor();
    api().on("GET /developers", () => 500);
    await page.reload();
    await page.getByText("We could not load addresses and examples").waitFor();
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { inWorkspace, looksRight, ours, walkFrom } from "./install-walk.ts";
import { type Product, startProduct } from "./product.ts";

let product: Product;
let browser: Browser;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test("an owner invites a colleague, who shows who they are at HubSpot, joins as viewer, is made admin and removed", async () => {
  const owner = await walkFrom(browser, product, "/sandbox/sign-in?as=owner");
  await owner.page.getByRole("button", { name: "You: Olivia Owner" }).click();
  await owner.page.getByRole("link", { name: "Members" }).first().click();
  await owner.page.getByRole("heading", { name: "Members of Demo workspace" }).waitFor();
  await owner.page.getByLabel("Mail address").fill("casey");
  await owner.page.getByRole("button", { name: "Invite" }).click();
  await owner.page.getByText("This is no mail address.").waitFor();
  await owner.page.getByLabel("Mail address").fill("casey@partner.example");
  await owner.page.getByRole("button", { name: "Invite" }).click();
  const link = await owner.page.locator("code", { hasText: "#token=" }).innerText();
  await owner.page.getByRole("button", { name: "Withdraw" }).waitFor();
  await looksRight(owner.page);

  const invited = await walkFrom(browser, product, new URL(link).pathname + new URL(link).hash);
  await invited.page.getByText("Show who you are by signing in to your CRM.").waitFor();
  expect(new URL(invited.page.url()).hash).toBe("");
  await looksRight(invited.page);
  await invited.page.getByRole("button", { name: "Continue with HubSpot" }).click();
  await invited.page.getByRole("link", { name: /^Northwind Dental/ }).click();
  await invited.agree(/Casey Lindqvist/);
  await invited.page.getByRole("button", { name: "Join the workspace" }).waitFor();
  await looksRight(invited.page);
  await invited.page.getByRole("button", { name: "Join the workspace" }).click();
  await inWorkspace(invited.page, "Demo workspace");
  await invited.page.goto(`${ours(product)}/connect-meta`);
  await invited.page.getByRole("heading", { name: "Not for your role" }).waitFor();
  await looksRight(invited.page);

  await owner.page.reload();
  const role = owner.page.getByLabel("Role of casey@partner.example");
  await role.selectOption("admin");
  await owner.page.getByText("casey@partner.example is admin now.").waitFor({ state: "attached" });
  expect(await role.inputValue()).toBe("admin");
  const row = owner.page.getByRole("listitem").filter({ has: role });
  await row.getByRole("button", { name: "Remove" }).click();
  await owner.page.getByText("Remove casey@partner.example from this workspace?").waitFor();
  await looksRight(owner.page);
  await row.getByRole("button", { name: "Remove" }).click();
  await role.waitFor({ state: "detached" });

  // The last owner is not offered to go.
  await owner.page.getByText("The last owner stays: make somebody else an owner first.").waitFor();
  expect(await owner.page.getByLabel("Role of Olivia Owner").count()).toBe(0);
  expect(owner.complaints).toEqual([]);
  await Promise.all([owner.close(), invited.close()]);
  // Whoever was removed may have been asking when it happened.
  expect(invited.complaints.filter((one) => !one.includes("401"))).toEqual([]);
}, 60_000);

test("a viewer sees the members and can change nothing", async () => {
  const { page, complaints, close } = await walkFrom(browser, product, "/sandbox/sign-in?as=viewer");
  await page.goto(`${ours(product)}/members`);
  await page.getByText("Vera Viewer").first().waitFor();
  await page.getByText("Only an owner can change roles, remove members and invite.").waitFor();
  expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
  expect(await page.getByRole("combobox").count()).toBe(0);
  await looksRight(page);
  expect(complaints).toEqual([]);
  await close();
});

import { beforeEach, describe, expect, test } from "vitest";
import { ago, day } from "./ago.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { faultsSeen } from "./seen.ts";

const { show: open, api, server } = openConsole();
const show = async () => {
  const visit = await open(overviews.live, {}, "/members");
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const posted = (): readonly string[] => api().log.filter((asked) => asked.startsWith("POST"));
const as = (role: "owner" | "admin" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => as("owner"));

const invitation = {
  id: "inv_1",
  mail: "new@acme.example",
  role: "viewer",
  invitedBy: "usr_1",
  createdAt: ago(day),
  endsAt: ago(-6 * day),
} as const;

describe("members", () => {
  test("are given roles and removed by an owner, after a question; the last owner stays", async () => {
    api().on("POST /members/:id/role", ({ params, body }) => ({
      id: String(params.id),
      ...(body as { role: "owner" }),
    }));
    api().on("POST /members/:id/remove", () => ({ removed: true }));
    const { page, complaints } = await show();
    const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await row("Olivia Owner").getByText("The last owner stays").waitFor();
    expect(await row("Olivia Owner").getByRole("button").count()).toBe(0);
    await page.getByLabel("Role of val@acme.example").selectOption("admin");
    await row("Ana Admin").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Remove Ana Admin from this workspace?").waitFor();
    await row("Ana Admin").getByRole("button", { name: "Remove" }).click();
    await expect.poll(posted).toEqual(['POST /members/usr_v/role {"role":"admin"}', "POST /members/usr_ana/remove {}"]);
    expect(await faultsSeen(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("are invited; the link is shown once, and the invitation can be withdrawn", async () => {
    api().on("GET /invitations", () => ({ invitations: [invitation] }));
    api().on("POST /invitations", () => ({
      ...invitation,
      link: "http://localhost/invitation#token=t",
      mailed: false,
    }));
    api().on("POST /invitations/:id/withdraw", () => ({ withdrawn: true }));
    const { page } = await show();
    await page.getByLabel("Mail address").fill("new@acme.example");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByText("Hand this link on yourself").waitFor();
    await page.getByText("http://localhost/invitation#token=t").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    await page.getByRole("button", { name: "Withdraw" }).click();
    await expect.poll(posted).toHaveLength(2);
  });

  test("are listed for viewers, who can ask an owner for more", async () => {
    as("viewer");
    const { page } = await show();
    await page.getByText("Only an owner can change roles").waitFor();
    await page.getByText("Ana Admin").waitFor();
    expect(await page.locator("main").getByRole("combobox").count()).toBe(0);
    expect(api().log.filter((asked) => asked.includes("/invitations"))).toEqual([]);
  });
});

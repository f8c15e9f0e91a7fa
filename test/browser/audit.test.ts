import { beforeEach, describe, expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import { faultsSeen } from "./seen.ts";
import { audit } from "./workspace-answers.ts";

const { show: open, api, server } = openConsole();
const show = async (query = "") => {
  const visit = await open(overviews.live, {}, `/audit${query}`);
  visit.page.setDefaultTimeout(5_000);
  return visit;
};
const asked = (): readonly string[] => api().log.filter((one) => one.startsWith("GET /audit"));
const as = (role: "owner" | "viewer"): void =>
  server().session({ ...server().owner, workspace: { id: "ten_1", name: "Acme", role } });
beforeEach(() => as("owner"));

describe("the audit log", () => {
  test("tells who did what, and how it was before, in words; and looks right everywhere", async () => {
    const { page, complaints } = await show();
    const row = (n: number) => page.getByRole("row").nth(n);
    await row(1).getByText("Ana Admin").waitFor();
    expect(await row(1).innerText()).toMatch(/Country of phone numbers that name none:.*US.*after.*DE/s);
    expect(await row(2).innerText()).toMatch(/Sending to a dataset was paused.*Northwind CRM events/s);
    expect(await row(3).innerText()).toMatch(/viewer.*after.*admin/s);
    expect(await row(4).innerText()).toContain("HubSpot");
    expect(await row(4).getByRole("link", { name: "rcp_1" }).getAttribute("href")).toBe("/receipts/rcp_1");
    expect(await row(5).innerText()).toMatch(/Stagewire.*Northwind Homes Sales/s);
    expect(await row(6).innerText()).toContain("Somebody who is gone (usr_gone)");
    await page.getByText("This is the first entry.").waitFor();
    expect(await faultsSeen(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("is filtered by person and kind in the address, so that a link leads to the same entries", async () => {
    const { page } = await show("?what=member");
    expect(await page.getByLabel("About what").inputValue()).toBe("member");
    await page.getByLabel("By", { exact: true }).selectOption({ label: "Ana Admin" });
    await expect.poll(() => asked().at(-1)).toBe("GET /audit?who=usr_ana&what=member&limit=50 {}");
    expect(page.url()).toMatch(/\/audit\?what=member&who=usr_ana$/);
    const csv = page.getByRole("link", { name: "Download as CSV" });
    expect(await csv.getAttribute("href")).toBe("/api/v1/audit.csv?who=usr_ana&what=member");
    api().on("GET /audit", () => ({ entries: [], names: {} }));
    await page.getByLabel("About what").selectOption("mapping");
    await page.getByText("No entries match.").waitFor();
    await page.getByRole("link", { name: "Clear the filters" }).last().click();
    await expect.poll(() => page.url()).toMatch(/\/audit$/);
  });

  test("goes on further back on request", async () => {
    const [first] = audit().entries;
    if (!first) throw new Error("there is an entry");
    const page50 = Array.from({ length: 50 }, (_, n) => ({ ...first, id: `aud_${100 + n}` }));
    api().on("GET /audit", ({ query }) =>
      (query as { before?: string }).before ? { ...audit(), people: undefined } : { ...audit(), entries: page50 },
    );
    const { page } = await show();
    await page.getByRole("button", { name: "Show older entries" }).click();
    await page.getByText("This is the first entry.").waitFor();
    expect(asked().at(-1)).toBe("GET /audit?limit=50&before=aud_149 {}");
    expect(await page.getByRole("row").count()).toBe(1 + 56);
  });

  test("is printed whole and alone: no navigation, no buttons, each time in full", async () => {
    const { page } = await show();
    await page.getByRole("row").nth(1).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("navigation").isVisible()).toBe(false);
    expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
    expect(await page.getByRole("row").nth(1).innerText()).toMatch(/\d{4} at \d\d:\d\d:\d\d/);
  });

  test("is a viewer's to read and an admin's to take away", async () => {
    as("viewer");
    const { page } = await show();
    await page.getByRole("row").nth(1).waitFor();
    expect(await page.getByRole("link", { name: "Download as CSV" }).count()).toBe(0);
  });

  test("that cannot be loaded says so, and is loaded on request", async () => {
    api().on("GET /audit", () => 500);
    const { page } = await show();
    await page.getByText("We could not load the audit log").waitFor();
    api().on("GET /audit", audit);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("row").nth(1).getByText("Ana Admin").waitFor();
  });
});

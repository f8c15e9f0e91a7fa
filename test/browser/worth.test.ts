import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { LeadFieldsAsked, LeadFieldsView } from "../../server/api/lead-fields.ts";
import { coverage, customers, fields } from "./mappings.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";

const { show, api } = openConsole();
const standing = fields();
const region = (page: Page) => page.getByRole("region", { name: "What a record is worth" });
const people = (page: Page) => page.getByRole("region", { name: "How Meta recognises a lead" });
const choiceOf = (page: Page, object: string) => region(page).getByRole("combobox", { name: `Value of a ${object}` });

/** The fields as the server keeps them: who saves over a version that is not the newest is refused. */
function keeper(first: Partial<LeadFieldsView> = {}) {
  const kept = { view: fields(first), saved: [] as LeadFieldsAsked[] };
  api().on("GET /connections/:id/lead-fields", () => kept.view);
  api().on("POST /connections/:id/lead-fields", ({ body }) => {
    const { from, ...chosen } = body as LeadFieldsAsked;
    kept.saved.push({ from, ...chosen });
    if (from !== kept.view.version)
      return {
        refused: 409,
        code: "conflict",
        title: "It is not as you last saw it",
        detail: "Ana Ruiz chose other fields meanwhile; look at them first",
        fix: "Load it again.",
      };
    choose(chosen);
    return { version: kept.view.version, chosen };
  });
  /** Somebody saves this choice. */
  function choose(chosen: LeadFieldsView["chosen"]): void {
    kept.view = { ...kept.view, version: `${Number(kept.view.version) + 1}`, chosen };
  }
  return { ...kept, choose, now: () => kept.view };
}

async function open(first: Partial<LeadFieldsView> = {}) {
  customers().answer(api());
  const kept = keeper(first);
  const { page, complaints } = await show(overviews.live, {}, "/mapping");
  page.setDefaultTimeout(6_000);
  await region(page).getByRole("row", { name: /Deals/ }).waitFor();
  return { page, complaints, kept };
}
async function pick(page: Page, object: string, name: string): Promise<void> {
  await choiceOf(page, object).click();
  await page.getByRole("option", { name: new RegExp(name) }).click();
}

async function save(page: Page): Promise<void> {
  await region(page).getByRole("button", { name: "Save fields" }).click();
  await page.getByText("The fields are saved.").waitFor();
}

test("a field for the value is tried and saved beside the fields that tell who a lead is, which stay as they are", async () => {
  const { page, complaints, kept } = await open();
  await region(page)
    .getByRole("row", { name: /Deals 38 of 50 \(76%\) *3 below 0 or no number/ })
    .waitFor();
  await region(page).getByText("No value is sent yet: switch on “Send value and currency”").waitFor();
  await pick(page, "deal", "hs_acv");
  await region(page)
    .getByRole("row", { name: /Deals 31 of 50 \(62%\) *before: 76%/ })
    .waitFor();
  expect(await people(page).getByRole("button", { name: "Save fields" }).count()).toBe(0);
  await region(page).getByRole("combobox", { name: "Currency" }).fill("swiss");
  await page.getByRole("option", { name: "CHF · Swiss Franc" }).click();
  await save(page);
  const chosen = {
    leadId: "meta_lead_id",
    clickId: "hs_facebook_click_id",
    value: { deal: "hs_acv" },
    currency: "CHF",
  };
  expect(kept.saved).toEqual([{ from: "1", ...chosen }]);
  expect(await choiceOf(page, "deal").inputValue()).toBe("Annual contract value · hs_acv");
  expect(complaints).toEqual([]);
});

test("only numbers of its own kind of record can be chosen, and a value that is not the usual one can be taken away", async () => {
  const { page, kept } = await open({ chosen: { value: { deal: "amount", contact: "lifetime_value" } } });
  await choiceOf(page, "deal").click();
  expect(await page.locator("[role=option]:visible").allInnerTexts()).toEqual([
    "Amount · amount",
    "Annual contract value · hs_acv",
    "Contract months · contract_months",
  ]);
  await page.keyboard.press("Escape");
  await choiceOf(page, "contact").click();
  await page.getByRole("option", { name: "No value" }).click();
  await save(page);
  expect(kept.now().chosen.value).toEqual({ deal: "amount" });
});

describe("somebody else who chooses meanwhile", () => {
  test("is not overwritten: both choices stand side by side, and mine can be saved over it", async () => {
    const { page, kept } = await open();
    await pick(page, "deal", "hs_acv");
    kept.choose({ ...standing.chosen, value: { deal: "contract_months" } });
    await region(page).getByRole("button", { name: "Save fields" }).click();
    await region(page).getByText("Somebody else chose other fields meanwhile").waitFor();
    const rows = region(page).getByRole("row", { name: /Value of a deal/ });
    await rows.and(page.getByRole("row", { name: /Contract months .* Annual contract value/ })).waitFor();
    await region(page).getByRole("button", { name: "Save mine over it" }).click();
    await region(page).getByText("Somebody else chose other fields meanwhile").waitFor({ state: "detached" });
    expect(kept.now().chosen.value).toEqual({ deal: "hs_acv" });
  });

  test("can be followed", async () => {
    const { page, kept } = await open();
    await pick(page, "deal", "hs_acv");
    kept.choose({ ...standing.chosen, value: { deal: "contract_months" } });
    await region(page).getByRole("button", { name: "Save fields" }).click();
    await region(page).getByRole("button", { name: "Take theirs" }).click();
    expect(await choiceOf(page, "deal").inputValue()).toBe("Contract months · contract_months");
    expect(await region(page).getByRole("button", { name: "Save fields" }).count()).toBe(0);
  });

  test("among the other fields stands in nobody's way, and keeps what they chose", async () => {
    const { page, kept } = await open();
    await pick(page, "deal", "hs_acv");
    kept.choose({ ...standing.chosen, leadId: "leadgen_id" });
    await save(page);
    expect(kept.now().chosen).toMatchObject({ leadId: "leadgen_id", value: { deal: "hs_acv" } });
    expect(await people(page).getByRole("combobox", { name: "Meta lead ID" }).inputValue()).toMatch(/leadgen_id/);
  });
});

test("a field that the CRM no longer has is named, and stays chosen until another one is", async () => {
  const { page } = await open({ chosen: { value: { deal: "arr_2024" } }, coverage: coverage(88, 0) });
  await region(page).getByText("HubSpot has no field “arr_2024”. Choose another, or make it there.").waitFor();
  expect(await choiceOf(page, "deal").inputValue()).toBe("arr_2024");
  await region(page)
    .getByRole("row", { name: /Deals 0 of 50/ })
    .waitFor();
});

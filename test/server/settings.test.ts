import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuditView } from "../../server/api/audit.ts";
import type { SettingsView } from "../../server/api/settings.ts";
import type { Role } from "../../server/sign-in/roles.ts";
import { findTenant } from "../../server/store/tenants.ts";
import { ensureTenant } from "../../server/workspaces/workspace.ts";
import { browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
});
afterAll(() => front.close());
/** Each later than the one before, so that the audit log has an order. */
const tick = (): void => {
  front.clock.at = new Date(front.clock.at.getTime() + 1);
};
beforeEach(tick);

const as = async (role: Role, { tenant } = acme) =>
  browsing(front.url, await front.people.cookie(role, await findTenant(front.store.db, tenant.id)));
const read = async (role: Role = "admin") => (await (await as(role)).tell<SettingsView>("/api/v1/settings")).body;
const save = async (change: object, version?: number) => {
  tick();
  const asked = { version: version ?? (await read()).version, ...change };
  return await (await as("admin")).tell<SettingsView & { code?: string }>("/api/v1/settings", asked);
};
const deeds = async () =>
  (await (await as("viewer")).tell<AuditView>("/api/v1/audit?what=settings")).body.entries.map(({ about }) => about);

describe("settings", () => {
  test("are told to everybody in the workspace; who hears of problems is masked for viewers", async () => {
    await save({ alertTo: ["jane@acme.example"] });
    expect(await read("viewer")).toMatchObject({
      name: "Acme",
      defaultCountry: "US",
      alertTo: ["j•••@a•••.example"],
      kept: { payloads: 30, outcomes: 90, ledger: 400, proofs: 1_095 },
      mail: true,
    });
    expect((await read("admin")).alertTo).toEqual(["jane@acme.example"]);
    expect((await read()).countries).toContain("NL");
  });

  test("change one by one, from then on, and are written down without an address", async () => {
    const before = await read();
    expect((await save({ name: "  Acme B.V. ", defaultCountry: "NL" })).body).toMatchObject({
      version: before.version + 1,
      name: "Acme B.V.",
      defaultCountry: "NL",
      allowedKeys: before.allowedKeys,
    });
    await save({ allowedKeys: ["ph", "em"] });
    await save({ alertTo: ["Ops@acme.example", "ops@acme.example", "ceo@acme.example"] });
    await save({ defaultCountry: null });
    const tenant = await findTenant(front.store.db, acme.tenant.id);
    expect(tenant).toMatchObject({ name: "Acme B.V.", allowedKeys: ["em", "ph"] });
    expect(tenant?.alertTo).toEqual(["ops@acme.example", "ceo@acme.example"]);
    expect(tenant).not.toHaveProperty("defaultCountry");
    const told = await deeds();
    expect(told.slice(0, 4)).toEqual([
      { field: "country", before: "NL", after: null },
      { field: "alert_to", added: 2, removed: 1 },
      { field: "contact_data", before: before.allowedKeys.join(" "), after: "em ph" },
      expect.objectContaining({ before: expect.anything() }),
    ]);
    expect(JSON.stringify(told)).not.toContain("acme.example");
  });

  test("are not saved over what somebody else saved meanwhile", async () => {
    const { version } = await read();
    const answers = await Promise.all(["One", "Two", "Three"].map((name) => save({ name }, version)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe("conflict");
    expect((await read()).version).toBe(version + 1);
  });

  test.each<[string, object]>([
    ["a country that is none", { defaultCountry: "QQ" }],
    ["a country in small letters", { defaultCountry: "nl" }],
    ["a name of blanks", { name: "   " }],
    ["a name that turns the text around", { name: "Acme\u202eevil" }],
    ["a key that Meta does not know", { allowedKeys: ["shoe_size"] }],
    ["an address that is none", { alertTo: ["acme.example"] }],
    ["a line end in an address", { alertTo: ["a@b.example\r\nBcc: x@y.example"] }],
    ["too many addresses", { alertTo: Array.from({ length: 21 }, (_, n) => `a${n}@b.example`) }],
    ["a setting that is none", { eventKey: "00" }],
  ])("refuse %s, and stay as they are", async (_what, change) => {
    const before = await read();
    expect((await save(change)).status).toBe(400);
    expect(await read()).toEqual(before);
  });

  test("of another workspace are neither seen nor changed", async () => {
    await save({ name: "Ours" });
    expect((await (await as("owner", other)).tell<SettingsView>("/api/v1/settings")).body.name).toBe("Other");
  });

  test("that a person saved outlive a restart with other words in the environment", async () => {
    const made = await ensureTenant("Settled", { defaultCountry: "DE" }, front.workspace);
    expect(await ensureTenant("Settled", { defaultCountry: "AT" }, front.workspace)).toMatchObject({
      id: made.id,
      defaultCountry: "AT",
    });
    const admin = browsing(front.url, await front.people.cookie("admin", made));
    const saved = { version: 1, defaultCountry: "CH", name: "By hand" };
    expect((await admin.tell("/api/v1/settings", saved)).status).toBe(200);
    expect(await ensureTenant("Settled", { defaultCountry: "AT" }, front.workspace)).toMatchObject({
      id: made.id,
      name: "By hand",
      defaultCountry: "CH",
    });
  });
});

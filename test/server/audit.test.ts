import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditView, deeds } from "../../server/api/audit.ts";
import { writeAudit } from "../../server/store/audit.ts";
import { dropOld } from "../../server/store/retention.ts";
import { forgetTenant } from "../../server/store/tenants.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let viewer: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
});
afterAll(() => front.close());

const days = 86_400_000;
const note = (what: string, who: string, at = front.clock.at, { tenant } = acme) =>
  writeAudit(front.store.db, tenant.id, { who, what, about: { n: 1 } }, at);
const read = async (query = ""): Promise<readonly string[]> =>
  (await viewer.tell<AuditView>(`/api/v1/audit${query}`)).body.entries.map(({ who, what }) => `${who} ${what}`);

describe("the audit log", () => {
  test("can be changed and cut short by nobody who works here", async () => {
    await note("member.role", "usr_a");
    for (const statement of ["update audit set who = 'nobody'", "delete from audit"]) {
      await expect(front.store.pool.query(statement)).rejects.toMatchObject({ code: "42501" });
      const { sql } = await import("kysely");
      const web = front.store.web(acme.tenant.id, (trx) => sql.raw(statement).execute(trx));
      await expect(web).rejects.toMatchObject({ code: "42501" });
    }
    expect(await read()).toContain("usr_a member.role");
  });

  test("loses only what is older than it is kept, and all of it with its workspace", async () => {
    const other = await front.customer("Other");
    const old = new Date(front.clock.at.getTime() - 401 * days);
    await note("dataset.paused", "usr_old", old);
    await note("dataset.paused", "usr_new");
    await note("dataset.paused", "usr_other", front.clock.at, other);
    await dropOld(front.store, front.clock.at);
    const all = async () => (await front.store.pool.query("select who from audit")).rows.map(({ who }) => who);
    expect(await all()).toEqual(expect.arrayContaining(["usr_new", "usr_other"]));
    expect(await all()).not.toContain("usr_old");
    await forgetTenant(front.store.db, other.tenant.id);
    expect(await all()).not.toContain("usr_other");
    expect(await all()).toContain("usr_new");
  });

  test("is read by everybody in the workspace: page by page, of one noun, of one deed, of one person", async () => {
    const at = (n: number) => new Date(front.clock.at.getTime() + n);
    await note("invitation.sent", "usr_b", at(1));
    await note("invitation.withdrawn", "usr_c", at(2));
    await note("invitations.other", "usr_b", at(3));
    expect(await read("?what=invitation")).toEqual(["usr_c invitation.withdrawn", "usr_b invitation.sent"]);
    expect(await read("?what=invitation.sent")).toEqual(["usr_b invitation.sent"]);
    expect(await read("?who=usr_b")).toEqual(["usr_b invitations.other", "usr_b invitation.sent"]);
    const first = await viewer.tell<AuditView>("/api/v1/audit?limit=1");
    expect(await read(`?limit=1&before=${first.body.entries[0]?.id}`)).toEqual(["usr_c invitation.withdrawn"]);
    expect(await viewer.status("/api/v1/audit?what=a%25")).toBe(400);
    expect(await viewer.status("/api/v1/audit?unknown=1")).toBe(400);
  });

  test("tells every deed that the product writes down in words", () => {
    const root = join(import.meta.dirname, "../../server");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const written = files
      .filter((file) => !file.startsWith("sandbox") && !file.startsWith("console"))
      .map((file) => readFileSync(join(root, file), "utf8"))
      .filter((text) => text.includes("writeAudit("))
      .flatMap((text) => [...text.matchAll(/"([a-z_]+\.[a-z_]+)"/g)])
      .map(([, what = ""]) => what);
    expect(written.length).toBeGreaterThan(15);
    expect([...new Set(written)].filter((what) => !Object.hasOwn(deeds, what))).toEqual([]);
  });
});

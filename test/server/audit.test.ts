import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditView, deeds } from "../../server/api/audit.ts";
import { type Deed, writeAudit } from "../../server/store/audit.ts";
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

  test("tells how what was changed was before, in words, and what everybody and everything is called", async () => {
    const owner = await front.people.person("owner", acme.tenant);
    const deed = (what: string, about: Deed["about"], n: number) =>
      writeAudit(
        front.store.db,
        acme.tenant.id,
        { who: owner.id, what, about },
        new Date(front.clock.at.getTime() + n),
      );
    await deed("member.role", { member: owner.id, before: "viewer", role: "admin" }, 101);
    await deed("settings.changed", { field: "contact_data", before: "em ph", after: "" }, 102);
    await deed("mapping.saved", { id: acme.connection.id, from: 3, to: 4 }, 103);
    await deed("settings.changed", { field: "name", before: "usr_stranger", after: "<b>Acme</b>" }, 104);
    const { entries, names, people } = (await viewer.tell<AuditView>(`/api/v1/audit?who=${owner.id}`)).body;
    expect(entries.map(({ change }) => change)).toEqual([
      { what: "The workspace's name", before: "usr_stranger", after: "<b>Acme</b>" },
      { before: "Version 3", after: "Version 4" },
      {
        what: "Contact data that may be sent",
        before: "email, phone",
        after: "only the lead id and the click id",
      },
      { before: "viewer", after: "admin" },
    ]);
    expect(names).toEqual({ [owner.id]: "The owner", [acme.connection.id]: "Acme CRM" });
    expect(people).toEqual(expect.arrayContaining(["operator", owner.id]));
  });

  test("begins, in every workspace, with its being made", async () => {
    const { entries } = (await viewer.tell<AuditView>("/api/v1/audit?what=workspace")).body;
    expect(entries.at(-1)).toMatchObject({ who: "operator", what: "workspace.made" });
  });

  test("calls nobody of another workspace by name, whatever was typed into a field", async () => {
    const other = await front.customer("Elsewhere");
    const stranger = await front.people.person("owner", other.tenant);
    await writeAudit(
      front.store.db,
      acme.tenant.id,
      { who: "usr_x", what: "settings.changed", about: { field: "name", before: stranger.id, after: stranger.id } },
      front.clock.at,
    );
    const { names, people = [] } = (await viewer.tell<AuditView>("/api/v1/audit")).body;
    expect(names).not.toHaveProperty(stranger.id);
    expect(people).not.toContain(stranger.id);
  });

  test("is downloaded by admins as a file that no spreadsheet can be made to run, and says so of itself", async () => {
    await note("settings.changed", "usr_a");
    await writeAudit(
      front.store.db,
      acme.tenant.id,
      { who: "usr_a", what: "settings.changed", about: { field: "name", before: "Acme", after: "=cmd|' /C calc'!A0" } },
      new Date(front.clock.at.getTime() + 200),
    );
    const admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
    expect(await viewer.status("/api/v1/audit.csv")).toBe(403);
    const answer = await admin.ask("/api/v1/audit.csv?what=settings");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="audit-log-2026-11-23.csv"');
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer()).split("\r\n");
    expect(lines[0]).toBe('\uFEFF"When (UTC)","Who","Id of who","What","In words","Before","After","About"');
    const hostile = lines.find((line) => line.includes("calc"));
    expect(hostile).toContain(`,"'=cmd|' /C calc'!A0",`);
    expect(lines.slice(1, -1).every((line) => line.includes('"settings.changed"'))).toBe(true);
    expect(await read("?what=audit")).toHaveLength(1);
  });

  test("is downloaded whole, however long", async () => {
    const { tenant } = await front.customer("Busy");
    await front.store.pool.query(
      `insert into audit (tenant_id, id, at, who, what, about)
        select $1, 'aud_n' || n, $2::timestamptz + n * interval '1 ms', 'upkeep', 'dataset.paused', '{}'
        from generate_series(1, 1203) n`,
      [tenant.id, front.clock.at],
    );
    const owner = browsing(front.url, await front.people.cookie("owner", tenant));
    const text = await (await owner.ask("/api/v1/audit.csv?what=dataset")).text();
    expect(text.split("\r\n").length - 2).toBe(1_203);
    expect(new Set(text.split("\r\n").map((line) => line.slice(0, 26))).size).toBeGreaterThan(1_200);
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

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../server/app.ts";
import type { Route } from "../../server/routes/route.ts";
import { isAtLeast, type Role, roles } from "../../server/sign-in/roles.ts";
import { newToken } from "../../server/sign-in/token.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import type { Asker } from "./people.ts";
import { type Belongings, belongingsOf, type Entry, table } from "./sweep-table.ts";

let front: Front;
let mine: Belongings;
let theirs: Belongings;
let demo: Customer["tenant"]["id"];
beforeAll(async () => {
  const first = await openFront();
  const found = await first.customer("Acme");
  demo = found.tenant.id; // its name decides it
  await first.close();
  front = await openFront(({ datasets }) => ({
    sandboxControl: "http://127.0.0.1:9",
    demoWorkspace: demo,
    datasets: { ...datasets, meta: { ...datasets.meta, app } },
  }));
  const acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z");
  const other = await front.customer("Other");
  for (const { bearer } of [acme, other]) {
    const occurred_at = "2026-11-23T08:00:00Z";
    const change = { record_id: "1", pipeline: "sales", stage: "Prospecting", occurred_at, lead_id: "510000470389201" };
    const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(change) };
    expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  }
  await front.read();
  mine = await belongingsOf(front, acme);
  theirs = await belongingsOf(front, other);
});
afterAll(() => front.close());

const app = { id: "1234567890", secret: "s".repeat(32), loginConfigId: "1", dialogOrigin: "http://127.0.0.1:9" };
const askers: readonly Asker[] = ["nobody", "stranger", ...roles];
const all = (): readonly Route[] => routes(front.parts);
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const entryOf = (route: Route): Entry => {
  const entry = table[nameOf(route)];
  if (!entry) throw new Error(`sweep-table.ts does not know ${nameOf(route)}`);
  return entry;
};

/** What this asker is to be answered, by who may call the route. */
function expected({ who, ok }: Entry, asker: Asker): number {
  switch (who) {
    case "installer":
      return 401; // no browser here has been at a consent page
    case "person":
      return asker === "nobody" ? 401 : ok;
    case "viewer":
    case "admin":
    case "owner":
      if (asker === "nobody") return 401;
      return asker !== "stranger" && isAtLeast(asker, who) ? ok : 403;
    default:
      return ok;
  }
}

/** The route's address with ids of `of` in it. */
async function called({ path }: Route, { ids, query, naming }: Entry, of: Belongings) {
  const named = naming?.(of);
  let address = path.replace("{/*rest}", "/healthz").replace(/\{.*\}/, "");
  for (const [name, id] of Object.entries((await ids?.(of)) ?? {})) address = address.replace(`:${name}`, id);
  return { address: address + (named?.query ?? query ?? ""), body: named?.body };
}
async function ask(route: Route, asker: Asker, of: Belongings, at = mine): Promise<number> {
  const entry = entryOf(route);
  const { address, body = entry.body } = await called(route, entry, of);
  const answer = await front.people.as(asker, at.customer.tenant)(address, {
    method: route.method.toUpperCase(),
    ...(route.method === "post" && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body ?? {}),
    }),
  });
  await answer.arrayBuffer();
  return answer.status;
}
/** Whoever is in no workspace can open none: what is `ok` for members is not there for strangers. */
const exceptions: Readonly<Record<string, Partial<Record<Asker, number>>>> = {
  "post /api/v1/session/open": { stranger: 404 },
};

describe("T19: the sweep of every route", () => {
  test("knows all of them, and each says the same of who may call it", () => {
    const known = Object.fromEntries(all().map((route) => [nameOf(route), route.who]));
    expect(known).toEqual(Object.fromEntries(Object.entries(table).map(([name, { who }]) => [name, who])));
  });

  test.each(askers)("as %s is answered exactly as the route's caller says", async (asker) => {
    const found: Record<string, number> = {};
    const right: Record<string, number> = {};
    for (const route of all()) {
      const name = nameOf(route);
      found[name] = await ask(route, asker, mine);
      right[name] = exceptions[name]?.[asker] ?? expected(entryOf(route), asker);
    }
    expect(found).toEqual(right);
  });

  test("with another tenant's ids finds nothing, as whoever, and changes nothing there", async () => {
    const strangers = all().filter((route) => {
      const { who, ids, naming } = entryOf(route);
      return (
        (ids !== undefined || naming !== undefined) && (who === "person" || (roles as readonly string[]).includes(who))
      );
    });
    expect(strangers.length).toBeGreaterThan(15);
    for (const route of strangers)
      for (const asker of roles) {
        const { who } = entryOf(route);
        const may = who === "person" || isAtLeast(asker, who as Role);
        // What the call names of theirs is made before the picture is taken.
        const { member, invitation, key, view, task } = frozen(theirs);
        await Promise.all([member(), invitation(), key(), view(), task()]);
        const before = await picture(theirs.customer);
        const status = await ask(route, asker, frozen(theirs));
        expect([nameOf(route), asker, status]).toEqual([nameOf(route), asker, may ? 404 : 403]);
        expect(await picture(theirs.customer), nameOf(route)).toEqual(before);
      }
  });

  test("by another method, another spelling or an overriding header gets nobody further", async () => {
    for (const route of all()) {
      const entry = entryOf(route);
      if (!["installer", "person", ...roles].includes(entry.who)) continue;
      const { address } = await called(route, entry, mine);
      const [path = "", query = ""] = address.split("?");
      const tail = query && `?${query}`;
      const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      const own = route.method === "post" ? post : {};
      for (const spelled of [`${path}/${tail}`, `${path.toUpperCase()}${tail}`, `/${path}${tail}`, `/.${path}${tail}`])
        expect([401, 404], spelled).toContain((await front.people.as("nobody")(`${front.url}${spelled}`, own)).status);
      for (const method of ["PUT", "PATCH", "DELETE"])
        expect([401, 404], `${method} ${path}`).toContain((await front.people.as("owner")(address, { method })).status);
      const override = { headers: { "x-http-method-override": "POST", "content-type": "application/json" } };
      const answer = await front.people.as("viewer")(address, { method: "GET", ...override });
      if (route.method === "post") expect([403, 404, 200, 409, 400], path).toContain(answer.status);
    }
  });

  test("with the cookie of a browser that was at no consent page of these installs shows it none", async () => {
    const cookie = `install=${newToken()}`;
    for (const route of all().filter(({ who }) => who === "installer")) {
      const entry = entryOf(route);
      const { address, body = entry.body } = await called(route, entry, mine);
      const answer = await fetch(`${front.url}${address}`, {
        method: route.method.toUpperCase(),
        headers: { cookie, "content-type": "application/json" },
        ...(route.method === "post" && { body: JSON.stringify(body ?? {}) }),
      });
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), entry.ok]);
    }
  });
});

/** The same things again and again, so that asking for them changes nothing. */
function frozen(of: Belongings): Belongings {
  const once = kept.get(of) ?? {
    member: of.member(),
    invitation: of.invitation(),
    key: of.key(),
    view: of.view(),
  };
  kept.set(of, once);
  return {
    ...of,
    member: () => once.member,
    invitation: () => once.invitation,
    key: () => once.key,
    view: () => once.view,
  };
}
const kept = new Map<Belongings, Record<"member" | "invitation" | "key" | "view", Promise<string>>>();

/** Every row of a tenant, in every table that has tenants. */
async function picture({ tenant }: Customer): Promise<unknown> {
  const { rows: tables } = await front.store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where column_name = 'tenant_id' and table_schema = 'public' and table_name !~ '_p?[0-9]+$' order by 1`,
  );
  expect(tables.length).toBeGreaterThan(15);
  const all: Record<string, readonly unknown[]> = {};
  for (const { name } of tables) {
    const { rows } = await front.store.pool.query(
      `select t::text as row from ${name} t where tenant_id = $1 order by 1`,
      [tenant.id],
    );
    all[name] = rows;
  }
  return all;
}

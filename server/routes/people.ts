import { Failure } from "../../core/errors.ts";
import { maskDigits } from "../../core/privacy.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { type PersonAsked, personAsked, personErased, personExported, personFound } from "../api/people.ts";
import { askToErase, erasePerson } from "../lifecycle/erase-person.ts";
import { heldByConnection, recordsOf, searchOf, type Wanted } from "../lifecycle/person.ts";
import { writeAudit } from "../store/audit.ts";
import { findConnection, listConnections } from "../store/connections.ts";
import { type ApiParts, apiRoute, type Call } from "./api-route.ts";
import { exportOf } from "./people-export.ts";
import type { Route } from "./route.ts";

const shown = 20;

/** What is held of one person, a copy of it, and its end. */
export const peopleRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/people/find",
      who: "admin",
      summary: "What is held of one person, and where",
      limit: "costly",
      body: personAsked,
      answer: personFound,
      handle: async ({ tenant, who, now, body }) => {
        const search = searchOf(await wantedIn(tenant.id, body, parts), tenant);
        const found = await recordsOf(tenant, search, parts.store);
        await note("person.looked_for", { by: search.by, records: found.length }, { tenant, who, now }, parts);
        const names = new Map((await listConnections(parts.store.db, tenant.id)).map(({ id, name }) => [id, name]));
        const held = await heldByConnection(tenant, found, parts.store);
        return {
          connections: held.map(({ connectionId: id, ...counts }) => ({ id, name: names.get(id) ?? id, ...counts })),
          records: found.slice(0, shown).map(({ connectionId, record }) => ({
            connection: connectionId,
            object: record.object,
            masked: maskDigits(record.id),
          })),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/people/export",
      who: "admin",
      summary: "All that is held of one person, to be handed out",
      limit: "costly",
      body: personAsked,
      answer: personExported,
      handle: async ({ tenant, who, now, body }) => {
        const search = searchOf(await wantedIn(tenant.id, body, parts), tenant);
        const found = await recordsOf(tenant, search, parts.store);
        const exported = await exportOf(tenant, found, now, parts);
        const about = { by: search.by, records: exported.records.length };
        await note("person.exported", about, { tenant, who, now }, parts);
        return exported;
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/people/erase",
      who: "admin",
      summary: "Erase one person, for good",
      limit: "costly",
      body: personAsked,
      answer: personErased,
      handle: async ({ tenant, who, body }) => {
        const search = searchOf(await wantedIn(tenant.id, body, parts), tenant);
        const { id, task } = await askToErase(tenant.id, search, who, parts);
        const counts = await erasePerson(id, task, parts);
        const { records = 0, entries = 0, sent = 0, waiting = 0, givenUp = 0, pushes = 0 } = counts;
        return { receipt: `${parts.publicUrl()}/receipts/${id}`, records, entries, sent, waiting, givenUp, pushes };
      },
    },
    parts,
  ),
];

/** How it was looked for, and how much was found; never whom. */
const note = (
  what: "person.looked_for" | "person.exported",
  about: { readonly by: string; readonly records: number },
  { tenant, who, now }: Pick<Call<unknown, unknown>, "tenant" | "who" | "now">,
  { store }: ApiParts,
): Promise<void> => store.web(tenant.id, (trx) => writeAudit(trx, tenant.id, { who, what, about }, now));

/** @throws Failure `not_found` when the connection is not this workspace's */
async function wantedIn(tenantId: TenantId, asked: PersonAsked, { store }: ApiParts): Promise<Wanted> {
  const { connection: named } = asked;
  const id = named as ConnectionId | undefined;
  if (id !== undefined && !(await store.web(tenantId, (trx) => findConnection(trx, tenantId, id))))
    throw new Failure("not_found", `connection ${id}`);
  if (asked.by !== "record") return { by: asked.by, value: asked.value, ...(id !== undefined && { connection: id }) };
  return {
    by: "record",
    connection: asked.connection as ConnectionId,
    record: { object: asked.object, id: asked.record },
  };
}

import type { TenantId } from "../../core/types.ts";
import { type AuditView, auditFileQuery, auditQuery, auditView } from "../api/audit.ts";
import type { CsvCell } from "../csv/csv.ts";
import { type AuditEntry, type AuditWanted, auditPeople, listAudit, writeAudit } from "../store/audit.ts";
import { listConnections } from "../store/connections.ts";
import { listDatasets } from "../store/datasets.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import { inWords } from "./audit-words.ts";
import { csvRoute } from "./csv-route.ts";
import type { Route } from "./route.ts";
import { namesOf } from "./somebody.ts";

const mostPeople = 200;
/** Entries read by one question while a file is written. */
const together = 500;

/** Who did what here: to be looked at, and as a file. */
export const auditRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/audit",
      who: "viewer",
      summary: "What has been done here, the latest first",
      query: auditQuery,
      answer: auditView,
      handle: async ({ tenant, query }) => {
        const { store } = parts;
        const { entries, people } = await store.web(tenant.id, async (trx) => ({
          entries: await listAudit(trx, tenant.id, query),
          people: query.before === undefined ? await auditPeople(trx, tenant.id, mostPeople) : undefined,
        }));
        return {
          entries: entries.map(view),
          names: Object.fromEntries(await namesIn(tenant.id, entries, people ?? [], parts)),
          ...(people && { people: [...people] }),
        };
      },
    },
    parts,
  ),
  csvRoute(
    {
      path: "/audit.csv",
      who: "admin",
      summary: "What has been done here, as a file",
      limit: "costly",
      query: auditFileQuery,
      handle: async ({ tenant, who, now, query }) => {
        const about = { what: query.what ?? null, who: query.who ?? null };
        await parts.store.web(tenant.id, (trx) =>
          writeAudit(trx, tenant.id, { who, what: "audit.exported", about }, now),
        );
        return {
          name: `audit-log-${now.toISOString().slice(0, 10)}`,
          head: ["When (UTC)", "Who", "Id of who", "What", "In words", "Before", "After", "About"],
          rows: rows(tenant.id, query, parts),
        };
      },
    },
    parts,
  ),
];

const view = ({ at, about, ...deed }: AuditEntry): AuditView["entries"][number] => ({
  ...deed,
  at: at.toISOString(),
  ...inWords({ ...deed, about }),
  about: { ...about },
});

async function* rows(
  tenantId: TenantId,
  wanted: Omit<AuditWanted, "limit" | "before">,
  parts: ApiParts,
): AsyncIterable<readonly CsvCell[]> {
  for (let before: string | undefined; ; ) {
    const page = { ...wanted, limit: together, before };
    const entries = await parts.store.web(tenantId, (trx) => listAudit(trx, tenantId, page));
    const names = await namesIn(tenantId, entries, [], parts);
    for (const { at, who, what, about } of entries) {
      const { words, change } = inWords({ what, about });
      const known = Object.entries(about).filter(([, value]) => value !== null);
      const told = known.map(([key, value]) => `${key}: ${names.get(String(value)) ?? value}`);
      yield [at, names.get(who) ?? who, who, what, words, change?.before, change?.after, told.join("; ")];
    }
    const last = entries.at(-1);
    if (!last || entries.length < together) return;
    before = last.id;
  }
}

/** What those are called whom entries speak of: people, connections, datasets. */
async function namesIn(
  tenantId: TenantId,
  entries: readonly AuditEntry[],
  also: readonly string[],
  { store }: ApiParts,
): Promise<ReadonlyMap<string, string>> {
  // No other words of an entry are taken for a person's id: some are what people typed.
  const people = [
    ...also,
    ...entries.flatMap(({ who, about }) => [who, ...(about.member ? [String(about.member)] : [])]),
  ];
  const ids = new Set(entries.flatMap(({ about }) => Object.values(about).map(String)));
  const places = await store.web(tenantId, async (trx) => [
    ...(await listConnections(trx, tenantId)),
    ...(await listDatasets(trx, tenantId)),
  ]);
  const named = places.filter(({ id }) => ids.has(id)).map(({ id, name }) => [id, name] as const);
  return new Map([...(await namesOf(people, store)), ...named]);
}

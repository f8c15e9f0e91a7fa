import { z } from "zod";
import type { Access } from "../../core/connector.ts";
import type { StageObservation } from "../../core/types.ts";
import { errorCodeOf } from "./answer.ts";
import type { Client } from "./client.ts";
import type { Config } from "./config.ts";
import { id, instant, leadHistoryRow, opportunityHistoryRow, type StagedRow } from "./rows.ts";
import { among, portions, sameId, text } from "./soql.ts";
import { farewell, leadEntries, observations, opportunityEntries, type Span } from "./translate.ts";

/** All stage entries of these records, from Salesforce's own histories where there are any. Rows are of one kind. */
export async function observe(
  client: Client,
  access: Access<Config>,
  rows: readonly StagedRow[],
  span: Span,
): Promise<readonly StageObservation[]> {
  const gone = rows.filter((row) => row.gone).map(farewell);
  const present = rows.filter((row) => !row.gone);
  const observed =
    present[0]?.kind === "opportunity"
      ? await observeOpportunities(client, present)
      : await observeLeads(client, access, present, span);
  return [...gone, ...observed];
}

async function observeOpportunities(client: Client, rows: readonly StagedRow[]): Promise<readonly StageObservation[]> {
  const history = await related(rows, "OpportunityId", (ids) =>
    client.rows(
      {
        fields: Object.keys(opportunityHistoryRow.shape),
        from: "OpportunityHistory",
        where: [among("OpportunityId", ids)],
      },
      opportunityHistoryRow,
    ),
  );
  const leads = await parents(
    client,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) =>
    observations(row, opportunityEntries(row, history.get(sameId(row.id)) ?? []), leads.get(sameId(row.id))),
  );
}

async function observeLeads(
  client: Client,
  access: Access<Config>,
  rows: readonly StagedRow[],
  span: Span,
): Promise<readonly StageObservation[]> {
  const history = await related(rows, "LeadId", (ids) =>
    client.rows(
      {
        fields: Object.keys(leadHistoryRow.shape),
        from: "LeadHistory",
        where: [among("LeadId", ids), `Field = ${text("Status")}`],
      },
      leadHistoryRow,
    ),
  ).catch((error) => {
    // The table exists only in orgs that ever tracked a field of leads, and may be withheld: the record itself must do.
    if (errorCodeOf(error) !== "INVALID_TYPE") throw error;
    access.log.info("no lead history in this org");
    return new Map<string, never[]>();
  });
  const unexplained = rows.some(
    (row) => !history.has(sameId(row.id)) && row.modifiedAt.getTime() !== row.createdAt.getTime(),
  );
  const tracked = unexplained && (await statusIsTracked(client));
  return rows.flatMap((row) => observations(row, leadEntries(row, history.get(sameId(row.id)) ?? [], tracked, span)));
}

/** So Salesforce speaks of a table, a column or an interface that this user or this version does not have. */
const withheld = new Set([
  "INVALID_TYPE",
  "INVALID_FIELD",
  "NOT_FOUND",
  "INSUFFICIENT_ACCESS",
  "FUNCTIONALITY_NOT_ENABLED",
]);
const fieldDefinition = z.object({ IsFieldHistoryTracked: z.boolean() });

/** Whether the org writes a history of `Lead.Status`; no, where the user may not know. */
export async function statusIsTracked(client: Client): Promise<boolean> {
  const where = [`EntityDefinition.QualifiedApiName = ${text("Lead")}`, `QualifiedApiName = ${text("Status")}`];
  try {
    const { rows } = await client.page(
      { fields: Object.keys(fieldDefinition.shape), from: "FieldDefinition", where },
      fieldDefinition,
      "setup",
    );
    return rows[0]?.IsFieldHistoryTracked ?? false;
  } catch (error) {
    if (withheld.has(errorCodeOf(error) ?? "")) return false;
    throw error;
  }
}

const parentRow = z.object({ Id: id, ConvertedOpportunityId: id, CreatedDate: instant });

/** The leads that these opportunities came from, by `sameId`; the earliest, where several were converted into one. */
async function parents(client: Client, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, z.output<typeof parentRow>>();
  for (const some of portions(ids))
    for (const row of await client.rows(
      { fields: Object.keys(parentRow.shape), from: "Lead", where: [among("ConvertedOpportunityId", some)] },
      parentRow,
    )) {
      const key = sameId(row.ConvertedOpportunityId);
      const other = found.get(key);
      if (!other || row.CreatedDate < other.CreatedDate) found.set(key, row);
    }
  return new Map([...found].map(([key, row]) => [key, row.Id]));
}

/** Rows that belong to records, by `sameId` of the record; asked in portions. */
async function related<Key extends string, Row extends Readonly<Record<Key, string>>>(
  owners: readonly StagedRow[],
  key: Key,
  ask: (ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for (const ids of portions(owners.map((row) => row.id)))
    for (const row of await ask(ids)) {
      const rows = found.get(sameId(row[key])) ?? [];
      rows.push(row);
      found.set(sameId(row[key]), rows);
    }
  return found;
}

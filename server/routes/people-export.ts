import { keptForDays } from "../../core/privacy.ts";
import { problemOf } from "../../core/problems.ts";
import type { Connection, Tenant } from "../../core/types.ts";
import type { PersonExported } from "../api/people.ts";
import { listConnections } from "../store/connections.ts";
import { type HeldEntry, type HeldPush, heldOfRecord } from "../store/person-export.ts";
import type { Found } from "../store/person-search.ts";
import type { ApiParts } from "./api-route.ts";

const mostRecords = 100;
/** Entries, and pushes, of one record. */
const mostOfEach = 500;

const notes = [
  "Contact data is held as SHA-256 only: `em` is of the email address, `ph` of the phone number; the plain values are not here.",
  `The text of an event is dropped ${keptForDays.payloads} days after it was made; what became of it stays for ${keptForDays.outcomes} days, and which stage was entered when for ${keptForDays.ledger}.`,
  "Events with the state `accepted` were passed on to Meta, which keeps them under its own terms.",
];

/** All that is held of these records. */
export async function exportOf(
  tenant: Tenant,
  found: readonly Found[],
  now: Date,
  { store, connectors }: ApiParts,
): Promise<PersonExported> {
  const connections = new Map((await listConnections(store.db, tenant.id)).map((one) => [one.id, one]));
  const crmName = ({ connector }: Connection) => connectors.get(connector)?.manifest.crmName ?? connector;
  let complete = found.length <= mostRecords;
  const records: PersonExported["records"] = [];
  for (const { connectionId, record } of found.slice(0, mostRecords)) {
    const connection = connections.get(connectionId);
    const { entries, pushes } = await heldOfRecord(store.db, tenant.id, connectionId, record, mostOfEach + 1);
    if (!connection || entries.length + pushes.length === 0) continue;
    complete &&= entries.length <= mostOfEach && pushes.length <= mostOfEach;
    records.push({
      connection: connectionId,
      crmName: crmName(connection),
      account: connection.name,
      ...record,
      entries: entries.slice(0, mostOfEach).map(entry),
      pushes: pushes.slice(0, mostOfEach).map(push),
    });
  }
  return { workspace: tenant.name, at: now.toISOString(), complete, notes, records };
}

const entry = (held: HeldEntry): PersonExported["records"][number]["entries"][number] => ({
  pipelineId: held.pipelineId,
  stageId: held.stageId,
  enteredAt: held.enteredAt.toISOString(),
  readAt: held.readAt.toISOString(),
  filled: held.filled,
  ...(held.outcome !== "event" && { notSent: problemOf(held.outcome).title }),
  ...(held.state !== null && {
    event: {
      dataset: held.metaId ?? "",
      state: held.state,
      ...(held.keptAt && { keptAt: held.keptAt.toISOString() }),
      ...(held.payload !== null && { text: held.payload }),
      ...(held.words !== null && { words: held.words }),
    },
  }),
});

const push = ({ receivedAt, body, ...held }: HeldPush): PersonExported["records"][number]["pushes"][number] => ({
  ...held,
  receivedAt: receivedAt.toISOString(),
  ...(body !== null && { text: body }),
});

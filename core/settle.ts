import { type Access, type AnyConnector, type Page, recordKey } from "./connector.ts";
import { type Decided, decide, type Sighting, worthLookingUp } from "./decide.ts";
import type { Kept, Lease, Outbox, Outcome } from "./outbox.ts";
import type { Clock, Log, Random, Tell } from "./ports.ts";
import type { Setting } from "./translate.ts";
import type { Connection, Lead, StageObservation } from "./types.ts";

/** One connection, ready to be read. */
export interface Source {
  readonly connector: AnyConnector;
  readonly access: Access<unknown>;
  readonly connection: Connection;
  readonly setting: Setting;
  /** How often to look when nobody rings. */
  readonly pollEveryMs: number;
}

export interface IngestPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tell: Tell;
}

/** All that one turn at a connection goes by. */
export interface Turn extends IngestPorts {
  readonly lease: Lease;
  readonly source: Source;
}

export type Progress = Pick<Kept, "checkpoint" | "ringsUpTo" | "reconciled">;

/** One page: recall what is known, look up the people, decide, and keep it all with the progress that was made. */
export async function settle(
  turn: Turn,
  page: Pick<Page<unknown>, "observations" | "leads">,
  progress: Progress,
): Promise<void> {
  await keep(turn, await consider(turn, await recall(turn, page.observations), page.leads), progress);
}

/** The records of a page, each with every entry that the ledger has of it. */
export async function recall(
  { outbox, source: { connection } }: Turn,
  observations: readonly StageObservation[],
): Promise<readonly Sighting[]> {
  if (observations.length === 0) return [];
  const groups = [...Map.groupBy(observations, (seen) => recordKey(seen.record))];
  const records = groups.flatMap(([, [first]]) => (first ? [first.record] : []));
  const known = await outbox.known(connection.tenantId, connection.id, records);
  return groups.flatMap(([key, seen]): readonly Sighting[] =>
    seen[0] ? [{ record: seen[0].record, observations: seen, known: known.get(key) ?? [] }] : [],
  );
}

/** What becomes of these records. `leads`: people who came with the page; the others are looked up. */
export async function consider(
  { source: { connector, access, setting }, clock }: Turn,
  sightings: readonly Sighting[],
  leads: ReadonlyMap<string, Lead> = nobody,
): Promise<Decided> {
  const people = worthLookingUp(sightings, setting, clock.now()).filter((record) => !leads.has(recordKey(record)));
  const found = people.length > 0 ? await connector.leads(access, people) : nobody;
  return decide(sightings, leads.size > 0 ? new Map([...found, ...leads]) : found, setting, clock.now());
}
const nobody: ReadonlyMap<string, Lead> = new Map();

export async function keep(turn: Turn, { outcomes, dropped }: Decided, progress: Progress): Promise<void> {
  const { lease, source, outbox, clock, log, tell } = turn;
  const { id, datasetId } = source.connection;
  const { leadEventSource, mapping } = source.setting;
  const { version: mappingVersion } = mapping.mapping;
  await outbox.keep(
    lease,
    { outcomes, dropped, mappingVersion, ...(datasetId && { datasetId }), ...progress },
    clock.now(),
  );
  if (outcomes.length === 0) return;
  const counts = counted(outcomes);
  tell({ fact: "kept", connector: source.connector.manifest.id, outcomes: counts });
  log.info(
    `Read ${outcomes.length} stage change${outcomes.length === 1 ? "" : "s"} from ${leadEventSource}: ${summary(counts)}`,
    { connection: id },
  );
}

function counted(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const what = outcome.outcome === "send" ? "event" : outcome.reason;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

const summary = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([what, n]) => `${n} ${what === "event" ? "to send" : what.replaceAll("_", " ")}`)
    .join(", ");

import { type Access, type AnyConnector, type Page, recordKey } from "./connector.ts";
import { type Decided, decide, type Sighting, worthLookingUp } from "./decide.ts";
import { erasedRecord, tombstone } from "./erased.ts";
import type { Kept, Lease, Outbox, Outcome, Standing } from "./outbox.ts";
import type { Clock, Log, Random, Tell } from "./ports.ts";
import type { Setting } from "./translate.ts";
import type { Connection, Lead, RecordRef, StageObservation } from "./types.ts";

/** One connection, ready to be read. */
export interface Source {
  readonly connector: AnyConnector;
  readonly access: Access<unknown>;
  readonly connection: Connection;
  readonly setting: Setting;
  /** Which of these records belong to people who were erased, by `recordKey`, and how the ledger calls them. Absent: none. */
  erased?(records: readonly RecordRef[]): Promise<ReadonlyMap<string, RecordRef>>;
  /** How often to look when nobody rings. */
  readonly pollEveryMs: number;
}

export interface IngestPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tell: Tell;
  /** Hears how far the reading of a whole account has come, where its CRM tells; never of what comes day by day. */
  readonly readSoFar?: (lease: Lease, connection: Connection, soFar: ReadSoFar) => Promise<void>;
}

/** Records, after a page that is kept. */
export interface ReadSoFar {
  readonly done: number;
  readonly total: number;
  readonly caughtUp: boolean;
  /** Somebody paused the connection: it stays so until they resume it. */
  readonly paused: boolean;
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
): Promise<Standing> {
  return await keep(turn, await consider(turn, await recall(turn, page.observations), page.leads), progress);
}

/** The records of a page, each with every entry that the ledger has of it. */
export async function recall(
  { outbox, source }: Turn,
  observations: readonly StageObservation[],
): Promise<readonly Sighting[]> {
  if (observations.length === 0) return [];
  const groups = [...Map.groupBy(observations, (seen) => recordKey(seen.record)).values()];
  const asRead = groups.flatMap(([first]) => (first ? [first.record] : []));
  const erased = await erasedAmong(source, groups, asRead);
  const records = asRead.map((record) => erased.get(recordKey(record)) ?? record);
  const known = await outbox.known(source.connection.tenantId, source.connection.id, records);
  return records.map((record, n): Sighting => {
    const seen = groups[n] ?? [];
    const knownOf = { record, known: known.get(recordKey(record)) ?? [] };
    if (record === asRead[n]) return { ...knownOf, observations: seen };
    return { ...knownOf, observations: seen.map((one) => ({ ...one, record })), erased: true };
  });
}

/** Records of people who were erased, and those that came of them: the opportunity goes with its lead. */
async function erasedAmong(
  { connection, setting, erased }: Source,
  groups: readonly (readonly StageObservation[])[],
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, RecordRef>> {
  if (!erased) return nobody;
  const parents = groups.flatMap((seen) => seen.flatMap(({ parent }) => parent ?? []));
  const found = await erased([...records, ...parents]);
  if (found.size === 0 || parents.length === 0) return found;
  const children = records.filter((_, n) => groups[n]?.some(({ parent }) => parent && found.has(recordKey(parent))));
  return new Map([
    ...children.map(
      (record) => [recordKey(record), erasedRecord(tombstone(setting.tenant, connection.id, record))] as const,
    ),
    ...found,
  ]);
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
const nobody: ReadonlyMap<string, never> = new Map<string, never>();

export async function keep(turn: Turn, { outcomes, dropped }: Decided, progress: Progress): Promise<Standing> {
  const { lease, source, outbox, clock, log, tell } = turn;
  const { id, datasetId } = source.connection;
  const { leadEventSource, mapping } = source.setting;
  const { version: mappingVersion } = mapping.mapping;
  const standing = await outbox.keep(
    lease,
    { outcomes, dropped, mappingVersion, ...(datasetId && { datasetId }), ...progress },
    clock.now(),
  );
  if (outcomes.length === 0) return standing;
  const counts = counted(outcomes);
  tell({ fact: "kept", connector: source.connector.manifest.id, outcomes: counts });
  log.info(
    `Read ${outcomes.length} stage change${outcomes.length === 1 ? "" : "s"} from ${leadEventSource}: ${summary(counts)}`,
    { connection: id },
  );
  return standing;
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

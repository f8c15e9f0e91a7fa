import { type Access, type AnyConnector, type Page, recordKey } from "./connector.ts";
import { decide, type Sighting, worthLookingUp } from "./decide.ts";
import { type Failure, isFailure } from "./errors.ts";
import { limits } from "./meta/limits.ts";
import type { Kept, Lease, Outbox, Outcome } from "./outbox.ts";
import type { Clock, Log, Random } from "./ports.ts";
import { nextTry } from "./retry.ts";
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
}

/** How far reading has come, stored with every page. `at` is the connector's own checkpoint. */
interface Position {
  readonly v: 1;
  readonly phase: "baseline" | "changes";
  readonly polledAt: string;
  readonly caughtUp: boolean;
  readonly at: unknown;
}

/**
 * Reads one connection: answers its doorbell, then the changes since the checkpoint (at first the baseline), page by page.
 * Each page is settled, outcomes and checkpoint together, before the next is asked for.
 */
export async function ingest(lease: Lease, source: Source, ports: IngestPorts): Promise<void> {
  try {
    const dueAt = await read(lease, source, ports);
    await ports.outbox.release(lease, { dueAt }, ports.clock.now());
  } catch (error) {
    if (!isFailure(error) || error.code === "lease_lost" || error.code === "store_unavailable") throw error;
    await giveBack(lease, source, error, ports);
  }
}

/** @returns when the connection is to be read again */
async function read(lease: Lease, source: Source, ports: IngestPorts): Promise<Date> {
  const { connector, access, connection, pollEveryMs } = source;
  const { outbox, clock } = ports;
  const rung = await outbox.rings(connection.tenantId, connection.id, limits.ringsPerTurn);
  if (rung.records.length > 0) {
    const observations = await connector.read(access, rung.records);
    await settle(lease, source, { observations }, rung.all ? {} : { ringsUpTo: rung.upTo }, ports);
  }
  const position = (await outbox.checkpoint(connection.tenantId, connection.id)) as Position | null | undefined;
  const nextPoll = position?.caughtUp ? new Date(Date.parse(position.polledAt) + pollEveryMs) : clock.now();
  if (!rung.all && !access.inbox && nextPoll > clock.now()) return nextPoll;

  const polledAt = clock.now();
  const first = position?.phase !== "changes";
  const asRead = first ? { ...source, setting: { ...source.setting, firstReading: true } } : source;
  for await (const { page, phase } of pages(source, position ?? undefined)) {
    const { caughtUp } = page;
    const checkpoint: Position = { v: 1, phase, polledAt: polledAt.toISOString(), caughtUp, at: page.checkpoint };
    await settle(lease, asRead, page, { checkpoint, ...(caughtUp && { ringsUpTo: rung.upTo }) }, ports);
    if (caughtUp) break;
    if (lease.until.getTime() - clock.now().getTime() < limits.leaseMs / 2) return clock.now();
  }
  return new Date(polledAt.getTime() + pollEveryMs);
}

/** The changes since; the baseline where it is not finished yet, or where nobody can read the checkpoint any more. */
async function* pages(
  { connector, access }: Source,
  position: Position | undefined,
): AsyncIterable<{ page: Page<unknown>; phase: Position["phase"] }> {
  const stored = connector.checkpoint.safeParse(position?.at);
  const at = stored.success ? stored.data : undefined;
  if (position?.phase === "changes" && stored.success)
    for await (const page of connector.changes(access, at)) yield { page, phase: "changes" };
  else
    for await (const page of connector.baseline(access, at))
      yield { page, phase: page.caughtUp ? "changes" : "baseline" };
}

/** One page: recall what is known, look up the people, decide, and keep it all with the checkpoint. */
async function settle(
  lease: Lease,
  source: Source,
  page: { readonly observations: readonly StageObservation[]; readonly leads?: ReadonlyMap<string, Lead> },
  progress: Pick<Kept, "checkpoint" | "ringsUpTo">,
  { outbox, clock, log }: IngestPorts,
): Promise<void> {
  const { connector, access, connection, setting } = source;
  const sightings = await recall(page.observations, connection, outbox);
  const people = worthLookingUp(sightings, setting, clock.now()).filter(
    (record) => !page.leads?.has(recordKey(record)),
  );
  const found = people.length > 0 ? await connector.leads(access, people) : noLeads;
  const leads = page.leads ? new Map([...found, ...page.leads]) : found;
  const { outcomes, dropped } = decide(sightings, leads, setting, clock.now());
  const { datasetId } = connection;
  const { version: mappingVersion } = setting.mapping.mapping;
  await outbox.keep(
    lease,
    { outcomes, dropped, mappingVersion, ...(datasetId && { datasetId }), ...progress },
    clock.now(),
  );
  if (outcomes.length > 0)
    log.info(
      `Read ${outcomes.length} stage change${outcomes.length === 1 ? "" : "s"} from ${setting.leadEventSource}: ${summary(outcomes)}`,
      {
        connection: connection.id,
      },
    );
}
const noLeads: ReadonlyMap<string, Lead> = new Map();

async function recall(
  observations: readonly StageObservation[],
  { tenantId, id }: Connection,
  outbox: Outbox,
): Promise<readonly Sighting[]> {
  if (observations.length === 0) return [];
  const groups = Map.groupBy(observations, (seen) => recordKey(seen.record));
  const records = [...groups.values()].flatMap(([first]) => (first ? [first.record] : []));
  const known = await outbox.known(tenantId, id, records);
  return records.map((record): Sighting => {
    const key = recordKey(record);
    return { record, observations: groups.get(key) ?? [], known: known.get(key) ?? [] };
  });
}

function summary(outcomes: readonly Outcome[]): string {
  const counts = Map.groupBy(outcomes, (outcome) => (outcome.outcome === "send" ? "to send" : outcome.reason));
  return [...counts].map(([what, of]) => `${of.length} ${what.replaceAll("_", " ")}`).join(", ");
}

async function giveBack(
  lease: Lease,
  { connection, setting }: Source,
  { code, message, retryAt }: Failure,
  { outbox, clock, random, log }: IngestPorts,
): Promise<void> {
  const now = clock.now();
  const attempts = lease.attempts + 1;
  log.warn(`Reading ${setting.leadEventSource} waits: ${message}`, { connection: connection.id, code });
  if (code === "crm_disconnected") return await outbox.release(lease, { paused: code, attempts, why: code }, now);
  if (code === "checkpoint_lost") {
    // The baseline again: the ledger tells what is new in it.
    await outbox.keep(lease, { outcomes: [], checkpoint: null, mappingVersion: setting.mapping.mapping.version }, now);
    return await outbox.release(lease, { dueAt: now, why: code }, now);
  }
  const dueAt = nextTry(now, attempts, random, retryAt ? { notBefore: retryAt } : {});
  await outbox.release(lease, { dueAt, attempts, why: code }, now);
}

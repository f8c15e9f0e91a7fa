import {
  type Audit,
  bringsNews,
  count,
  dueRun,
  endRun,
  putOff,
  type Run,
  rangeOf,
  sliceMs,
  startAudits,
} from "./audit.ts";
import type { Page } from "./connector.ts";
import { Failure, isFailure } from "./errors.ts";
import { limits } from "./meta/limits.ts";
import type { Lease, RingBatch } from "./outbox.ts";
import { nextTry } from "./retry.ts";
import { consider, type IngestPorts, keep, recall, type Source, settle, type Turn } from "./settle.ts";

export type { IngestPorts, ReadSoFar, Source } from "./settle.ts";

/** How far reading has come, stored with every page. `at` is the connector's own checkpoint. */
interface Position {
  readonly v: 1;
  readonly phase: "baseline" | "changes";
  readonly polledAt: string;
  readonly caughtUp: boolean;
  readonly at: unknown;
  /** Absent until a poll has come to its end. */
  readonly audit?: Audit;
}

/**
 * Reads one connection: answers its doorbell, then the changes since the checkpoint (at first the baseline), page by page, then
 * a slice of the comparison that is due. Each page is settled, outcomes and checkpoint together, before the next is asked for;
 * none is, once somebody has paused the lane.
 *
 * @returns when the lane is due again, as `release` does
 */
export async function ingest(lease: Lease, source: Source, ports: IngestPorts): Promise<Date | undefined> {
  try {
    const dueAt = await read({ lease, source, ...ports });
    return await ports.outbox.release(lease, { dueAt }, ports.clock.now());
  } catch (error) {
    if (!isFailure(error) || error.code === "lease_lost" || error.code === "store_unavailable") throw error;
    if (error.code === "checkpoint_lost") {
      // The baseline again: the ledger tells what is new in it.
      const { version: mappingVersion } = source.setting.mapping.mapping;
      await ports.outbox.keep(lease, { outcomes: [], checkpoint: null, mappingVersion }, ports.clock.now());
    }
    return await giveBack(lease, error, ports, source.setting.leadEventSource);
  }
}

/** Puts the reading of a connection off for as long as its failure asks for. `crm`: what people call it, where that is known. */
export async function giveBack(
  lease: Lease,
  { code, message, retryAt }: Failure,
  { outbox, clock, random, log, tell }: IngestPorts,
  crm?: string,
): Promise<Date | undefined> {
  const now = clock.now();
  const attempts = lease.attempts + 1;
  log.warn(`Reading ${crm ? `${crm} ` : ""}waits: ${message}`, { connection: lease.id, code });
  tell({ fact: "waits", lane: "read", why: code });
  if (code === "crm_disconnected") return await outbox.release(lease, { paused: code, attempts, why: code }, now);
  const atOnce = code === "checkpoint_lost" && attempts === 1;
  const dueAt = atOnce ? now : nextTry(now, attempts, random, retryAt ? { notBefore: retryAt } : {});
  return await outbox.release(lease, { dueAt, attempts, why: code }, now);
}

/** @returns when the connection is to be read again */
async function read(turn: Turn): Promise<Date> {
  const { source, outbox, clock } = turn;
  const { connector, access, connection, pollEveryMs } = source;
  const [rung, stored] = await Promise.all([
    outbox.rings(connection.tenantId, connection.id, limits.ringsPerTurn),
    outbox.checkpoint(connection.tenantId, connection.id),
  ]);
  if (rung.records.length > 0) {
    const observations = await connector.read(access, rung.records);
    await settle(turn, { observations }, rung.all ? {} : { ringsUpTo: rung.upTo });
  }
  let position = (stored ?? undefined) as Position | undefined;
  const nextPoll = () => (position ? new Date(Date.parse(position.polledAt) + pollEveryMs) : clock.now());
  if (rung.all || access.inbox || !position?.caughtUp || nextPoll() <= clock.now()) {
    position = await poll(turn, position, rung);
    if (!position?.caughtUp) return isOver(turn) ? clock.now() : nextPoll();
  }
  return (await compare(turn, position)) ? clock.now() : nextPoll();
}

/**
 * The changes since; the baseline where it is not finished yet, or where nobody can read the checkpoint any more.
 *
 * @returns the position it came to; it has caught up unless the lane is to be given back
 */
async function poll(turn: Turn, before: Position | undefined, rung?: RingBatch): Promise<Position | undefined> {
  const { source, clock, random } = turn;
  const started = clock.now();
  const polledAt = started.toISOString();
  const first = before?.phase !== "changes";
  const asRead = first ? { ...turn, source: { ...source, setting: { ...source.setting, firstReading: true } } } : turn;
  let position = before;
  for await (const { page, phase } of pages(source, before)) {
    const { caughtUp, checkpoint: at } = page;
    const audit = before?.audit ?? (caughtUp ? startAudits(started, !first, random) : undefined);
    position = { v: 1, phase, polledAt, caughtUp, at, ...(audit && { audit }) };
    const answered = caughtUp && rung ? { ringsUpTo: rung.upTo } : {};
    const { paused } = await settle(asRead, page, { checkpoint: position, ...answered });
    const soFar = first && page.progress && { ...page.progress, caughtUp, paused };
    if (soFar) await turn.readSoFar?.(turn.lease, source.connection, soFar);
    if (caughtUp || paused || isOver(turn)) break;
  }
  return position;
}

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

/**
 * A slice of the comparison that is due. An entry that the ledger does not have is missing only if the changes do not bring it
 * either, once more read after the page: so a clock that is wrong and a change that is on its way are no drift.
 *
 * @returns whether more of it is to be read
 */
async function compare(turn: Turn, caughtUp: Position): Promise<boolean> {
  const { source, clock, log, tell } = turn;
  const { manifest } = source.connector;
  const { audit } = caughtUp;
  if (!audit || manifest.can.history !== "full" || !manifest.can.backfill) return false;
  const started = clock.now();
  let run = dueRun(audit, new Date(caughtUp.polledAt), source.connection.sendFrom, started);
  if (!run) return false;

  let position: Position = { ...caughtUp, audit: { ...audit, run } };
  for await (const page of compared(source, run, position.at)) {
    if (page instanceof Failure) {
      log.warn(`Comparing with ${manifest.crmName} is put off: ${page.message}`, { connection: source.connection.id });
      tell({ fact: "waits", lane: "read", why: page.code });
      await settle(turn, nothing, { checkpoint: { ...position, audit: putOff(audit, run, clock.now()) } });
      return false;
    }
    let sightings = await recall(turn, page.observations);
    if (bringsNews(sightings, run, audit)) {
      const polled = await poll(turn, position);
      if (!polled?.caughtUp) return true;
      position = polled;
      sightings = await recall(turn, page.observations);
    }
    const decided = await consider(turn, sightings, page.leads);
    run = count(run, audit, sightings, decided.outcomes, page.checkpoint);
    const end = page.caughtUp ? endRun(audit, run, clock.now()) : undefined;
    position = { ...position, audit: end?.audit ?? { ...audit, run } };
    const reconciled = end?.reconciled && { reconciled: end.reconciled };
    const { paused } = await keep(turn, decided, { checkpoint: position, ...reconciled });
    if (end) {
      tell({ fact: "reconciled", connector: manifest.id, seen: end.seen, missed: end.missed });
      return end.audit.run !== undefined;
    }
    if (paused || isOver(turn) || clock.now().getTime() - started.getTime() >= sliceMs) return true;
  }
  return true;
}
const nothing = { observations: [] };

/** The pages of a comparison. A failure of it alone is given instead of thrown: the changes must go on being read. */
async function* compared(
  { connector, access }: Source,
  run: Run,
  changesAt: unknown,
): AsyncIterable<Page<unknown> | Failure> {
  const stored = connector.checkpoint.safeParse(run.at);
  const range = rangeOf(run, changesAt);
  try {
    for await (const page of connector.history(access, range, stored.success ? stored.data : undefined)) {
      yield page;
      if (page.caughtUp) return;
    }
  } catch (error) {
    if (!isFailure(error, "checkpoint_lost", "crm_schema", "crm_forbidden")) throw error;
    yield error;
    return;
  }
  yield new Failure("crm_schema", "a history without an end");
}

/** Whether the lane is to be given back before its lease ends. */
const isOver = ({ lease, clock }: Turn): boolean => lease.until.getTime() - clock.now().getTime() < limits.leaseMs / 2;

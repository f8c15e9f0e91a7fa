import { withoutLeadId } from "./meta/event.ts";
import { isolate } from "./meta/isolate.ts";
import { deadlineOf, limits } from "./meta/limits.ts";
import type { Destination, Send } from "./meta/sender.ts";
import type { Verdict } from "./meta/verdict.ts";
import type { DeadEvent, Delivery, Dispatch, Lease, Outbox } from "./outbox.ts";
import type { Clock, Log, Random } from "./ports.ts";
import type { RefusalReason } from "./problems.ts";
import { nextTry } from "./retry.ts";

export interface DeliverPorts {
  readonly outbox: Outbox;
  readonly send: Send;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Sends what waits in one dataset's lane, in its order, until nothing is left, the turn is over, or Meta makes it wait. */
export async function deliver(lease: Lease, destination: Destination, ports: DeliverPorts): Promise<void> {
  const { outbox, clock } = ports;
  let failures = lease.attempts;
  let requests = 0;
  const allowed = (most: number): boolean =>
    requests < most && lease.until.getTime() - clock.now().getTime() > 1.5 * limits.requestMs;
  while (allowed(limits.requestsPerTurn)) {
    const size = batchSize(failures);
    const page = await outbox.read(lease, size);
    const [first] = page;
    if (!first) return await outbox.release(lease, {}, clock.now());
    const ripeness = ripenessOf(first, clock.now());
    const run = frontOf(page, (delivery) => ripenessOf(delivery, clock.now()) === ripeness);
    if (ripeness === "early") return await outbox.release(lease, { dueAt: first.eventTime }, clock.now());
    if (ripeness === "expired") {
      await giveUp(lease, run, "expired", ports);
      continue;
    }
    const stopped = await isolate(
      run,
      async (piece) => {
        requests += 1;
        return await request(lease, destination, piece, ports);
      },
      async (piece, reply, final) => {
        if (final) failures = 0;
        await note(lease, piece, reply, final, ports);
      },
      () => allowed(limits.halvingPerTurn),
    );
    if (stopped) return await giveBack(lease, destination, stopped, failures + 1, ports);
    // That was all there was; should more have come meanwhile, the release sees it.
    if (run.length === page.length && page.length < size) return await outbox.release(lease, {}, clock.now());
  }
  await outbox.release(lease, { dueAt: clock.now() }, clock.now());
}

/** After several failures ever smaller batches, so that an event that makes Meta stumble ends up alone. */
const batchSize = (failures: number): number =>
  failures < limits.shrinkAfter ? limits.batch : Math.max(1, limits.batch >> (2 * (failures - limits.shrinkAfter + 1)));

/** An event that is too old refuses its whole request; one that lies a little ahead waits until its time has come. */
function ripenessOf({ eventTime }: Delivery, now: Date): "ready" | "early" | "expired" {
  if (now > deadlineOf(eventTime)) return "expired";
  return eventTime > now ? "early" : "ready";
}

/** The front of the page that is alike and fits into one request. */
function frontOf(page: readonly Delivery[], alike: (delivery: Delivery) => boolean): readonly Delivery[] {
  let bytes = 0;
  const end = page.findIndex((delivery) => {
    bytes += delivery.payload.length;
    return !alike(delivery) || bytes > limits.batchBytes;
  });
  return end < 0 ? page : page.slice(0, Math.max(1, end));
}

type Reply = Verdict & { readonly sentAt: Date; readonly tookMs: number };

/** One request; a second one, without its lead id, for a lone event whose lead id Meta does not know. */
async function request(
  lease: Lease,
  destination: Destination,
  piece: readonly Delivery[],
  ports: DeliverPorts,
): Promise<Reply> {
  const reply = await timed(
    destination,
    piece.map(({ payload }) => payload),
    ports,
  );
  const [only] = piece;
  if (!only || piece.length > 1 || reply.verdict !== "refused" || reply.why !== "refused_lead_id") return reply;
  const rest = withoutLeadId(only.payload);
  if (!rest) return reply;
  await note(lease, piece, reply, false, ports);
  return await timed(destination, [rest], ports);
}

async function timed(
  destination: Destination,
  payloads: readonly string[],
  { send, clock }: DeliverPorts,
): Promise<Reply> {
  const sentAt = clock.now();
  const verdict = await send(destination, payloads);
  return { ...verdict, sentAt, tookMs: clock.now().getTime() - sentAt.getTime() };
}

/** Writes down what a request came to; a final one moves the lane on. */
async function note(
  lease: Lease,
  piece: readonly Delivery[],
  reply: Reply,
  final: boolean,
  { outbox, clock, log }: DeliverPorts,
): Promise<void> {
  const [first, last] = [piece[0], piece.at(-1)];
  if (!first || !last) return;
  const { status, code, subcode, traceId, words, sentAt, tookMs } = reply;
  const facts = {
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(traceId !== undefined && { traceId }),
  };
  const why = reply.verdict === "accepted" ? undefined : reply.why;
  const dispatch: Dispatch = {
    seqFrom: first.seq,
    seqTo: last.seq,
    events: piece.length,
    sentAt,
    tookMs,
    verdict: reply.verdict,
    ...(why && { why }),
    ...(status !== undefined && { status }),
    ...facts,
  };
  const dead: readonly DeadEvent[] =
    final && reply.verdict === "refused"
      ? [{ seq: first.seq, reason: reply.why, ...(words && { words }), ...facts }]
      : [];
  await outbox.advance(lease, { ...(final && { cursor: last.seq }), dispatch, dead }, clock.now());
  const fields = { dataset: lease.id, seqFrom: first.seq, seqTo: last.seq, tookMs, status, ...facts };
  if (reply.verdict !== "accepted") log.warn(`Meta did not take ${sources(piece)}: ${why}`, fields);
  else if (reply.received === piece.length) log.info(`Meta accepted ${sources(piece)}`, fields);
  else log.warn(`Meta accepted ${sources(piece)}, but says it received ${reply.received}`, fields);
}

/** `12 events (8 HubSpot, 4 Salesforce)` */
function sources(piece: readonly Delivery[]): string {
  const counts = new Map<string, number>();
  for (const { payload } of piece) {
    const name = /"lead_event_source":"([^"]*)"/.exec(payload)?.[1] ?? "?";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const each = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  return `${piece.length} ${piece.length === 1 ? "event" : "events"} (${each})`;
}

async function giveUp(
  lease: Lease,
  run: readonly Delivery[],
  reason: RefusalReason,
  { outbox, clock, log }: DeliverPorts,
): Promise<void> {
  const cursor = run.at(-1)?.seq;
  if (cursor === undefined) return;
  await outbox.advance(lease, { cursor, dead: run.map(({ seq }) => ({ seq, reason })) }, clock.now());
  log.warn(`Gave up ${sources(run)}: ${reason}`, { dataset: lease.id });
}

/** The lane waits: until Meta is to be tried again, or until a person has mended what blocks it. */
async function giveBack(
  lease: Lease,
  destination: Destination,
  stopped: Reply,
  failures: number,
  ports: DeliverPorts,
): Promise<void> {
  const { outbox, clock, random } = ports;
  const [first, second] = await outbox.read(lease, 2);
  const now = clock.now();
  if (stopped.verdict === "accepted" || !first) return await outbox.release(lease, { dueAt: now }, now);
  if (stopped.verdict === "blocked")
    return await outbox.release(lease, { paused: stopped.why, why: stopped.why, attempts: failures }, now);
  if (stopped.verdict === "refused")
    return await outbox.release(
      lease,
      { dueAt: new Date(now.getTime() + limits.halvingPauseMs), why: stopped.why },
      now,
    );
  if (stopped.verdict === "retry" && stopped.suspect && failures > limits.giveUpAfter && second) {
    const probe = await timed(destination, [second.payload], ports);
    if (probe.verdict === "accepted") return await blame(lease, first, second, stopped, probe, ports);
  }
  const notBefore = stopped.verdict === "retry" ? stopped.at : undefined;
  const dueAt = nextTry(now, failures, random, {
    deadline: deadlineOf(first.eventTime),
    ...(notBefore && { notBefore }),
  });
  await outbox.release(lease, { dueAt, attempts: failures, why: stopped.why }, now);
}

/** Meta stumbles over `first` again and again and takes the one behind it: `first` is what it stumbles over. */
async function blame(
  lease: Lease,
  first: Delivery,
  second: Delivery,
  { code, words, traceId }: Reply,
  probe: Reply,
  ports: DeliverPorts,
): Promise<void> {
  const about = { ...(code !== undefined && { code }), ...(words && { words }), ...(traceId && { traceId }) };
  const dead: DeadEvent = { seq: first.seq, reason: "refused_invalid", ...about };
  await ports.outbox.advance(lease, { cursor: first.seq, dead: [dead] }, ports.clock.now());
  await note(lease, [second], probe, true, ports);
  await ports.outbox.release(lease, { dueAt: ports.clock.now() }, ports.clock.now());
}

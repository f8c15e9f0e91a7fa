import type { Breakers, Sign } from "./breaker.ts";
import type { Destination, Send } from "./meta/sender.ts";
import type { Verdict } from "./meta/verdict.ts";
import type { DeadEvent, Delivery, Dispatch, Lease, Outbox, Step } from "./outbox.ts";
import type { Clock, Log, LogFields, Random, Tell } from "./ports.ts";
import type { RefusalReason } from "./problems.ts";

export interface DeliverPorts {
  readonly outbox: Outbox;
  readonly send: Send;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tell: Tell;
  readonly breakers: Breakers;
}

/** What one request came to, and when. */
export type Reply = Verdict & { readonly sentAt: Date; readonly tookMs: number };

/** What is decided about events: those given up, those that go to the end of the lane, and how far the lane has come. */
export interface Settled {
  readonly cursor?: number;
  readonly dead?: readonly (readonly [Delivery, DeadEvent])[];
  readonly aside?: readonly Delivery[];
}

/** One request. `sign` says what the breakers hear of its verdict. */
export async function request(
  lease: Lease,
  destination: Destination,
  piece: readonly Delivery[],
  sign: (verdict: Verdict) => Sign,
  { send, clock, tell, breakers }: DeliverPorts,
): Promise<Reply> {
  const sentAt = clock.now();
  let heard: Sign = "neither";
  try {
    const verdict = await send(
      destination,
      piece.map(({ payload }) => payload),
    );
    heard = sign(verdict);
    if (isAppWide(verdict) && verdict.at) breakers.restAll(verdict.at);
    const tookMs = clock.now().getTime() - sentAt.getTime();
    const why = receivedFewer(verdict, piece) ? "received_fewer" : whyOf(verdict);
    tell({ fact: "request", verdict: verdict.verdict, ...(why && { why }), events: piece.length, tookMs });
    return { ...verdict, sentAt, tookMs };
  } finally {
    breakers.heard(lease, heard);
  }
}

/** Writes down what a request came to and what that settles: one transaction. */
export async function note(
  lease: Lease,
  piece: readonly Delivery[],
  reply: Reply,
  settled: Settled,
  ports: DeliverPorts,
): Promise<{ readonly paused: boolean }> {
  const [first, last] = [piece[0], piece.at(-1)];
  if (!first || !last) throw new TypeError("a request without events");
  const { status, code, subcode, traceId, words, sentAt, tookMs } = reply;
  const facts = {
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(traceId !== undefined && { traceId }),
  };
  const why = whyOf(reply);
  const dispatch: Dispatch = {
    seqFrom: first.seq,
    seqTo: last.seq,
    events: piece.length,
    sentAt,
    tookMs,
    verdict: reply.verdict,
    ...(why && { why }),
    ...facts,
    ...(words && reply.verdict !== "refused" && { words }),
  };
  const unsure = reply.verdict === "unknown" && { unsure: { since: sentAt, upTo: last.seq } };
  const advanced = await ports.outbox.advance(lease, { ...stepOf(settled), dispatch, ...unsure }, ports.clock.now());
  const fields = { dataset: lease.id, seqFrom: first.seq, seqTo: last.seq, tookMs, ...facts };
  report(piece, reply, fields, ports.log);
  if (reply.verdict === "accepted") tellSettled(piece, "accepted", undefined, ports);
  after(lease, settled, ports);
  return advanced;
}

/** Writes down what is settled without a request. */
export async function settle(
  lease: Lease,
  settled: Settled,
  ports: DeliverPorts,
): Promise<{ readonly paused: boolean }> {
  const advanced = await ports.outbox.advance(lease, stepOf(settled), ports.clock.now());
  after(lease, settled, ports);
  return advanced;
}

export function deadEvent({ seq }: Delivery, reason: RefusalReason, reply: Reply): DeadEvent {
  const { code, subcode, words, traceId } = reply;
  return {
    seq,
    reason,
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(words && { words }),
    ...(traceId !== undefined && { traceId }),
  };
}

const stepOf = ({ cursor, dead = [], aside = [] }: Settled): Step => ({
  ...(cursor !== undefined && { cursor }),
  ...(dead.length > 0 && { dead: dead.map(([, event]) => event) }),
  ...(aside.length > 0 && { aside: aside.map(({ seq }) => seq) }),
});

/** Told only once it is written. */
function after(lease: Lease, { dead = [], aside = [] }: Settled, ports: DeliverPorts): void {
  for (const [reason, run] of Map.groupBy(dead, ([, event]) => event.reason)) {
    const given = run.map(([delivery]) => delivery);
    tellSettled(given, "refused", reason, ports);
    ports.log.warn(`Gave up ${sources(given)}: ${reason}`, { dataset: lease.id, seqFrom: given[0]?.seq });
  }
  if (aside.length > 0)
    ports.log.warn(`Set aside ${sources(aside)}: Meta stumbles over it`, { dataset: lease.id, seqFrom: aside[0]?.seq });
}

function tellSettled(
  run: readonly Delivery[],
  as: "accepted" | "refused",
  why: RefusalReason | undefined,
  { tell, clock }: DeliverPorts,
): void {
  const now = clock.now().getTime();
  for (const { eventTime, keptAt } of run)
    tell({
      fact: "settled",
      as,
      ...(why && { why }),
      lagMs: now - eventTime.getTime(),
      dwellMs: now - keptAt.getTime(),
    });
}

function report(piece: readonly Delivery[], reply: Reply, fields: LogFields, log: Log): void {
  if (reply.verdict !== "accepted") log.warn(`Meta did not take ${sources(piece)}: ${reply.why}`, fields);
  else if (receivedFewer(reply, piece))
    log.warn(`Meta accepted ${sources(piece)}, but says it received ${reply.received}`, fields);
  else log.info(`Meta accepted ${sources(piece)}`, fields);
}

const whyOf = (verdict: Verdict) => (verdict.verdict === "accepted" ? undefined : verdict.why);

/** The limit of the whole app, whichever dataset met it (Meta, "Rate Limiting": code 4). */
const isAppWide = (verdict: Verdict): verdict is Extract<Verdict, { verdict: "retry" }> =>
  verdict.verdict === "retry" && verdict.code === 4;

/** An alert and no reason to send again: which of them is missing nobody says (Meta, "Using the Conversions API"). */
const receivedFewer = (verdict: Verdict, { length }: readonly Delivery[]): boolean =>
  verdict.verdict === "accepted" && (verdict.received ?? length) !== length;

/** `12 events (8 HubSpot, 4 Salesforce)` */
function sources(piece: readonly Delivery[]): string {
  const counts = new Map<string, number>();
  for (const { payload } of piece) {
    const from = payload.lastIndexOf(sourceMark) + sourceMark.length;
    const name = from < sourceMark.length ? "?" : payload.slice(from, payload.indexOf('"', from));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const each = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  return `${piece.length} ${piece.length === 1 ? "event" : "events"} (${each})`;
}
const sourceMark = '"lead_event_source":"';

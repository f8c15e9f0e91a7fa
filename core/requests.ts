import { withoutLeadId } from "./meta/event.ts";
import type { Destination, Send } from "./meta/sender.ts";
import type { Verdict } from "./meta/verdict.ts";
import type { DeadEvent, Delivery, Dispatch, Lease, Outbox } from "./outbox.ts";
import type { Clock, Log, Random } from "./ports.ts";
import type { RefusalReason } from "./problems.ts";

export interface DeliverPorts {
  readonly outbox: Outbox;
  readonly send: Send;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What one request came to, and when. */
export type Reply = Verdict & { readonly sentAt: Date; readonly tookMs: number };

/** One request; a second one, without its lead id, for a lone event whose lead id Meta does not know. */
export async function request(
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

export async function timed(
  destination: Destination,
  payloads: readonly string[],
  { send, clock }: DeliverPorts,
): Promise<Reply> {
  const sentAt = clock.now();
  const verdict = await send(destination, payloads);
  return { ...verdict, sentAt, tookMs: clock.now().getTime() - sentAt.getTime() };
}

export function deadEvent({ seq }: Delivery, reply: Extract<Reply, { verdict: "refused" }>): DeadEvent {
  const { why: reason, code, subcode, words, traceId } = reply;
  return {
    seq,
    reason,
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(words && { words }),
    ...(traceId !== undefined && { traceId }),
  };
}

/** Writes down what a request came to; a final one moves the lane on. */
export async function note(
  lease: Lease,
  piece: readonly Delivery[],
  reply: Reply,
  final: boolean,
  { outbox, clock, log }: DeliverPorts,
): Promise<void> {
  const [first, last] = [piece[0], piece.at(-1)];
  if (!first || !last) return;
  const { status, code, subcode, traceId, sentAt, tookMs } = reply;
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
  const dead = final && reply.verdict === "refused" ? [deadEvent(first, reply)] : [];
  await outbox.advance(lease, { ...(final && { cursor: last.seq }), dispatch, dead }, clock.now());
  const fields = { dataset: lease.id, seqFrom: first.seq, seqTo: last.seq, tookMs, status, ...facts };
  if (reply.verdict !== "accepted") log.warn(`Meta did not take ${sources(piece)}: ${why}`, fields);
  else if ((reply.received ?? piece.length) === piece.length) log.info(`Meta accepted ${sources(piece)}`, fields);
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

export async function giveUp(
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

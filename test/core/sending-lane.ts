import { createBreakers, type Sign } from "../../core/breaker.ts";
import { type DeliverPorts, deliver } from "../../core/deliver.ts";
import { limits } from "../../core/meta/limits.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import type { Outbox, Outcome } from "../../core/outbox.ts";
import type { Fact } from "../../core/ports.ts";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";

export const tenant = "ten_1" as TenantId;
export const dataset = "dst_1" as DatasetId;
export const start = new Date("2026-11-23T12:00:00Z");
export const after = (ms: number): Date => new Date(start.getTime() + ms);

export type Meta = (payloads: readonly string[], now: Date) => Verdict | Promise<Verdict>;
export const accepted = (payloads: readonly string[]): Verdict => ({ verdict: "accepted", received: payloads.length });
export const down: Verdict = { verdict: "retry", why: "meta_down" };
export const stumble: Verdict = { verdict: "retry", why: "meta_down", suspect: true, code: 1, words: "Unknown error" };
export const unheard: Verdict = { verdict: "unknown", why: "meta_no_answer" };

export interface Waiting {
  readonly name: string;
  readonly at?: Date;
  readonly payload?: string;
}
export const names = (count: number): readonly Waiting[] =>
  Array.from({ length: count }, (_, n) => ({ name: `e${n}` }));

/** A dataset with these events waiting, and a Meta that answers as told; on the store's twin in memory. */
export async function lane(events: readonly Waiting[], meta: Meta) {
  const outbox = createMemoryOutbox();
  const connection = "con_1" as ConnectionId;
  let now = start;
  let kept = 0;
  outbox.openLane(tenant, "read", connection, start);
  outbox.openLane(tenant, "send", dataset);
  async function keep(more: readonly Waiting[], at = now): Promise<void> {
    const outcomes = more.map(({ name, at: enteredAt = start, payload }): Outcome => {
      kept += 1;
      const record = { object: "deal", id: String(kept) };
      return {
        entry: {
          record,
          pipelineId: "p",
          stageId: name,
          enteredAt,
          timeQuality: "exact",
          entry: `t${kept}`,
          filled: false,
        },
        place: 1,
        outcome: "send",
        payload: payload ?? name,
      };
    });
    const [reading] = await outbox.claim("read", at, 1, 1);
    if (!reading) throw new Error("no lane");
    await outbox.keep(reading, { outcomes, datasetId: dataset, mappingVersion: 1 }, at);
    await outbox.release(reading, { dueAt: start }, at);
  }
  await keep(events);

  const clock = { now: () => now };
  const sent: (readonly string[])[] = [];
  const took: string[] = [];
  const facts: Fact[] = [];
  const breakers = createBreakers(clock);
  const signs: Sign[] = [];
  const ports: DeliverPorts = {
    outbox,
    send: async (_to, payloads) => {
      sent.push(payloads);
      const verdict = await meta(payloads, now);
      if (verdict.verdict === "accepted") took.push(...payloads);
      return verdict;
    },
    clock,
    random: () => 1,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    tell: (fact) => void facts.push(fact),
    breakers: {
      ...breakers,
      heard: (lease, sign) => {
        signs.push(sign);
        breakers.heard(lease, sign);
      },
    },
  };
  const state = () => outbox.lane(tenant, "send", dataset);
  return {
    outbox,
    ports,
    /** Every request as it came to Meta, and what Meta took of them, in its order. */
    sent,
    took,
    facts,
    /** What the breakers heard. */
    signs,
    keep,
    state,
    dead: () => [...outbox.dead(tenant, dataset).values()].map(({ seq, reason }) => `${seq} ${reason}`),
    verdicts: () => outbox.dispatches(tenant, dataset).map(({ verdict, events: n }) => `${n} ${verdict}`),
    passes: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    /** One turn at this time, or when it is due; false when the lane is not due. */
    async turn(at: Date = state()?.dueAt ?? now, through: Partial<Outbox> = {}): Promise<boolean> {
      now = at;
      const [lease] = await outbox.claim("send", now, 1, limits.leaseMs);
      const to = { tenantId: tenant, datasetId: dataset, metaId: "1", token: "t" };
      if (lease) await deliver(lease, to, { ...ports, outbox: { ...outbox, ...through } });
      return lease !== undefined;
    },
    /** Turns, each when it is due, until nothing waits. */
    async drain(most = 100): Promise<number> {
      for (let turns = 0; turns < most; turns += 1) {
        if (state()?.dueAt === undefined) return turns;
        await this.turn();
      }
      throw new Error(`still something to send after ${most} turns`);
    },
  };
}
export type SendingLane = Awaited<ReturnType<typeof lane>>;

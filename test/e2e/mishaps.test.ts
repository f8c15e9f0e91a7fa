import { expect, test } from "vitest";
import { createBreakers } from "../../core/breaker.ts";
import type { AnyConnector, Page } from "../../core/connector.ts";
import { recordKey } from "../../core/connector.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import type { Clock, Fetch } from "../../core/ports.ts";
import type { Lead, StageObservation } from "../../core/types.ts";
import { createPace } from "../../server/network/pace.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { startLanes } from "../../server/workers/lanes.ts";
import { reading } from "../../server/workers/reading.ts";
import { sending } from "../../server/workers/sending.ts";
import { silent } from "../postgres.ts";
import { until } from "./until.ts";
import { createCrm } from "./workers/crm.ts";
import { sumsOf } from "./workers/sums.ts";
import { type World, withWorld } from "./workers/world.ts";

const total = 10_000;
const day = 86_400_000;
/** The record whose change has waited in the log for eight days, and the one whose lead id Meta does not know. */
const [stale, unknownLead] = [4_711, 7_208];

test("of 10,000 events with one too old, one unknown lead, one 500 and one lost answer, 9,998 arrive and two are named", {
  timeout: 60_000,
}, async () => {
  await withWorld({ accounts: 1, tenants: 1, everyMs: 1_000, leaseMs: limits.leaseMs, changes: 0 }, async (world) => {
    const now = Date.now();
    await world.act("forget", { leadId: leadIdOf(unknownLead) });
    await read(world, { now: () => new Date(now - 8 * day) }, [changeOf(stale, now - 8 * day - 1_000)]);
    const others = Array.from({ length: total }, (_, n) => n).filter((n) => n !== stale);
    await read(world, { now: () => new Date() }, [
      changeOf(stale, now - 8 * day - 1_000),
      ...others.map((n) => changeOf(n, now - 3_600_000 + n)),
    ]);

    await world.act("fault", { status: 500, times: 1 });
    const refusals: string[] = [];
    const stop = startSending(world, refusals);
    try {
      const seen = async () => (await world.act<{ requests: readonly Request[] }>("requests", { after: 0 })).requests;
      await until("a request is answered by HTTP 500", async () => (await seen()).some(({ status }) => status === 500));
      await world.act("fault", { dropAnswer: true, times: 1 });
      const { accounts, parts } = world;
      const books = () => sumsOf(parts.store, accounts).then((all) => [...all.values()][0]);
      await until("the lane is empty", async () => {
        const { waiting, held } = (await books()) ?? {};
        return waiting === 0 && held === false;
      });

      const requests = await seen();
      expect(requests.length, "requests").toBeLessThanOrEqual(60);
      expect(requests.every(({ count }) => count <= limits.batch)).toBe(true);
      const lost = requests.filter(({ answerDropped }) => answerDropped);
      expect(lost.map(({ status }) => status)).toEqual([200]);

      const events = await world.metaEvents();
      const receptions = Map.groupBy(events, ({ id }) => id);
      expect(receptions.size).toBe(total - 2);
      const twice = [...receptions.values()].filter((of) => of.length > 1);
      expect(twice.length, "only the batch whose answer was lost came again").toBe(lost[0]?.count);
      for (const of of twice) {
        expect(of.map(({ raw }) => raw)).toEqual([of[0]?.raw, of[0]?.raw]);
        expect(of[0]?.request).toBe(lost[0]?.request);
      }

      const dead = (await books())?.dead.toSorted((a, b) => a.reason.localeCompare(b.reason));
      expect(dead).toEqual([
        { id: expect.any(String), reason: "expired", code: null, subcode: null, words: null, trace_id: null },
        {
          id: expect.any(String),
          reason: "refused_lead_id",
          code: 100,
          subcode: 2804036,
          words: expect.stringContaining("Lead ID invalid: One or more lead IDs are invalid"),
          trace_id: refusals.at(-1),
        },
      ]);
      const people = new Set(events.map(({ raw }) => /"lead_id":(\d+)/.exec(raw)?.[1]));
      for (const missing of [stale, unknownLead]) expect(people.has(leadIdOf(missing))).toBe(false);
      console.log(
        `${requests.length} requests, ${receptions.size} events accepted, ${twice.length} of them came twice`,
      );
    } finally {
      await stop();
    }
  });
});

/** What simulated Meta remembers of a request. */
interface Request {
  readonly request: number;
  readonly status: number;
  readonly count: number;
  readonly answerDropped?: true;
}

const leadIdOf = (n: number): string => String(10_000_000_000_000_001n + 2n * BigInt(n));

const changeOf = (n: number, at: number): StageObservation => ({
  record: { object: "deal", id: String(n) },
  pipelineId: "sales",
  stageId: "new",
  enteredAt: new Date(at),
  timeQuality: "exact",
});

/** The clockwork CRM with a history of our own, in pages of 1,000; nobody has anything but a lead id. */
function crmOf(history: readonly StageObservation[]): AnyConnector {
  async function* pages(): AsyncIterable<Page<unknown>> {
    for (let at = 0; at < history.length; at += 1_000) {
      const caughtUp = at + 1_000 >= history.length;
      yield { observations: history.slice(at, at + 1_000), checkpoint: { v: 1, next: at }, caughtUp };
    }
  }
  const person = (id: string): Lead => ({ leadId: leadIdOf(Number(id)), contact: {} });
  return {
    ...createCrm({ startsAt: 0, everyMs: 1, endsIn: "" }),
    baseline: pages,
    changes: pages,
    leads: async (_access, records) => new Map(records.map((record) => [recordKey(record), person(record.id)])),
  };
}

/** One reading of the account, as by a worker whose clock this is. */
async function read({ parts }: World, clock: Clock, history: readonly StageObservation[]): Promise<void> {
  const { store, tokens } = parts;
  const agent = createAgent();
  const inbox = () => ({ read: async () => [] });
  const ports = { outbox: store.outbox, clock, random: Math.random, log: silent, tell: () => {} };
  const readOne = reading({
    ...ports,
    store,
    connectors: new Map([["clockwork", crmOf(history)]]),
    access: { agent, tokens, pace: createPace(), clock, log: silent, inbox },
    pollEveryMs: 0,
    wakeSender: () => {},
  });
  // The lane was opened just now: for a clock of last week it is not due yet.
  await store.db.updateTable("lane").set({ due_at: clock.now() }).where("kind", "=", "read").execute();
  const [lease] = await store.outbox.claim("read", clock.now(), 1, limits.leaseMs);
  if (!lease) throw new Error("there is nothing to read");
  await readOne(lease);
  await agent.close();
}

/** Sends as the server does; `refusals` are the trace ids of answers that blame a lead id. */
function startSending({ parts, place }: World, refusals: string[]): () => Promise<void> {
  const { store, vault, clock } = parts;
  const agent = createAgent();
  const real = createFetch(agent, {
    hosts: [],
    trustedOrigins: [place.meta],
    timeoutMs: limits.requestMs,
    maxBytes: 1_000_000,
  });
  const fetch: Fetch = async (request) => {
    const answer = await real(request);
    const { error } = JSON.parse(answer.text) as { error?: { error_subcode?: number; fbtrace_id: string } };
    if (error?.error_subcode === 2804036) refusals.push(error.fbtrace_id);
    return answer;
  };
  const send = createSender({ fetch, clock, origin: place.meta, version: "v26.0", partnerAgent: "stagewire" });
  const lanes = startLanes({
    kind: "send",
    outbox: store.outbox,
    clock,
    random: () => 0, // the shortest waits that there are
    log: silent,
    concurrency: 4,
    leaseMs: limits.leaseMs,
    lookEveryMs: 25,
    work: sending({
      outbox: store.outbox,
      send,
      clock,
      random: () => 0,
      log: silent,
      tell: () => {},
      breakers: createBreakers(clock),
      store,
      vault,
    }),
  });
  return async () => {
    await lanes.stop();
    await agent.close();
  };
}

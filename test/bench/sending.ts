import { hash } from "node:crypto";
import { Agent, request } from "undici";
import { serialise } from "../../core/meta/event.ts";
import { createSender } from "../../core/meta/sender.ts";
import { translate } from "../../core/translate.ts";
import type { Lead, StageChange } from "../../core/types.ts";
import { createFetch } from "../../server/network/transport.ts";
import { cost, type Figure, median } from "./figure.ts";
import { change, lead, leadIdOf, now, setting } from "./people.ts";
import { metaSdk, sdkEvent } from "./sdk.ts";
import { startSink } from "./sink.ts";

const events = 50_000;
const batch = 1_000;
const rounds = 5;

/** What one event costs from change and person to an answered request: the least possible, Meta's own SDK, and ours. */
export async function sending(): Promise<readonly Figure[]> {
  const sink = await startSink();
  const agent = new Agent({ connections: 4 });
  try {
    const people = { 2: prepared(2), 9: prepared(9) };
    const ways = {
      raw2: raw(agent, sink.origin, people[2]),
      sdk: sdk(sink.origin, people[2]),
      ours2: ours(agent, sink.origin, people[2]),
      raw9: raw(agent, sink.origin, people[9]),
      ours9: ours(agent, sink.origin, people[9]),
    };
    const costs = new Map<string, number[]>();
    for (let round = 0; round <= rounds; round += 1)
      for (const [name, way] of Object.entries(ways)) {
        const { cpuUs } = await cost(async () => {
          for (let from = 0; from < events; from += batch) await way(from);
        });
        if (round > 0) costs.set(name, [...(costs.get(name) ?? []), cpuUs / events]); // the first round warms up
      }
    const each = (name: keyof typeof ways): number => median(costs.get(name) ?? []);
    return [
      { figure: "raw: hash 2, stringify, POST", value: each("raw2"), unit: "µs CPU/event" },
      { figure: "Meta's SDK, 2 hashed fields", value: each("sdk"), unit: "µs CPU/event" },
      {
        figure: "ours, 2 hashed fields",
        value: each("ours2"),
        unit: "µs CPU/event",
        target: each("sdk"),
        atMost: true,
      },
      {
        figure: "ours / raw, 2 hashed fields",
        value: each("ours2") / each("raw2"),
        unit: "×",
        target: 1.5,
        atMost: true,
      },
      { figure: "raw: hash 9, stringify, POST", value: each("raw9"), unit: "µs CPU/event" },
      { figure: "ours, 9 hashed fields", value: each("ours9"), unit: "µs CPU/event" },
      {
        figure: "ours / raw, 9 hashed fields",
        value: each("ours9") / each("raw9"),
        unit: "×",
        target: 2,
        atMost: true,
      },
      {
        figure: "heap growth over a million events",
        value: await growth(ours(agent, sink.origin, people[2])),
        unit: "MB",
        target: 5,
        atMost: true,
      },
    ];
  } finally {
    await agent.close();
    sink.stop();
  }
}

type Way = (from: number) => Promise<void>;

/** Changes and people as they come from a CRM, made before the clock runs. */
type People = readonly { readonly change: StageChange; readonly lead: Lead; readonly leadId: string }[];
const prepared = (fields: 2 | 9): People =>
  Array.from({ length: events }, (_, n) => ({ change: change(n), lead: lead(n, fields), leadId: leadIdOf(n) }));
const batchOf = (people: People, from: number): People => people.slice(from % events, (from % events) + batch);

function raw(agent: Agent, origin: string, people: People): Way {
  return async (from) => {
    const data = batchOf(people, from).map(({ lead: { contact }, leadId }, i) => {
      const hashed = Object.fromEntries(
        Object.entries(contact).map(([key, [value = ""]]) => [key, [hash("sha256", value)]]),
      );
      return {
        event_name: "New",
        event_time: 1_795_431_600,
        event_id: String(from + i),
        action_source: "system_generated",
        user_data: { lead_id: leadId, ...hashed },
        custom_data: { event_source: "crm", lead_event_source: "HubSpot" },
      };
    });
    const answer = await request(`${origin}/v26.0/1/events`, {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: JSON.stringify({ data }),
      dispatcher: agent,
    });
    await answer.body.text();
  };
}

function ours(agent: Agent, origin: string, people: People): Way {
  const fetch = createFetch(agent, { hosts: [], trustedOrigins: [origin], timeoutMs: 10_000, maxBytes: 100_000 });
  const clock = { now: () => now };
  const send = createSender({ fetch, clock, origin, version: "v26.0", partnerAgent: "stagewire" });
  const destination = { metaId: "1", token: "t".repeat(200) };
  return async (from) => {
    const payloads = batchOf(people, from).map((one) => {
      const translation = translate(one.change, one.lead, setting, now);
      if (translation.outcome === "skip") throw new Error(translation.reason);
      return serialise(translation.event) ?? "";
    });
    const { verdict } = await send(destination, payloads);
    if (verdict !== "accepted") throw new Error(verdict);
  };
}

/** Meta's SDK as its examples use it, sent to the sink instead of graph.facebook.com. */
function sdk(origin: string, people: People): Way {
  const meta = metaSdk(origin);
  return async (from) => {
    const events = batchOf(people, from).map(({ lead }, i) => sdkEvent(meta, lead, String(from + i), 1_795_431_600));
    const call = new meta.EventRequest("token", "1");
    call.setEvents?.(events);
    await call.execute();
  };
}

/** Heap that stays after a million events, in MB. */
async function growth(way: Way): Promise<number> {
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  for (let from = 0; from < 50_000; from += batch) await way(from);
  const before = heap();
  for (let from = 0; from < 1_000_000; from += batch) await way(from);
  return Math.max(0, heap() - before);
}

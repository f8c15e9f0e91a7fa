import type { Delivery, Outbox, Step } from "../../../core/outbox.ts";
import type { MemoryOutbox } from "../../memory-outbox.ts";
import type { Bug } from "../bug.ts";
import { metaOutage, stumblingMeta } from "../scenarios.ts";

const outbox = (name: string, wrap: (outbox: Outbox, store: MemoryOutbox) => Partial<Outbox>): Bug => ({
  name,
  plant: () => ({ outbox: (inner, store) => ({ ...inner, ...wrap(inner, store) }) }),
});
const advances = (name: string, change: (step: Step) => Step): Bug =>
  outbox(name, (inner) => ({ advance: (lease, step, now) => inner.advance(lease, change(step), now) }));
const reads = (name: string, change: (page: readonly Delivery[]) => readonly Delivery[]): Bug =>
  outbox(name, (inner) => ({ read: async (lease, limit) => change(await inner.read(lease, limit)) }));
const redrives = (name: string, redrive: (inner: Outbox, store: MemoryOutbox) => Outbox["redrive"]): Bug =>
  outbox(name, (inner, store) => ({ redrive: redrive(inner, store) }));
const hour = 3_600_000;

/** What Meta stumbles over and what others bring in between: some hundred events in a day. */
const stumbling = (bug: Bug): Bug => ({ ...bug, plan: (seed) => stumblingMeta(seed, ["1", "4", "5"]) });

const silent = (bug: Bug): Bug => ({ ...bug, plan: (seed) => metaOutage(seed, { hours: 60, how: "silent" }) });

/** Bugs of trying once more: what is set aside, what nobody answered, what an operator sends again. */
export const tryingAgainBugs: readonly Bug[] = [
  stumbling(advances("an event that is set aside is not written down again", ({ aside: _, ...step }) => step)),
  stumbling(
    advances("setting aside moves the cursor one too far", (step) =>
      step.aside?.length && step.cursor !== undefined ? { ...step, cursor: step.cursor + 1 } : step,
    ),
  ),
  stumbling(
    outbox("nobody counts how often an event has been set aside", (inner) => ({
      read: async (lease, limit) => (await inner.read(lease, limit)).map((delivery) => ({ ...delivery, asides: 0 })),
    })),
  ),
  stumbling(
    advances("what Meta stumbles over once is given up", ({ aside = [], dead = [], ...step }) => ({
      ...step,
      dead: [...dead, ...aside.map((seq) => ({ seq, reason: "refused_again" as const }))],
    })),
  ),
  stumbling(
    advances("the one behind is blamed for what Meta stumbles over", ({ dead = [], ...step }) => ({
      ...step,
      dead: dead.map((event) => (event.reason === "refused_again" ? { ...event, seq: event.seq + 1 } : event)),
      ...(step.cursor !== undefined &&
        dead.some(({ reason }) => reason === "refused_again") && { cursor: step.cursor + 1 }),
    })),
  ),
  {
    name: "whoever is alone in a request that Meta stumbles over is blamed",
    plant: () => ({
      send: (send) => async (to, events) => {
        const verdict = await send(to, events);
        const blamed = verdict.verdict === "retry" && verdict.suspect && events.length === 1;
        return blamed ? { verdict: "refused", why: "refused_again", subcode: 1 } : verdict;
      },
    }),
  },
  silent(reads("that nobody answered is forgotten", (page) => page.map(({ unsureSince: _, ...delivery }) => delivery))),
  reads("a request without an answer is thought to be two days old", (page) =>
    page.map((delivery) =>
      delivery.unsureSince
        ? { ...delivery, unsureSince: new Date(delivery.unsureSince.getTime() - 48 * hour) }
        : delivery,
    ),
  ),
  silent(
    reads("what nobody answered is taken for all that waits", (page) => {
      const unsureSince = page.find((delivery) => delivery.unsureSince)?.unsureSince;
      return page.map((delivery) => ({ ...delivery, ...(unsureSince && { unsureSince }) }));
    }),
  ),
  redrives("what is sent again gets a new event id", (inner, store) => (tenantId, datasetId, asked, now) => {
    const log = store.events(tenantId, datasetId);
    const renamed = asked.map(({ seq, payload = log[seq - 1]?.payload ?? "" }) => ({
      seq,
      payload: payload.replace(/"event_id":"./, '"event_id":"f'),
    }));
    return inner.redrive(tenantId, datasetId, renamed, now);
  }),
  redrives("what is sent again is written down twice", (inner, store) => async (tenantId, datasetId, asked, now) => {
    const taken = await inner.redrive(tenantId, datasetId, asked, now);
    const lane = store.lane(tenantId, "send", datasetId);
    const log = store.events(tenantId, datasetId);
    const last = log.at(-1);
    if (taken.length > 0 && lane && last) {
      lane.nextSeq += 1;
      Object.assign(log, { [log.length]: { ...last, seq: last.seq + 1 } });
    }
    return taken;
  }),
  redrives(
    "an operator's correction is lost",
    (inner) => (tenantId, datasetId, asked, now) =>
      inner.redrive(
        tenantId,
        datasetId,
        asked.map(({ seq }) => ({ seq })),
        now,
      ),
  ),
  redrives(
    "what is too old is sent again",
    (inner) => (tenantId, datasetId, asked) => inner.redrive(tenantId, datasetId, asked, new Date(0)),
  ),
  redrives("nobody is told that there is something to send again", (inner, store) => async (...asked) => {
    const [tenantId, datasetId] = asked;
    const lane = store.lane(tenantId, "send", datasetId);
    const { dueAt } = lane ?? {};
    const taken = await inner.redrive(...asked);
    if (lane) lane.dueAt = dueAt;
    return taken;
  }),
];

import type { Destination, Send } from "../../../core/meta/sender.ts";
import type { Verdict } from "../../../core/meta/verdict.ts";
import type { Delivery, Lease, Outbox } from "../../../core/outbox.ts";
import type { Bug } from "../bug.ts";

const outbox = (name: string, wrap: (outbox: Outbox) => Partial<Outbox>): Bug => ({
  name,
  plant: () => ({ outbox: (inner) => ({ ...inner, ...wrap(inner) }) }),
});
const reads = (name: string, change: (delivery: Delivery) => Delivery): Bug =>
  outbox(name, (inner) => ({ read: async (lease, limit) => (await inner.read(lease, limit)).map(change) }));
const advances = (
  name: string,
  change: (step: Parameters<Outbox["advance"]>[1]) => Parameters<Outbox["advance"]>[1],
): Bug => outbox(name, (inner) => ({ advance: (lease, step, now) => inner.advance(lease, change(step), now) }));
const payloads = (name: string, change: (payload: string, n: number) => string): Bug => ({
  name,
  plant: () => ({ send: (send) => (to, events) => send(to, events.map(change)) }),
});
const verdicts = (name: string, change: (verdict: Verdict) => Verdict): Bug => ({
  name,
  plant: () => ({ send: (send) => async (to, events) => change(await send(to, events)) }),
});
const accepted: Verdict = { verdict: "accepted", received: 1 };
const refused = (verdict: Verdict): Verdict => ({ ...verdict, verdict: "refused", why: "refused_invalid" });

/** Bugs of sending: what goes to Meta, what its answers are taken for, what is noted. */
export const sendingBugs: readonly Bug[] = [
  outbox("the cursor is moved before the request", (inner) => ({
    async read(lease: Lease, limit: number) {
      const page = await inner.read(lease, limit);
      const last = page.at(-1);
      if (last) await inner.advance(lease, { cursor: last.seq }, lease.until);
      return page;
    },
  })),
  payloads("each try has an event id of its own", (payload, n) =>
    payload.replace(/"event_id":"[^"]*"/, `"event_id":"${String(n).padStart(32, "f")}"`),
  ),
  payloads("the time is sent in milliseconds", (payload) =>
    payload.replace(/"event_time":(\d+)/, '"event_time":$1000'),
  ),
  payloads("the lead id is written by way of a number", (payload) =>
    payload.replace(/"lead_id":(\d+)/, (_, id: string) => `"lead_id":${Number(id)}`),
  ),
  payloads("the time of sending is sent", (payload) =>
    payload.replace(/"event_time":(\d+)/, (_, time: string) => `"event_time":${Number(time) + 1}`),
  ),
  outbox("the age is looked at when an event is kept and never again", (inner) => ({
    read: async (lease, limit) =>
      (await inner.read(lease, limit)).map((delivery) => ({
        ...delivery,
        eventTime: new Date(Math.max(delivery.eventTime.getTime(), lease.until.getTime() - 3_600_000)),
      })),
  })),
  reads("events are given up two days early", (delivery) => ({
    ...delivery,
    eventTime: new Date(delivery.eventTime.getTime() - 2 * 86_400_000),
  })),
  reads("an event of the future does not wait", (delivery) => ({
    ...delivery,
    eventTime: new Date(delivery.eventTime.getTime() - 15 * 60_000),
  })),
  verdicts("no answer is taken for acceptance", (verdict) => (verdict.verdict === "unknown" ? accepted : verdict)),
  verdicts("a blocked dataset is taken for a refusal", (verdict) =>
    verdict.verdict === "blocked" ? refused(verdict) : verdict,
  ),
  verdicts("a fault of Meta's is taken for a refusal", (verdict) =>
    verdict.verdict === "retry" ? refused(verdict) : verdict,
  ),
  verdicts("a refusal is taken for acceptance", (verdict) => (verdict.verdict === "refused" ? accepted : verdict)),
  verdicts("an acceptance is taken for a fault", (verdict) =>
    verdict.verdict === "accepted" ? { verdict: "retry", why: "meta_down" } : verdict,
  ),
  verdicts("a refusal is tried again for ever", (verdict) =>
    verdict.verdict === "refused" ? { verdict: "retry", why: "meta_down" } : verdict,
  ),
  {
    name: "halving drops the half that was refused",
    plant: () => ({ send: halvingThatDrops }),
  },
  advances("a refusal moves the cursor one too far", (step) =>
    step.dead?.length && step.cursor !== undefined ? { ...step, cursor: step.cursor + 1 } : step,
  ),
  advances("a refusal does not move the cursor", ({ cursor, ...step }) =>
    cursor !== undefined && step.dead?.some(({ reason }) => reason !== "expired")
      ? step
      : { ...step, ...(cursor !== undefined && { cursor }) },
  ),
  advances("an accepted batch moves the cursor to its first event only", (step) =>
    step.dispatch?.verdict === "accepted" && step.cursor !== undefined
      ? { ...step, cursor: step.dispatch.seqFrom }
      : step,
  ),
  advances("an event that is given up is not written down", ({ dead: _, ...step }) => step),
  {
    name: "tokens are remembered and not read again",
    plant: () => {
      const remembered = new Map<string, Destination>();
      return {
        destination: (to) => {
          const first = remembered.get(to.metaId) ?? to;
          remembered.set(to.metaId, first);
          return first;
        },
      };
    },
  },
  {
    name: "the access is remembered for all datasets together",
    plant: () => {
      let token: string | undefined;
      return {
        destination: (to) => {
          token ??= to.token;
          return { ...to, token };
        },
      };
    },
  },
  {
    name: "what is in a request is sent latest first",
    plant: () => ({ send: (send) => (to, events) => send(to, events.toReversed()) }),
  },
];

const halvingThatDrops =
  (send: Send): Send =>
  async (to, events) => {
    const verdict = await send(to, events);
    if (verdict.verdict !== "refused" || events.length < 2) return verdict;
    const front = await send(to, events.slice(0, events.length >> 1));
    return front.verdict === "accepted" ? { ...front, received: events.length } : front;
  };

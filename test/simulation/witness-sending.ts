import { limits } from "../../core/meta/limits.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { DatasetId } from "../../core/types.ts";
import type { KnownFault } from "./known-faults.ts";
import type { Received } from "./model-meta.ts";
import type { Turn } from "./turn.ts";
import type { DatasetSite, Reception, Tracked, World } from "./world.ts";

const second = 1000;
const day = 86_400_000;
const skewMs = 15_000;
/** The product's own deadline, an hour before Meta's; told when it last looked at the store, or a batch of halves later. */
const oldestMs = 7 * day - 60 * 60 * second + skewMs + 60 * second;
/** A pause is obeyed within this time. */
const stopsWithinMs = 10_000;

export interface SendingWitness {
  /** A worker begins a request. */
  starts(turn: Turn): void;
  /** A request has reached Meta. */
  arrives(turn: Turn, startedAt: number, received: Received): readonly Reception[];
  /** After the lane moved on. */
  advanced(turn: Turn, step: Parameters<Outbox["advance"]>[1], from: number, to: number, now: Date): void;
}

export function createSendingWitness(world: World): SendingWitness {
  const siteOf = (turn: Turn): DatasetSite | undefined => world.datasets.get(turn.lease.id as DatasetId);
  return {
    starts(turn) {
      const pausedAt = siteOf(turn)?.pausedAt;
      if (pausedAt === undefined) return;
      const what = `${turn.lease.id}: a request ${world.time.now() - pausedAt} ms after the pause`;
      if (turn.startedAt > pausedAt) world.breaks("I8", what);
      // What a worker that stood still has not seen, it cannot obey.
      else if (turn.lookedAt > pausedAt + stopsWithinMs) world.breaks("I8", what, "pause_not_seen");
    },
    arrives(turn, startedAt, { dataset, token, events, accepted }) {
      const site = siteOf(turn);
      if (site?.plan.metaId !== dataset || !token.startsWith(`${site.plan.id} `))
        world.breaks("I4", `a request for ${turn.lease.id} came to ${dataset} with ${token}`);
      const now = world.time.now();
      const receptions: Reception[] = [];
      let seq = 0;
      for (const event of events) {
        const tracked = world.events.get(String(event.event_id));
        if (!tracked) {
          world.breaks("I2", `Meta got ${event.event_id}, which is no event of ours`);
          continue;
        }
        const name = `${tracked.dataset.id} ${tracked.seq}`;
        if (tracked.dataset !== site?.plan) world.breaks("I4", `${name} came with the events of ${turn.lease.id}`);
        if (tracked.seq <= seq) world.breaks("order", `${name} came behind ${seq}`);
        seq = tracked.seq;
        const time = typeof event.event_time === "number" ? event.event_time : Number.NaN;
        const oldest = Math.max(now - 7 * day, turn.lookedAt - oldestMs);
        if (!Number.isInteger(time) || time * second > now + 60 * second || time * second < oldest)
          world.breaks(
            "I9",
            `${name}: its time ${event.event_time} is ${Math.round(now / second - time)} s ago`,
            probed(turn),
          );
        if (time !== Math.floor(tracked.enteredAt / second)) world.breaks("I2", `${name}: its time has changed`);
        const { lead } = tracked.connection.crm.person({ object: "deal", id: tracked.recordId });
        const id = event.user_data?.lead_id;
        if (id !== undefined && id !== lead?.leadId) world.breaks("I9", `${name}: lead id ${id}, not ${lead?.leadId}`);
        if (accepted) receptions.push(receive(turn, startedAt, tracked, name));
      }
      return receptions;
    },
    advanced(turn, { dead = [] }, from, to, now) {
      const site = siteOf(turn);
      if (!site) return world.breaks("I4", `${turn.lease.id} is no dataset`);
      for (const { seq, reason } of dead) {
        const tracked = site.events[seq - 1];
        if (!tracked) continue;
        tracked.dead = reason;
        const cause = causeOf(tracked, now);
        if (reason === "expired" && isHeldUp(tracked))
          world.breaks("I12", `${site.plan.id} ${seq} expired behind an event that Meta stumbles over`, probed(turn));
        if (!cause.includes(reason))
          world.breaks("I1", `${site.plan.id} ${seq} was given up as ${reason}`, probed(turn));
      }
      if (to > site.events.length)
        world.breaks("I6", `${site.plan.id}: the cursor is at ${to} of ${site.events.length}`);
      for (const tracked of site.events.slice(from, to)) {
        if (tracked.dead) continue;
        if (tracked.receptions.length === 0)
          world.breaks("I6", `${site.plan.id}: the cursor has passed ${tracked.seq}, which Meta never took`);
        tracked.notedAt = world.time.now();
      }
    },
  };

  function receive(turn: Turn, startedAt: number, tracked: Tracked, name: string): Reception {
    const earlier = tracked.receptions.at(-1);
    if (earlier && !isExcused(earlier, turn, startedAt, tracked))
      world.breaks("I3", `${name} was sent again without need`, probed(earlier.turn));
    if (!earlier) {
      const overtook = world.datasets
        .get(tracked.dataset.id)
        ?.events.slice(tracked.seq)
        .find((other) => other.receptions.length > 0 && isSameLead(other, tracked));
      const by = overtook?.receptions[0]?.turn;
      // A worker that stood still until its lease was over cannot know that another has gone on.
      if (overtook && by && turn.lease.token >= by.lease.token)
        world.breaks("order", `${name} came behind ${overtook.seq} of the same lead`, probed(by));
    }
    const reception = { turn, startedAt, lost: false };
    tracked.receptions.push(reception);
    return reception;
  }

  function causeOf({ connection, recordId, enteredAt, payload }: Tracked, now: Date): readonly string[] {
    const { atMeta } = connection.crm.person({ object: "deal", id: recordId });
    const expired = now.getTime() > enteredAt + 7 * day - 3_600_000 ? ["expired"] : [];
    if (atMeta === "not_valid" || atMeta === "stumbled_over") return [...expired, "refused_invalid"];
    return atMeta === "lead_id_unknown" && !payload.includes('"em"') ? [...expired, "refused_lead_id"] : expired;
  }
}

/** Where nothing else goes wrong, an event that Meta would have taken does not wait for days. */
const isHeldUp = ({ connection, recordId, enteredAt, keptAt }: Tracked): boolean =>
  connection.plan.stumbling === true &&
  connection.crm.person({ object: "deal", id: recordId }).atMeta !== "stumbled_over" &&
  enteredAt + 6 * day > keptAt;

/** A turn so late that it probes. */
const probed = (turn: Turn): KnownFault | undefined =>
  turn.lease.attempts >= limits.giveUpAfter ? "probe" : undefined;

/** Whether Meta may get this event again, after it took it in `earlier`. */
function isExcused(earlier: Reception, turn: Turn, startedAt: number, { notedAt }: Tracked): boolean {
  // Sent under a lease that was over: the worker had stood still, or the request had been under way for long.
  if (turn.lease.token < earlier.turn.lease.token) return true;
  const superseded = turn.lease.token > earlier.turn.lease.token;
  if (notedAt !== undefined && startedAt > notedAt) return false;
  if (earlier.lost || earlier.turn.excused || turn.excused || !earlier.turn.actor.alive) return true;
  return superseded && !earlier.turn.ended;
}

const isSameLead = (a: Tracked, b: Tracked): boolean => a.connection === b.connection && a.recordId === b.recordId;

/** How much two machines' clocks may differ, at most. */
export const largestSkewMs = 2 * skewMs;

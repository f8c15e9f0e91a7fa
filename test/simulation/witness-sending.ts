import { limits } from "../../core/meta/limits.ts";
import type { Step } from "../../core/outbox.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";
import { causesOf } from "./causes.ts";
import type { Received } from "./model-meta.ts";
import { askedRest } from "./rest.ts";
import type { Turn } from "./turn.ts";
import { type LogWitness, siteOf } from "./witness-log.ts";
import type { Reception, Slot, Tracked, World } from "./world.ts";

const second = 1000;
const day = 86_400_000;
const skewMs = 15_000;
/** How much two machines' clocks may differ, at most. */
export const largestSkewMs = 2 * skewMs;
/** The product's own deadline, an hour before Meta's; told when it last looked at the store, or a batch of halves later. */
const oldestMs = 7 * day - 60 * 60 * second + skewMs + 60 * second;
/** What Meta may have taken is sent again for so long; a worker may stand still in the middle of its turn. */
const unsureMs = 47 * 3_600_000;
const stallMs = 10 * 60_000;

export interface SendingWitness {
  /** A worker begins a request. */
  starts(turn: Turn, request: HttpRequest): void;
  /** It has Meta's answer. */
  hears(turn: Turn, answer: HttpAnswer): void;
  /** A request has reached Meta. */
  arrives(turn: Turn, startedAt: number, received: Received): readonly Reception[];
  /** After the lane moved on. */
  advanced(turn: Turn, step: Step, from: number, to: number, now: Date): void;
}

export function createSendingWitness(world: World, log: LogWitness): SendingWitness {
  return {
    starts(turn, request) {
      const site = siteOf(world, turn.lease.id);
      const now = world.time.now();
      const ids = [...(request.body ?? "").matchAll(/"event_id":"([^"]*)"/g)].flatMap(([, id]) => id ?? []);
      turn.asked = { ids, at: now };
      if (!site) return;
      const { pausedAt, rest, plan, ambush } = site;
      if (ambush?.amid === "request") world.time.after(now % 300, `${plan.id} is paused amid a request`, ambush.strike);
      if (pausedAt !== undefined && turn.lookedAt > pausedAt)
        world.breaks("I8", `${plan.id}: a request ${now - pausedAt} ms after the pause`);
      if (rest && now < rest.until - largestSkewMs && knowsOfRest(rest.turn, turn))
        world.breaks("pace", `${plan.id}: a request ${rest.until - now} ms before Meta wants one`);
      let last = 0;
      for (const id of ids) {
        const event = world.events.get(id);
        const slot = event?.slots.at(-1);
        if (!event || !slot) continue; // Meta will see that it is none of ours
        if (slot.seq <= last && isNewest(turn)) world.breaks("order", `${plan.id} ${slot.seq} goes behind ${last}`);
        last = slot.seq;
        const { unsureSince = now } = event;
        if (now > unsureSince + unsureMs + stallMs)
          world.breaks(
            "I3",
            `${plan.id} ${slot.seq} is sent again ${hours(now - unsureSince)} h after it got no answer`,
          );
      }
    },
    hears(turn, answer) {
      const site = siteOf(world, turn.lease.id);
      const restMs = askedRest(answer);
      if (!site || restMs === 0) return;
      const deadlines = turn.asked.ids.map(
        (id) => (world.events.get(id)?.enteredAt ?? 0) + limits.maxAgeMs - 3_600_000,
      );
      site.rest = { turn, until: Math.min(world.time.now() + restMs, ...deadlines) };
    },
    arrives(turn, startedAt, { dataset, token, events, accepted }) {
      const site = siteOf(world, turn.lease.id);
      if (site?.plan.metaId !== dataset || !token.startsWith(`${site.plan.id} `))
        world.breaks("I4", `a request for ${turn.lease.id} came to ${dataset} with ${token}`);
      const now = world.time.now();
      const receptions: Reception[] = [];
      for (const event of events) {
        const slot = log.slotOf(String(event.event_id));
        if (!slot) {
          world.breaks("I2", `Meta got ${event.event_id}, which is no event of ours`);
          continue;
        }
        const { event: tracked } = slot;
        const name = `${tracked.dataset.id} ${slot.seq}`;
        if (tracked.dataset !== site?.plan) world.breaks("I4", `${name} came with the events of ${turn.lease.id}`);
        const time = typeof event.event_time === "number" ? event.event_time : Number.NaN;
        const oldest = Math.max(now - 7 * day, turn.lookedAt - oldestMs);
        if (!Number.isInteger(time) || time * second > now + 60 * second || time * second < oldest)
          world.breaks("I9", `${name}: its time ${event.event_time} is ${Math.round(now / second - time)} s ago`);
        if (time !== Math.floor(tracked.enteredAt / second)) world.breaks("I2", `${name}: its time has changed`);
        const person = tracked.connection.crm.person({ object: "deal", id: tracked.recordId });
        const lead = person.later ?? person.lead.now();
        const id = event.user_data?.lead_id;
        if (id !== undefined && id !== lead?.leadId) world.breaks("I9", `${name}: lead id ${id}, not ${lead?.leadId}`);
        if (accepted) receptions.push(receive(turn, startedAt, slot, name));
      }
      return receptions;
    },
    advanced(turn, step, from, to, now) {
      const site = siteOf(world, turn.lease.id);
      if (!site) return world.breaks("I4", `${turn.lease.id} is no dataset`);
      const { plan, slots } = site;
      if (to > from) world.movedAt = world.time.now();
      if (step.dispatch?.verdict === "unknown") doubt(turn);
      const dead = new Map((step.dead ?? []).map(({ seq, reason }) => [seq, reason]));
      const aside = new Set(step.aside);
      if (to > slots.length) world.breaks("I6", `${plan.id}: the cursor is at ${to} of ${slots.length}`);
      for (const slot of slots.slice(from, to)) {
        const name = `${plan.id} ${slot.seq}`;
        const reason = dead.get(slot.seq);
        if (reason !== undefined) {
          slot.settled = reason;
          world.saw(`given up ${reason}`);
          if (!causesOf(world, slot, now.getTime()).includes(reason))
            world.breaks("I1", `${name} was given up as ${reason}`);
          if (reason === "refused_again" && slot.asides < limits.asides)
            world.breaks("I1", `${name} was given up after ${slot.asides} other tries`);
        } else if (aside.has(slot.seq)) {
          slot.settled = "aside";
          if (slot.asides > mostAsides) world.breaks("I12", `${name} is set aside for the ${slot.asides + 1}th time`);
        } else {
          slot.settled = "accepted";
          slot.event.notedAt = world.time.now();
          if (slot.event.receptions.length === 0)
            world.breaks("I6", `${plan.id}: the cursor has passed ${slot.seq}, which Meta never took`);
        }
      }
      for (const seq of [...dead.keys(), ...aside])
        if (slots[seq - 1]?.settled === undefined)
          world.breaks("I6", `${plan.id} ${seq} is settled ahead of the cursor`);
      log.follow(site, { again: [...aside].map((seq) => ({ seq })), aside: true });
    },
  };

  /** It is written down that nobody answered this turn's latest request. */
  function doubt({ asked }: Turn): void {
    for (const id of asked.ids) {
      const event = world.events.get(id);
      if (event) event.unsureSince = Math.min(event.unsureSince ?? asked.at, asked.at);
    }
  }

  function isNewest({ lease }: Turn): boolean {
    return world.store.lane(lease.tenantId, "send", lease.id)?.token === lease.token;
  }

  function receive(turn: Turn, startedAt: number, { seq, event }: Slot, name: string): Reception {
    const earlier = event.receptions.at(-1);
    if (earlier && !isExcused(earlier, turn, startedAt, event))
      world.breaks("I3", `${name} was sent again without need`);
    if (!earlier && event.redrivenAt === undefined) {
      // By the first number of each: whoever is set aside keeps the person's later events behind.
      const first = event.slots[0]?.seq ?? 0;
      const overtook = siteOf(world, event.dataset.id)
        ?.slots.slice(first)
        .find((other) => isSameLead(other.event, event) && other === other.event.slots[0] && isReceived(other.event));
      const by = overtook?.event.receptions[0]?.turn;
      // A worker that stood still until its lease was over cannot know that another has gone on.
      if (overtook && by && turn.lease.token >= by.lease.token)
        world.breaks("order", `${name} came behind ${overtook.seq} of the same lead`);
    }
    const reception = { turn, startedAt, seq, lost: false };
    event.receptions.push(reception);
    return reception;
  }
}

/** An event that Meta stumbles over, and what stays behind it, are tried again so often at most. */
const mostAsides = limits.asides + 2;
const hours = (ms: number): string => (ms / 3_600_000).toFixed(1);

/** Whether a worker that begins now can know what another one was told. */
const knowsOfRest = (told: Turn, turn: Turn): boolean =>
  told === turn || (told.ended && !told.excused && turn.lease.token > told.lease.token);

/** Whether Meta may get this event again, after it took it in `earlier`. */
function isExcused(earlier: Reception, turn: Turn, startedAt: number, { notedAt, redrivenAt }: Tracked): boolean {
  // Sent under a lease that was over: the worker had stood still, or the request had been under way for long.
  if (turn.lease.token < earlier.turn.lease.token) return true;
  if (redrivenAt !== undefined && earlier.startedAt <= redrivenAt) return true;
  const superseded = turn.lease.token > earlier.turn.lease.token;
  if (notedAt !== undefined && startedAt > notedAt) return false;
  if (earlier.lost || earlier.turn.excused || turn.excused || !earlier.turn.actor.alive) return true;
  return superseded && !earlier.turn.ended;
}

const isSameLead = (a: Tracked, b: Tracked): boolean =>
  a !== b && a.connection === b.connection && a.recordId === b.recordId;
const isReceived = ({ receptions }: Tracked): boolean => receptions.length > 0;

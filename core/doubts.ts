import { limits } from "./meta/limits.ts";
import type { DeadEvent, Delivery } from "./outbox.ts";
import { deadEvent, type Reply, type Settled } from "./requests.ts";

/**
 * Lone events that Meta did not take, of which nobody knows yet whether it is they or Meta. Those behind them will tell: once
 * Meta takes another, a refused one is given up, and one that Meta stumbled over is set aside to be tried again at the end of
 * its lane. Until then the lane does not move past them.
 */
export class Doubts {
  /** In the order of the lane. */
  #waiting: Doubt[] = [];
  /** In this turn Meta has taken an event, or named what is wrong with one: its refusals are about the events. */
  #trusted = false;
  /** The people whose events were set aside in this turn. */
  readonly #aside = new Set<string>();
  /** Events that an earlier one of the same person, set aside in another turn, follows. */
  #overtaken: ReadonlySet<number> = new Set();

  get some(): boolean {
    return this.#waiting.length > 0;
  }
  /** How many Meta has stumbled over since it took one. */
  get stumbles(): number {
    return this.#waiting.filter(({ kind }) => kind === "stumbled").length;
  }
  /** So many were refused without a word, and none taken: it is our requests that Meta does not like. */
  get unclear(): boolean {
    return !this.#trusted && this.#waiting.filter(({ kind }) => kind === "refused").length >= limits.doubts;
  }

  /** What the lane holds next. */
  page(page: readonly Delivery[]): void {
    if (!page.some(({ asides }) => asides > 0)) return;
    const overtaken = new Set<number>();
    const later = new Map<string, number>();
    for (const delivery of page.toReversed()) {
      const person = personOf(delivery);
      const asides = later.get(person) ?? 0;
      if (person === nobody) continue;
      if (delivery.asides < asides) overtaken.add(delivery.seq);
      else later.set(person, delivery.asides);
    }
    this.#overtaken = overtaken;
  }

  /** Those of a piece that may be sent: an event of somebody who has one in doubt or set aside stays behind it. */
  ready(piece: readonly Delivery[]): readonly Delivery[] {
    const people = new Set(this.#aside);
    for (const { kind, delivery } of this.#waiting) if (kind === "stumbled") people.add(personOf(delivery));
    people.delete(nobody);
    if (people.size === 0 && this.#overtaken.size === 0) return piece;
    const { ready = [], behind = [] } = Object.groupBy(piece, (delivery) =>
      this.#overtaken.has(delivery.seq) || people.has(personOf(delivery)) ? "behind" : "ready",
    );
    this.#add(...behind.map((delivery) => ({ kind: "behind", delivery }) as const));
    return ready;
  }

  /** Meta took these: whoever is in doubt before them was at fault itself. */
  taken(piece: readonly Delivery[]): Settled {
    this.#trusted = true;
    const cursor = piece.at(-1)?.seq ?? 0;
    return { ...this.#settle(({ delivery }) => delivery.seq < cursor), cursor };
  }

  /** Meta refused this lone one. */
  refused(delivery: Delivery, reply: Extract<Reply, { verdict: "refused" }>): Settled {
    if (reply.subcode !== undefined) this.#trusted = true;
    this.#add({ kind: "refused", delivery, dead: deadEvent(delivery, reply.why, reply) });
    return this.#certain(delivery.seq);
  }

  /** Meta stumbled over this lone one. */
  stumbled(delivery: Delivery, reply: Reply): void {
    this.#add({ kind: "stumbled", delivery, dead: deadEvent(delivery, "refused_again", reply) });
  }

  /** These are given up without being sent. */
  givenUp(run: readonly Delivery[], reason: DeadEvent["reason"]): Settled {
    this.#add(...run.map((delivery) => ({ kind: "given_up", delivery, dead: { seq: delivery.seq, reason } }) as const));
    return this.#certain(run.at(-1)?.seq ?? 0);
  }

  /** Nobody is left to tell: what was refused is given up. Not to be asked while Meta stumbles. */
  rest(): Settled {
    return this.#settle(() => true);
  }

  /** What is sure, as far as the turn has come. */
  #certain(upTo: number): Settled {
    return this.#settle(
      ({ kind, delivery }) =>
        delivery.seq <= upTo && (kind === "given_up" || kind === "behind" || (kind === "refused" && this.#trusted)),
    );
  }

  #add(...doubts: readonly Doubt[]): void {
    this.#waiting = [...this.#waiting, ...doubts].sort((a, b) => a.delivery.seq - b.delivery.seq);
  }

  /** Those that wait, up to the first that cannot be settled: the lane moves on in its order. */
  #settle(can: (doubt: Doubt) => boolean): Settled {
    const end = this.#waiting.findIndex((doubt) => !can(doubt));
    const settled = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
    const dead: [Delivery, DeadEvent][] = [];
    const aside: Delivery[] = [];
    for (const doubt of settled) {
      const { delivery, kind } = doubt;
      if (kind !== "behind" && (kind !== "stumbled" || delivery.asides >= limits.asides))
        dead.push([delivery, doubt.dead]);
      else {
        aside.push(delivery);
        this.#aside.add(personOf(delivery));
      }
    }
    const cursor = settled.at(-1)?.delivery.seq;
    return { dead, aside, ...(cursor !== undefined && { cursor }) };
  }
}

type Doubt =
  | { readonly kind: "refused" | "stumbled" | "given_up"; readonly delivery: Delivery; readonly dead: DeadEvent }
  | { readonly kind: "behind"; readonly delivery: Delivery };

/** Whom the event is about: a lead's stages reach Meta in their order. */
const personOf = ({ payload }: Delivery): string => /"user_data":\{[^}]+\}/.exec(payload)?.[0] ?? nobody;
const nobody = "";

import { Failure } from "../../core/errors.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender, type Send } from "../../core/meta/sender.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { Clock, HttpAnswer, HttpRequest } from "../../core/ports.ts";
import { diceOf } from "./chance.ts";
import type { Faults } from "./faults.ts";
import type { AskCrm, ModelCrm } from "./model-crm.ts";
import { limited, oddUsage, strangePage, stumble, temporary, usageOf } from "./model-meta.ts";
import type { Turn } from "./turn.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";
import { type Journey, toStore, type YieldPoint } from "./yield-point.ts";

/** Everything that leads out of one turn: to the store, to its CRM and to Meta. Each use of it is a yield point. */
export interface Wires {
  readonly outbox: Outbox;
  readonly send: Send;
  askCrm(crm: ModelCrm): AskCrm;
  /** Reads what an admin has set. */
  load<T>(look: () => T): Promise<T>;
}

export function wiresOf(
  turn: Turn,
  parts: { yieldPoint: YieldPoint; witness: Witness; world: World; clock: Clock; faults: Faults; wrote: () => void },
): Wires {
  const { yieldPoint, witness, world, faults, wrote } = parts;
  const { actor, lease } = turn;
  const stored = witness.storeFor(turn);
  const through = async <T>(place: string, journey: Journey, effect: () => Promise<T>): Promise<T> => {
    try {
      return await yieldPoint(actor, `${lease.id} ${place}`, journey, effect);
    } catch (error) {
      turn.excused = true;
      throw error;
    }
  };
  const write = <Asked extends readonly unknown[], T>(place: string, call: (...asked: Asked) => Promise<T>) => {
    return (...asked: Asked): Promise<T> =>
      through(place, toStore, async () => {
        turn.lookedAt = world.time.now();
        const answer = await call(...asked);
        wrote();
        return answer;
      });
  };
  return {
    outbox: {
      checkpoint: write("checkpoint", stored.checkpoint),
      known: write("known", stored.known),
      rings: write("rings", stored.rings),
      ring: write("ring", stored.ring),
      keep: write("keep", stored.keep),
      claim: witness.claim,
      read: write("read", stored.read),
      advance: write("advance", stored.advance),
      release: write("release", stored.release),
      redrive: stored.redrive,
    },
    load: (look) => through("load", toStore, async () => look()),
    askCrm: (crm) => (what, answer) => {
      const journey = toCrm(crm, what === "history" ? crm.plan.historyMs : undefined);
      return through(`crm ${what}`, journey, async () => answer(world.time.now()));
    },
    send: createSender({
      fetch: (request) => fetch(request),
      clock: parts.clock,
      origin: "https://meta.example",
      version: "v1",
      partnerAgent: "simulation",
    }),
  };

  function fetch(request: HttpRequest): Promise<HttpAnswer> {
    const { time, meta } = world;
    const startedAt = time.now();
    witness.sending.starts(turn, request);
    const place = `${lease.id} meta`;
    const dice = diceOf(world.plan.seed, `${place} ${lease.token} ${startedAt}`);
    const strikes = (kind: Parameters<Faults["strikes"]>[0]): boolean =>
      faults.strikes(kind, `${place} ${lease.token} ${startedAt - world.plan.startAt}`);
    const late = strikes("meta_late");
    const slow = !late && strikes("meta_slow");
    const thereMs = late ? dice.between(10_500, 40_000) : slow ? dice.between(3_000, 9_500) : dice.between(20, 500);
    const unheard = late || meta.trouble === "silent" || strikes("meta_lost");
    const answered = new Promise<HttpAnswer>((resolve) => {
      if (meta.trouble === "silent" || strikes("meta_unreachable")) return resolve(nothing);
      const instead = strikes("meta_down")
        ? temporary
        : strikes("meta_unknown_error")
          ? stumble
          : strikes("meta_limit")
            ? limited(dice.between(1, 120))
            : undefined;
      const page = !instead && strikes("meta_page");
      const usage = strikes("meta_usage") ? dice.pick([usageOf(85), usageOf(96), usageOf(30, 2), oddUsage]) : undefined;
      time.after(thereMs, `${place} arrives`, () => {
        if (instead) return resolve(instead);
        const received = meta.receive(request, time.now());
        const receptions = witness.sending.arrives(turn, startedAt, received);
        for (const reception of receptions) reception.lost = unheard || page;
        const headers = { ...meta.usage, ...usage };
        resolve(page ? strangePage : { ...received.answer, headers: { ...received.answer.headers, ...headers } });
      });
    });
    if (unheard)
      return through("waits for meta", { ms: [limits.requestMs / 2, limits.requestMs / 2] }, async () => {
        throw new Failure("network_no_answer");
      });
    return through("meta", { ms: [0, 20] }, async () => {
      const answer = await answered;
      if (answer === nothing) throw new Failure("network_unreachable");
      return answer;
    }).then((answer) => {
      witness.sending.hears(turn, answer);
      return answer;
    });
  }
}

const nothing: HttpAnswer = { status: 0, headers: {}, text: "" };

const toCrm = (crm: ModelCrm, most = 300): Journey => ({
  ms: [20, most],
  befall: (strikes, dice) => {
    if (crm.trouble === "revoked") return { failure: new Failure("crm_disconnected") };
    if (crm.trouble === "outage" || strikes("crm_down")) return { failure: new Failure("crm_unavailable") };
    if (strikes("crm_stale")) return { failure: new Failure("crm_token_stale") };
    if (strikes("crm_no_answer")) return { failure: new Failure("network_no_answer"), slowerMs: 10_000 };
    return strikes("crm_limit")
      ? { failure: new Failure("crm_limit", "", { retryAt: new Date(dice.between(1, 90) * 1000) }) }
      : undefined;
  },
});

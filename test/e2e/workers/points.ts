import { subscribe } from "node:diagnostics_channel";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { isFailure } from "../../../core/errors.ts";
import type { Send } from "../../../core/meta/sender.ts";
import type { Lease, Outbox } from "../../../core/outbox.ts";
import type { Write } from "./journal.ts";

/**
 * The named points of a worker's way. `during`: the database or Meta was asked and has not answered yet; `after`: it has
 * answered, and the worker has not seen it.
 */
export const points: readonly string[] = [
  ...["claim read", "claim send", "keep", "send", "advance", "release read", "release send"].flatMap((step) =>
    ["before", "during", "after"].map((when) => `${step}:${when}`),
  ),
  "rings:after",
  "known:after",
  "read:after",
];

/** What is to happen at which point, on coming there for the how-manieth time. */
export interface Trap {
  readonly point: string;
  readonly nth: number;
  readonly signal: "SIGKILL" | "SIGSTOP";
}

/** The store and the way to Meta, noted in the journal and with traps in them, one set after the other. */
export function trapped(traps: readonly Trap[], write: Write): { outbox(of: Outbox): Outbox; send(of: Send): Send } {
  const later = [...traps];
  let trap = later.shift();
  let visits = 0;
  let underWay = 0;
  let halt: Promise<void> | undefined;
  const sprung = (point: string): Trap | undefined => {
    if (point !== trap?.point) return undefined;
    visits += 1;
    if (visits < trap.nth) return undefined;
    const found = trap;
    [trap, visits] = [later.shift(), 0];
    return found;
  };
  const fall = ({ point, signal }: Trap): void => {
    write({ what: signal === "SIGKILL" ? "crashes" : "stops", point });
    process.kill(process.pid, signal);
    write({ what: "goes on", point });
  };
  /** Stops when nothing is under way, so that none of its transactions stays open meanwhile. */
  const sleep = async (found: Trap): Promise<void> => {
    while (underWay > 0) await turn();
    fall(found);
    halt = undefined;
  };
  const here = async (point: string): Promise<void> => {
    const found = sprung(point);
    if (found?.signal === "SIGKILL") fall(found);
    else if (found) halt = sleep(found);
    await halt;
  };
  /** A call with its three points; `during` comes at any moment of its first milliseconds. */
  const step = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    await here(`${name}:before`);
    underWay += 1;
    const answer = call().finally(() => {
      underWay -= 1;
    });
    if (trap?.point === `${name}:during`) {
      answer.catch(() => {}); // whoever waits for it below hears of it
      await pause(Math.random() * 3);
      await here(`${name}:during`);
    }
    const seen = await answer;
    await here(`${name}:after`);
    return seen;
  };
  const noted = async <T>(name: string, { kind, id, token }: Lease, call: () => Promise<T>): Promise<T> => {
    const about = { write: name, lane: `${kind} ${id}`, token };
    write({ what: "begins", ...about });
    try {
      const answer = await call();
      write({ what: "done", ...about });
      return answer;
    } catch (error) {
      if (isFailure(error, "lease_lost")) write({ what: "void", ...about });
      throw error;
    }
  };
  return {
    outbox: (of) => ({
      ...of,
      rings: (...asked) => step("rings", () => of.rings(...asked)),
      known: (...asked) => step("known", () => of.known(...asked)),
      read: (...asked) => step("read", () => of.read(...asked)),
      async claim(kind, now, limit, leaseMs) {
        return await step(`claim ${kind}`, async () => {
          const leases = await of.claim(kind, now, limit, leaseMs);
          for (const { id, token } of leases) write({ what: "claimed", lane: `${kind} ${id}`, token });
          return leases;
        });
      },
      keep: (lease, kept, now) => step("keep", () => noted("keep", lease, () => of.keep(lease, kept, now))),
      advance: (lease, change, now) =>
        step("advance", () => noted("advance", lease, () => of.advance(lease, change, now))),
      release: (lease, next, now) =>
        step(`release ${lease.kind}`, () => noted("release", lease, () => of.release(lease, next, now))),
    }),
    send: (of) => {
      if (traps.some(({ point }) => point === "send:during"))
        subscribe("undici:request:bodySent", () => {
          const found = sprung("send:during");
          if (found) fall(found);
        });
      return async (destination, payloads) => {
        await here("send:before");
        const verdict = await of(destination, payloads);
        await here("send:after");
        return verdict;
      };
    },
  };
}

import { isFailure } from "../../core/errors.ts";
import { isHeld } from "./unavailable.ts";

export interface Gathering<Call> {
  /** What goes in one question at most, by weight; a call that weighs more goes by itself. */
  readonly most?: number;
  /** Absent: each weighs 1. */
  readonly weigh?: (call: Call) => number;
  /**
   * Names of the rows that a call writes: calls that share one never go together, since a statement writes a row once; and they
   * go in the order of the first, so that two questions never wait for each other.
   */
  readonly rows?: (call: Call) => readonly string[];
  /** Questions under way at the same time. */
  readonly atOnce?: number;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (why: unknown) => void;
}

/**
 * One question for what many ask at the same moment: calls gather while those before them are under way, then go together. Nobody
 * waits for company, so a lone call goes at once. A call whose question fails is asked again by itself, so that each failure
 * stays its own, unless it is the database that is away.
 *
 * @param ask answers every call, in their order; for one alone it throws what is wrong with it
 */
export function gather<Call, Answer>(
  ask: (calls: readonly Call[]) => Promise<readonly Answer[]>,
  { most = 64, weigh = () => 1, rows = () => [], atOnce = 2 }: Gathering<Call> = {},
): (call: Call) => Promise<Answer> {
  let waiting: Waiting<Call, Answer>[] = [];
  let underWay = 0;
  let planned = false;

  /** Once everybody who runs in this moment has had a turn to ask. */
  function plan(): void {
    if (planned || underWay >= atOnce || waiting.length === 0) return;
    planned = true;
    setImmediate(go);
  }

  function go(): void {
    planned = false;
    underWay += 1;
    void answer(take()).finally(() => {
      underWay -= 1;
      plan();
    });
    plan();
  }

  /** The first of those that wait, as many as go together; the others keep their order. */
  function take(): readonly Waiting<Call, Answer>[] {
    const taken: Waiting<Call, Answer>[] = [];
    const left: Waiting<Call, Answer>[] = [];
    const written = new Set<string>();
    let weight = 0;
    for (const one of waiting) {
      const own = rows(one.call);
      weight += weigh(one.call);
      const goes = (taken.length === 0 || weight <= most) && !own.some((row) => written.has(row));
      for (const row of own) written.add(row);
      (goes ? taken : left).push(one);
    }
    waiting = left;
    return taken.length > 1 ? taken.sort((a, b) => compare(rows(a.call)[0], rows(b.call)[0])) : taken;
  }

  async function answer(together: readonly Waiting<Call, Answer>[]): Promise<void> {
    try {
      const answers = await ask(together.map(({ call }) => call));
      for (const [n, { resolve }] of together.entries()) resolve(answers[n] as Answer);
    } catch (error) {
      const away = isFailure(error, "store_unavailable") && !isHeld(error);
      if (away || together.length === 1) for (const { reject } of together) reject(error);
      else for (const one of together) await answer([one]);
    }
  }

  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      plan();
    });
}

const compare = (a = "", b = ""): number => (a < b ? -1 : a > b ? 1 : 0);

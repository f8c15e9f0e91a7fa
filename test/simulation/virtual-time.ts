import { numberOf } from "./chance.ts";

/** The only clock and the only queue of a history: what happens next is what is due first, and nothing else. */
export interface VirtualTime {
  /** Milliseconds since 1970, as the world (not any one machine) has it. */
  now(): number;
  /** `label` goes into the trace. */
  at(ms: number, label: string, happen: () => void): void;
  after(ms: number, label: string, happen: () => void): void;
  /** Lets happen what is due until then, or until somebody stops it or nothing is left. */
  run(until: number): Promise<void>;
  stop(): void;
  steps(): number;
  /** Of everything that has happened, in its order: two histories are the same when their traces are. */
  trace(): string;
}

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly label: string;
  readonly happen: () => void;
}

/** Everything that the last happening set going has come to its next await. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createVirtualTime(startAt: number): VirtualTime {
  const heap: Happening[] = [];
  let now = startAt;
  let order = 0;
  let steps = 0;
  let [high, low] = [0, 0];
  let stopped = false;

  const before = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (item: Happening): void => {
    let place = heap.push(item) - 1;
    while (place > 0) {
      const up = (place - 1) >> 1;
      const parent = heap[up];
      if (!parent || before(parent, item)) break;
      heap[place] = parent;
      place = up;
    }
    heap[place] = item;
  };
  const pop = (): Happening | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const child = right && left && before(right, left) ? 2 * place + 2 : 2 * place + 1;
      const least = heap[child];
      if (!least || before(last, least)) break;
      heap[place] = least;
      place = child;
    }
    heap[place] = last;
    return first;
  };
  const at = (ms: number, label: string, happen: () => void): void =>
    push({ at: Math.max(now, ms), order: order++, label, happen });

  return {
    now: () => now,
    at,
    after: (ms, label, happen) => at(now + ms, label, happen),
    stop: () => {
      stopped = true;
    },
    steps: () => steps,
    trace: () => (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0"),
    async run(until) {
      for (let next = heap[0]; next && next.at <= until && !stopped; next = heap[0]) {
        pop();
        now = next.at;
        steps += 1;
        high = numberOf(next.label, high ^ now);
        low = numberOf(next.label, (low + high + Math.floor(now / 4_294_967_296)) | 0);
        next.happen();
        await settled();
      }
      if (!stopped) now = Math.max(now, until);
    },
  };
}

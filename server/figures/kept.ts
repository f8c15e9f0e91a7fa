import type { Clock } from "../../core/ports.ts";

interface Counted<Value> {
  readonly value: Value;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
}

/** What is counted more quickly than this is counted whenever somebody asks. */
const costlyMs = 300;
/** A costly figure may be as many times as old as it took to count: so counting takes a twentieth of one connection's time. */
const times = 20;
const freshAtMostMs = 60_000;
/** Up to this age a costly figure is shown, with its instant, while a newer one is counted. */
const shownAtMostMs = 10 * 60_000;
const room = 500;

/**
 * Counts each figure once for all who ask at the same time, and keeps those that are costly for a while. `stopwatch`:
 * milliseconds since any moment.
 */
export function keptFigures<Value>(
  clock: Clock,
  stopwatch: () => number = () => performance.now(),
): (key: string, count: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, Counted<Value>>();
  const underWay = new Map<string, Promise<Value>>();

  async function counted(key: string, count: () => Promise<Value>): Promise<Value> {
    const at = clock.now().getTime();
    const started = stopwatch();
    try {
      const value = await count();
      kept.delete(key); // so that it is the newest
      const tookMs = stopwatch() - started;
      if (tookMs >= costlyMs) kept.set(key, { value, at, tookMs });
      const [oldest] = kept.keys();
      if (kept.size > room && oldest !== undefined) kept.delete(oldest);
      return value;
    } finally {
      underWay.delete(key);
    }
  }

  return async (key, count) => {
    const last = kept.get(key);
    const age = last ? clock.now().getTime() - last.at : 0;
    if (last && age < Math.min(freshAtMostMs, times * last.tookMs)) return last.value;
    const running = underWay.get(key) ?? counted(key, count);
    underWay.set(key, running);
    if (!last || age >= shownAtMostMs) return await running;
    running.catch(() => {}); // Whoever asks next counts again, and is told.
    return last.value;
  };
}

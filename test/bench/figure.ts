/** One measured figure. `target` is what it should at least be, or at most where `atMost` is set. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly atMost?: boolean;
  /** Why it was not measured; the value means nothing then. */
  readonly skipped?: string;
}

export const met = ({ value, target, atMost, skipped }: Figure): boolean | null =>
  target === undefined || skipped !== undefined ? null : atMost ? value <= target : value >= target;

export const skipped = (figure: string, why: string): Figure => ({ figure, value: Number.NaN, unit: "", skipped: why });

/** CPU time of this process spent in `work`, in microseconds, and the wall time in milliseconds. */
export async function cost(work: () => Promise<void>): Promise<{ cpuUs: number; ms: number }> {
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: user + system, ms: performance.now() - started };
}

/** The value below which this share (0 to 1) of them lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Significant digits that are worth printing; counts stay whole. */
export const round = (value: number): number =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? value : Number(value.toPrecision(3));

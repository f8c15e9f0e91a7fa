/** One measured figure. `target` is what it should at least be, or at most where `atMost` is set. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly atMost?: boolean;
}

export const met = ({ value, target, atMost }: Figure): boolean | null =>
  target === undefined ? null : atMost ? value <= target : value >= target;

/** CPU time of this process spent in `work`, in microseconds, and the wall time in milliseconds. */
export async function cost(work: () => Promise<void>): Promise<{ cpuUs: number; ms: number }> {
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: user + system, ms: performance.now() - started };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Significant digits that are worth printing. */
export const round = (value: number): number => Number(value.toPrecision(3));

import progress from "cli-progress";

export interface Bar {
  update(done: number, rows: number): void;
  stop(): void;
}

/** A progress bar with rate and time left; where nobody watches a terminal, a line now and then. */
export function createBar(name: string, total: number): Bar {
  const bar = new progress.SingleBar(
    {
      format: `${name} {bar} {percentage}% | {rows} rows | {rate} rows/s | {eta_formatted} left`,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 2_000,
      etaBuffer: 50,
      fps: 8,
    },
    progress.Presets.shades_classic,
  );
  const started = performance.now();
  bar.start(total, 0, { rows: "0", rate: "0" });
  return {
    update(done, rows) {
      const seconds = (performance.now() - started) / 1000;
      bar.update(done, {
        rows: rows.toLocaleString("en"),
        rate: Math.round(rows / Math.max(seconds, 0.001)).toLocaleString("en"),
      });
    },
    stop: () => bar.stop(),
  };
}

import { collectDefaultMetrics, Registry } from "prom-client";
import { isFailure } from "../../core/errors.ts";
import type { Log, Tell } from "../../core/ports.ts";
import { within } from "../within.ts";
import { countFacts } from "./facts.ts";
import { type OwnFigures, showGauges, showOwnGauges } from "./gauges.ts";
import type { LaneFigures } from "./lane-figures.ts";

export interface Metrics {
  readonly registry: Registry;
  /** Where the flow reports to. */
  readonly tell: Tell;
}

export interface MetricsParts extends OwnFigures {
  /** Asks the database; without it there are no figures of lanes. */
  readonly lanes?: () => Promise<LaneFigures>;
  readonly log?: Log;
  /** How long an answer of the database serves, however often we are scraped, and how long we wait for one. */
  readonly freshMs?: number;
  readonly patienceMs?: number;
}

/** The figures that machines scrape (docs/operations/README.md). No label ever names a tenant. */
export function createMetrics(parts: MetricsParts = {}): Metrics {
  const { lanes, log, freshMs = 5_000, patienceMs = 4_000, ...own } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const tell = countFacts(registry);
  if (lanes) showGauges(registry, remembered(lanes, { freshMs, patienceMs, ...(log && { log }) }));
  showOwnGauges(registry, own);
  return { registry, tell };
}

/** One question at a time, asked again once its answer is old. Undefined while the database does not answer. */
function remembered(
  ask: () => Promise<LaneFigures>,
  { freshMs, patienceMs, log }: { freshMs: number; patienceMs: number; log?: Log },
): () => Promise<LaneFigures | undefined> {
  let known: LaneFigures | undefined;
  let freshUntil = 0;
  let blind = false;
  let underWay: Promise<LaneFigures | undefined> | undefined;
  const look = async (): Promise<LaneFigures | undefined> => {
    const from = performance.now();
    try {
      known = await ask();
      blind = false;
    } catch (error) {
      known = undefined;
      // `stagewire_database_up` tells it at every scrape; the log hears of it once.
      if (!blind) log?.warn(`No figures from the database: ${isFailure(error) ? error.message : "unknown fault"}`);
      blind = true;
    }
    const now = performance.now();
    // A question that costs more than a tenth of a second is asked the less often, down to a twelfth.
    freshUntil = now + freshMs * Math.min(12, Math.max(1, (now - from) / 100));
    underWay = undefined;
    return known;
  };
  return async () => {
    if (performance.now() < freshUntil) return known;
    underWay ??= look();
    return await within(patienceMs, underWay);
  };
}

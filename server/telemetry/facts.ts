import { Counter, Histogram, type Registry } from "prom-client";
import type { Tell } from "../../core/ports.ts";
import { refusals } from "../../core/problems.ts";

const minute = 60;
const hour = 3_600;
const day = 86_400;
/** From a push that leaves at once to an event that waited until its last hour. */
const journey = [
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  minute,
  5 * minute,
  15 * minute,
  hour,
  6 * hour,
  day,
  3 * day,
  7 * day,
];

/** Counts what it is told. Labels are codes of the catalogue and names of connectors: their number is small and fixed. */
export function countFacts(registry: Registry): Tell {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram({ name, help, buckets, labelNames, registers });

  const requests = counter("stagewire_meta_requests_total", "Requests to Meta, by what became of them.", [
    "verdict",
    "why",
  ]);
  const requestSeconds = histogram(
    "stagewire_meta_request_seconds",
    "How long a request to Meta took.",
    [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 30],
    ["verdict"],
  );
  const requestEvents = histogram(
    "stagewire_meta_request_events",
    "Events in a request to Meta.",
    [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
  );
  const settled = counter("stagewire_events_settled_total", "Events that left their lane for good.", ["as", "why"]);
  // A rate is seen from the first event on only where the count began at nothing.
  settled.inc({ as: "accepted", why: "" }, 0);
  for (const why of Object.keys(refusals)) settled.inc({ as: "refused", why }, 0);
  const lag = histogram(
    "stagewire_event_lag_seconds",
    "From the CRM's time of the change to Meta's acceptance.",
    journey,
  );
  const dwell = histogram("stagewire_event_dwell_seconds", "From our keeping an event to its being settled.", journey, [
    "as",
  ]);
  const kept = counter("stagewire_entries_kept_total", "Stage entries read and decided: an event, or why not.", [
    "connector",
    "outcome",
  ]);
  const waits = counter("stagewire_lane_waits_total", "Times that a lane was put off or paused.", ["lane", "why"]);
  const compared = counter("stagewire_reconciliations_total", "Comparisons with a CRM that came to their end.", [
    "connector",
  ]);
  const seen = counter("stagewire_reconciled_entries_total", "Stage entries that such comparisons saw.", ["connector"]);
  const missed = counter("stagewire_reconciled_missed_total", "Stage entries that only a comparison brought.", [
    "connector",
  ]);

  return (fact) => {
    switch (fact.fact) {
      case "request":
        requests.inc({ verdict: fact.verdict, why: fact.why ?? "" });
        requestSeconds.observe({ verdict: fact.verdict }, seconds(fact.tookMs));
        requestEvents.observe(fact.events);
        break;
      case "settled":
        settled.inc({ as: fact.as, why: fact.why ?? "" });
        if (fact.as === "accepted") lag.observe(seconds(fact.lagMs));
        dwell.observe({ as: fact.as }, seconds(fact.dwellMs));
        break;
      case "kept":
        for (const [outcome, count] of Object.entries(fact.outcomes))
          kept.inc({ connector: fact.connector, outcome }, count);
        break;
      case "waits":
        waits.inc({ lane: fact.lane, why: fact.why });
        break;
      case "reconciled":
        compared.inc({ connector: fact.connector });
        seen.inc({ connector: fact.connector }, fact.seen);
        missed.inc({ connector: fact.connector }, fact.missed);
    }
  };
}

/** Two clocks may differ: an event that Meta took before its time came took no time. */
const seconds = (ms: number): number => Math.max(0, ms) / 1_000;

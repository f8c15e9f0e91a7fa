import type { Broken } from "./broken.ts";
import type { Bug } from "./bug.ts";
import { createFaults } from "./faults.ts";
import { operate, resume } from "./operations.ts";
import type { Plan } from "./plan.ts";
import { planOf } from "./planning.ts";
import { type Process, startProcess } from "./process.ts";
import { createWitness } from "./witness.ts";
import { createWorld } from "./world.ts";
import { createYieldPoint } from "./yield-point.ts";

export interface SimulateOptions {
  readonly bug?: Bug;
  /** The operations that happen, by their place in the plan; absent: all. */
  readonly operations?: ReadonlySet<number>;
  /** The faults that may strike, as `kind@place`; absent: all. */
  readonly faults?: ReadonlySet<string>;
  /** A plan of one's own instead of the seed's. */
  readonly plan?: Plan;
}

export interface History {
  readonly seed: number;
  /** The same for the same history. */
  readonly trace: string;
  readonly steps: number;
  readonly broken: readonly Broken[];
  /** `kind@place` of each fault that struck. */
  readonly struck: readonly string[];
  readonly operations: number;
  readonly events: number;
  readonly accepted: number;
  readonly expired: number;
  /** How often something happened that a test wants to have seen. */
  readonly seen: ReadonlyMap<string, number>;
  /** Virtual milliseconds from the last fault until everything was settled. */
  readonly settledAfterMs: number;
  /** The same, until the last lane had moved to its end. */
  readonly drainedAfterMs: number;
}

const minute = 60_000;
/** Once nothing fails any more: the longest backoff, a lease, an event 15 minutes ahead and the clocks' difference. */
const patienceMs = 75 * minute;
/** Until a comparison with the CRM has come to everything: each night. */
const nightMs = 26 * 60 * minute;

/** One seed, one history: a world is made, things happen in it and go wrong, then it is left alone and must come to rest. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<History> {
  const plan = options.plan ?? options.bug?.plan?.(seed) ?? planOf(seed);
  const world = createWorld(plan);
  const { time, store } = world;
  const witness = createWitness(world);
  const faults = createFaults(seed, plan.faults, options.faults);
  const yieldPoint = createYieldPoint(seed, time, faults);
  const plant = options.bug?.plant() ?? {};
  const machines = plan.skewsMs.map((skewMs, n) => {
    let process: Process | undefined;
    let generation = 0;
    const start = (downMs: number): void =>
      time.after(downMs, `process ${n} starts`, () => {
        generation += 1;
        const parts = {
          world,
          witness,
          yieldPoint,
          plant,
          faults,
          wrote: rouse,
          died: () => start(downFor(generation)),
        };
        process = startProcess(`process ${n}.${generation}`, skewMs, parts);
        process.rouse();
      });
    const downFor = (times: number): number => nextDownMs ?? (times * 977) % 20_000;
    let nextDownMs: number | undefined;
    start(0);
    return {
      get process() {
        return process;
      },
      kill(forMs: number) {
        nextDownMs = forMs;
        process?.die();
        nextDownMs = undefined;
      },
    };
  });
  const rouse = (): void => {
    for (const { process } of machines) process?.rouse();
  };

  const outbox = plant.outbox?.(witness.operators, store) ?? witness.operators;
  for (const [n, operation] of plan.operations.entries()) {
    if (options.operations && !options.operations.has(n)) continue;
    const happen = (): void => operate(operation, { world, witness, faults, outbox, processes: machines, rouse });
    if (operation.at <= plan.startAt) happen();
    else time.at(operation.at, operation.kind, happen);
  }
  await time.run(plan.calmAt);
  faults.end();
  const longestPollMs = Math.max(...plan.connections.map(({ pollEveryMs }) => pollEveryMs));
  const patience = (plan.patienceMs ?? patienceMs) + 2 * longestPollMs;
  const until = plan.calmAt + nightMs + patience;
  let since = time.now();
  let waits: ReturnType<typeof witness.unsettled> = { what: "calm", patient: false };
  while (waits && world.broken.length === 0) {
    if (waits.patient) since = time.now();
    if (time.now() - since >= patience || time.now() >= until) {
      world.breaks("I12", waits.what);
      break;
    }
    mend();
    await time.run(time.now() + minute);
    waits = witness.unsettled();
  }
  if (world.broken.length === 0) witness.sumUp();
  return {
    seed,
    trace: time.trace(),
    steps: time.steps(),
    broken: world.broken,
    struck: faults.struck,
    operations: plan.operations.length,
    events: world.events.size,
    accepted: [...world.events.values()].filter(({ receptions }) => receptions.length > 0).length,
    expired: world.seen.get("given up expired") ?? 0,
    seen: world.seen,
    settledAfterMs: time.now() - plan.calmAt,
    drainedAfterMs: Math.max(0, world.movedAt - plan.calmAt),
  };

  /** An admin who looks once a minute and connects again what has paused itself. */
  function mend(): void {
    for (const lane of store.lanes()) {
      if (lane.paused === undefined) continue;
      const site = [...world.datasets.values()].find(({ plan: { id } }) => id === lane.id);
      if (site) resume(world, site);
      else store.resumeLane(lane.tenantId, lane.kind, lane.id, new Date(time.now()));
    }
    rouse();
  }
}

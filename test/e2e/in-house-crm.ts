import { setTimeout as pause } from "node:timers/promises";
import type { Product } from "./product.ts";
import { newLeadId, type Push, push, type TrueEntry } from "./stage-changes.ts";

/** A CRM of one's own that pushes batch after batch, and each again and again until it is acknowledged. */
export interface InHouseCrm {
  /** Every change that was acknowledged, oldest first. */
  readonly acknowledged: readonly Push[];
  /** How often a batch had to go again. */
  readonly retries: number;
  /** Answers that were no acknowledgement, by status. */
  readonly refusals: ReadonlyMap<number, number>;
  /** Has what it has begun acknowledged, then stops. */
  stop(): Promise<void>;
  /** Stops at once. */
  abandon(): Promise<void>;
}

/** Several starts of a product and a database that were killed, on a busy machine. */
const patienceMs = 90_000;
const paths = [
  ["Prospecting", "Engaging", "Won"],
  ["Prospecting", "Won"],
  ["Prospecting", "Lost"],
  ["Engaging", "Prospecting", "Engaging", "Won"],
] as const;

export function startInHouseCrm(product: Product, random: () => number): InHouseCrm {
  const acknowledged: Push[] = [];
  const refusals = new Map<number, number>();
  const open: { id: string; stages: string[] }[] = [];
  let retries = 0;
  let [stopping, abandoned] = [false, false];

  const change = ({ id, stages }: (typeof open)[number]): Push => ({
    id: `change-${id}-${stages.length}`,
    record_id: id,
    pipeline: "sales",
    stage: stages.shift() ?? "Won",
    occurred_at: new Date().toISOString(),
    lead_id: id,
    contact: { email: `lead.${id}@example.com` },
  });
  const batch = (): Push[] => {
    for (let arriving = 5; arriving > 0; arriving -= 1)
      open.push({ id: newLeadId(), stages: [...(paths[Math.floor(random() * paths.length)] ?? paths[0])] });
    const moved = open.filter(({ stages }) => stages.length > 0 && random() < 0.4);
    const pushes = moved.map(change);
    open.splice(0, open.length, ...open.filter(({ stages }) => stages.length > 0));
    return pushes;
  };
  const taken = async (pushes: readonly Push[]): Promise<boolean> => {
    const answer = await push(product, "stage-changes", pushes).catch(() => undefined); // nobody there
    if (!answer) return false;
    if (answer.status !== 202) {
      refusals.set(answer.status, (refusals.get(answer.status) ?? 0) + 1);
      return false;
    }
    const body = await answer.json().catch(() => undefined); // killed in the middle of the answer
    const { accepted = 0, duplicates = 0 } = (body ?? {}) as { accepted?: number; duplicates?: number };
    return accepted + duplicates === pushes.length;
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      const pushes = batch();
      const giveUpAt = performance.now() + patienceMs;
      while (pushes.length > 0 && !(await taken(pushes))) {
        if (abandoned) return;
        if (performance.now() > giveUpAt)
          throw new Error(
            `a batch was not acknowledged in ${patienceMs / 1000} s; so far answered: ${JSON.stringify([...refusals])}`,
          );
        retries += 1;
        await pause(50);
      }
      acknowledged.push(...pushes);
      await pause(100);
    }
  };
  const running = run();
  running.catch(() => {}); // whoever stops us hears of it
  return {
    acknowledged,
    refusals,
    get retries() {
      return retries;
    },
    async stop() {
      stopping = true;
      await running;
    },
    async abandon() {
      stopping = abandoned = true;
      await running.catch(() => {}); // another error is on its way already
    },
  };
}

/** As the simulated CRMs tell their history. */
export const historyOf = ({ acknowledged }: InHouseCrm): readonly TrueEntry[] =>
  acknowledged.map(({ record_id, pipeline, stage, occurred_at, lead_id }) => ({
    object: "lead",
    id: record_id,
    pipeline,
    stage,
    enteredAt: occurred_at,
    metaLeadId: lead_id ?? null,
  }));

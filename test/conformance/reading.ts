import assert from "node:assert/strict";
import type { Page } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { StageObservation } from "../../core/types.ts";
import { type AnyWorld, entryKey, type Playground, type TrueEntry } from "./world.ts";

/** Reads to the end; the vendor's own index may lag, so the product and the suite both poll again. */
export async function readAll(pages: AsyncIterable<Page<unknown>>): Promise<Read> {
  const observations: StageObservation[] = [];
  let checkpoint: unknown;
  let caughtUp = false;
  let count = 0;
  for await (const page of pages) {
    assert.ok(!caughtUp, "a page came after the one that said caughtUp");
    observations.push(...page.observations);
    ({ checkpoint, caughtUp } = page);
    count += 1;
    assert.ok(count < 2000, "reading does not end");
  }
  assert.ok(caughtUp, "the last page must say caughtUp");
  return { observations, checkpoint, pages: count };
}
export interface Read {
  readonly observations: readonly StageObservation[];
  readonly checkpoint: unknown;
  readonly pages: number;
}

/** The checkpoint as the store gives it back. */
export const stored = (world: AnyWorld, checkpoint: unknown): unknown =>
  world.connector.checkpoint.parse(JSON.parse(JSON.stringify(checkpoint)));

/** What a store remembers of what was read: tells whether an observation is news. */
export function ledger() {
  const known = new Set<string>();
  return {
    /** The observations that were not known yet. */
    take(observations: readonly StageObservation[]): StageObservation[] {
      return observations.filter((observation) => {
        const key = entryKey(observation);
        return !known.has(key) && known.add(key);
      });
    },
  };
}

/** A world whose baseline is read: what follows is change. */
export async function baselined(world: AnyWorld) {
  const book = ledger();
  const { checkpoint } = await readAll(world.connector.baseline(world.access, undefined)).then((read) => {
    book.take(read.observations);
    return read;
  });
  let at = stored(world, checkpoint);
  return {
    get checkpoint() {
      return at;
    },
    /** One poll; what it brought that is news. */
    async poll(): Promise<StageObservation[]> {
      const read = await readAll(world.connector.changes(world.access, at));
      at = stored(world, read.checkpoint);
      return book.take(read.observations);
    },
  };
}

/** Reads one page, dies, and goes on from the stored checkpoint, until caught up. */
export async function dyingAfterEachPage(
  world: AnyWorld,
  open: (checkpoint: unknown) => AsyncIterable<Page<unknown>>,
  first?: unknown,
): Promise<Read> {
  const observations: StageObservation[] = [];
  let checkpoint = first;
  for (let pages = 1; pages < 500; pages += 1) {
    let caughtUp = false;
    for await (const page of open(checkpoint)) {
      observations.push(...page.observations);
      checkpoint = stored(world, page.checkpoint);
      caughtUp = page.caughtUp;
      break;
    }
    if (caughtUp) return { observations, checkpoint, pages };
  }
  return assert.fail("reading one page at a time does not end");
}

/** Whether the CRM keeps history, so that every entry is told with its own time. */
export const exact = (world: AnyWorld): boolean => world.connector.manifest.can.history === "full";

export const playground = (world: AnyWorld): Playground => world.playgrounds[0];

export const stagesOf = (observations: readonly StageObservation[], { object, id }: { object: string; id: string }) =>
  observations
    .filter(({ record }) => record.object === object && record.id === id)
    .toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime())
    .map(({ stageId }) => stageId);

/** Every true entry of exact readers is there; of the others each record's last stage. */
export function assertCovers(world: AnyWorld, observations: readonly StageObservation[], truth: readonly TrueEntry[]) {
  assert.ok(truth.length > 0, "the check saw nothing");
  const exactly = exact(world);
  const seen = new Set(observations.map(exactly ? entryKey : (o) => `${o.record.object}|${o.record.id}`));
  const missing = truth
    .map(exactly ? entryKey : (t) => `${t.record.object}|${t.record.id}`)
    .filter((key) => !seen.has(key));
  assert.deepEqual(missing.slice(0, 5), [], `${missing.length} of ${truth.length} true entries were not read`);
}

export async function assertFails(
  call: Promise<unknown>,
  code: string,
): Promise<Error & { retryAt?: Date | undefined }> {
  try {
    await call;
  } catch (error) {
    assert.ok(isFailure(error), `threw something that is no Failure: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`did not fail; expected ${code}`);
}

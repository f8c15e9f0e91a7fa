import { describe, expect, test } from "vitest";
import type { Connector } from "../../core/connector.ts";
import { checks } from "./checks.ts";
import type { AnyWorld, Check } from "./world.ts";

/** Opens a fresh world: a simulator on real ports with nothing moving by itself, and an access to one account of it. */
export type SetUp = () => Promise<AnyWorld>;

/**
 * What every connector must keep, run against its simulator. With `broken`, the same checks are also run against spoilt
 * versions of the connector, and each must be caught by the check named for it: the proof that the checks can fail.
 */
export function connectorConformance(name: string, setUp: SetUp, broken: readonly Broken[] = []): void {
  describe(`${name} as a connector`, () => {
    for (const check of checks)
      test(check.name, async (context) => {
        const world = await setUp();
        try {
          if (check.needs !== undefined && world[check.needs] === undefined) context.skip();
          await check.run(world);
        } finally {
          await world.close();
        }
      });
  });

  describe.runIf(broken.length > 0)(`the suite, when ${name} is spoilt,`, () => {
    for (const { sentence, caughtBy, spoil } of broken)
      test(`catches one that ${sentence}`, async () => {
        const check = checks.find((candidate) => candidate.name === caughtBy);
        if (!check) throw new Error(`no check is called "${caughtBy}"`);
        const world = await setUp();
        try {
          await expect(check.run(spoilt(world, spoil)), `"${caughtBy}" did not notice`).rejects.toThrow();
        } finally {
          await world.close();
        }
      });
  });
}

// biome-ignore lint/suspicious/noExplicitAny: spoils any connector, whatever its Config and Checkpoint.
type Spoil = (connector: Connector<any, any>) => Connector<any, any>;
export interface Broken {
  /** Completes "catches one that …". */
  readonly sentence: string;
  readonly caughtBy: Check["name"];
  readonly spoil: Spoil;
}

const spoilt = (world: AnyWorld, spoil: Spoil): AnyWorld => ({ ...world, connector: spoil(world.connector) });

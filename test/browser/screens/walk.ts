import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { flaws } from "./looks.ts";
import { arrive, complaintsOf, type Screen, settled, stand } from "./screen.ts";

/** Goes to each of these screens in each of its states. */
export function walk(screens: readonly Screen[]): void {
  const { server, open } = openConsole();
  let visit: Visit;
  beforeAll(async () => {
    visit = await open();
  });
  afterAll(() => visit?.close());
  afterEach(() => void visit.complaints.splice(0));

  describe.each(screens.filter(({ states }) => states.length > 0))("$screen", (screen) => {
    test.each(screen.states)("$state: for everybody, in both themes, at every width", async (state) => {
      const { page } = visit;
      stand(server(), screen, state);
      await page.setViewportSize({ width: 1440, height: 800 });
      await arrive(page, `${server().url}${state.address ?? screen.address}`);
      await settled(page);
      await state.reach?.(page);
      await page.getByText(state.says).filter({ visible: true }).first().waitFor();
      expect(await flaws(page)).toEqual([]);
      expect(complaintsOf(visit, server(), state.refused)).toEqual([]);
    });
  });
}

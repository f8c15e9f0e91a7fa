import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { overview } from "../../../server/api/schema.ts";
import { questions } from "../api.ts";
import { openConsole } from "../open-console.ts";
import * as overviews from "../overviews.ts";
import type { Visit } from "../visit.ts";
import { flaws, flawsAt } from "./looks.ts";
import { sampleOf } from "./sample.ts";
import { type Answers, arrive, complaintsOf, readings, type Screen, type Standing, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());
afterEach(() => void visit.complaints.splice(0));

async function go(screen: Screen, standing?: Standing): Promise<void> {
  stand(server(), screen, standing);
  await visit.page.setViewportSize({ width: 1440, height: 800 });
  await arrive(visit.page, `${server().url}${screen.address}`);
  await settled(visit.page);
}

const everything: Standing = {
  overview: () => overview.parse(sampleOf(overview)),
  answers: Object.fromEntries(
    readings.map((question) => [question, () => sampleOf(questions[question].answer)]),
  ) as Answers,
};

test.each(screens)("$screen shows all that the API can ever tell", async (screen) => {
  await go(screen, everything);
  expect(await flaws(visit.page)).toEqual([]);
  expect(complaintsOf(visit, server())).toEqual([]);
});

const frames = [
  ["nothing is set up", overviews.empty],
  ["all is paused", overviews.paused],
  ["an account is disconnected", overviews.refusing],
  ["the figures are old", overviews.stale],
] as const;
const within = screens.filter(({ open: forAll }) => !forAll);

/** What stands around a page is the same on each: every other one is looked at in another theme and at another width. */
test.each(within.map((screen, place) => [screen.screen, screen, place] as const))(
  "%s is fit for a viewer, and whatever the status line says",
  async (_, screen, place) => {
    const [scheme, width] = place % 2 === 0 ? (["light", 360] as const) : (["dark", 1440] as const);
    await go(screen, { as: "viewer" });
    expect(await flawsAt(visit.page, scheme, width)).toEqual([]);
    const [frame, overviewNow] = frames[place % frames.length] ?? [];
    await go(screen, { as: "admin", ...(overviewNow && { overview: overviewNow }) });
    expect([frame, await flawsAt(visit.page, scheme, width)]).toEqual([frame, []]);
    expect(complaintsOf(visit, server())).toEqual([]);
  },
);

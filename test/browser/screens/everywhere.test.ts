import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { overview } from "../../../server/api/schema.ts";
import { questions } from "../api.ts";
import { openConsole } from "../open-console.ts";
import * as overviews from "../overviews.ts";
import type { Visit } from "../visit.ts";
import { flaws, flawsAt } from "./looks.ts";
import { sampleOf } from "./sample.ts";
import { type Answers, complaintsOf, readings, type Screen, type Standing, settled, stand } from "./screen.ts";
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
  await visit.page.goto(`${server().url}${screen.address}`);
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

describe.each(screens.filter(({ open: forAll }) => !forAll))("$screen", (screen) => {
  test("is fit for a viewer and for an admin", async () => {
    await go(screen, { as: "viewer" });
    expect(await flawsAt(visit.page, "light", 1440)).toEqual([]);
    await go(screen, { as: "admin" });
    expect(await flawsAt(visit.page, "dark", 360)).toEqual([]);
    expect(complaintsOf(visit, server())).toEqual([]);
  });

  test.each([
    ["nothing is set up", overviews.empty, "light"],
    ["all is paused", overviews.paused, "dark"],
    ["an account is disconnected", overviews.refusing, "light"],
    ["the figures are old", overviews.stale, "dark"],
  ] as const)("is fit where %s", async (_, given, scheme) => {
    await go(screen, { overview: given });
    expect(await flawsAt(visit.page, scheme, scheme === "dark" ? 1440 : 360)).toEqual([]);
    expect(complaintsOf(visit, server())).toEqual([]);
  });
});

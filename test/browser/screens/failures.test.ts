import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Question } from "../api.ts";
import { nobody } from "../installs.ts";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { flawsAt } from "./looks.ts";
import { type Answers, arrive, complaintsOf, readings, type Screen, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());
afterEach(async () => {
  // What a page is still asking would be taken for what the next one asks.
  await visit.page.goto("about:blank");
  visit.complaints.splice(0);
});

const refusal = (refused: number, code: string): Answer => ({
  refused,
  code,
  title: "That did not work",
  detail: `for the reason ${refused}`,
  fix: "Do this.",
});
/** How a question can fail, and what the reader is told of it. */
const ways: readonly (readonly [way: string, answer: Answer, says: RegExp])[] = [
  ["a fault of ours", 500, /the server answered with status 500/i],
  ["a page instead of an answer", 200, /could not be read/i],
  ["not allowed", refusal(403, "not_allowed"), /for the reason 403/i],
  ["too often", refusal(429, "too_many_requests"), /for the reason 429/i],
  ["a proxy's fault", 502, /the server answered with status 502/i],
  ["changed meanwhile", refusal(409, "conflict"), /for the reason 409/i],
  ["not there", refusal(404, "not_found"), /for the reason 404|not found|no longer|there is no/i],
];

describe.each(screens.map((screen, place) => [screen.screen, screen, place] as const))(
  "what %s asks",
  (_, screen, place) => {
    test("fails, one after the other and each in a way of its own: the reader is told which and why", async () => {
      const untold: string[] = [];
      for (const [number, question] of (await asked(screen)).entries()) {
        const [way, answer, says] = ways[(place + number) % ways.length] ?? [];
        if (!way || answer === undefined || !says) throw new RangeError("there are ways to fail");
        await go(screen, { [question]: () => answer });
        if (!screen.beside?.includes(question) && !(await told(says))) untold.push(`${question} fails with ${way}`);
        expect(complaintsOf(visit, server(), true)).toEqual([]);
      }
      expect(untold).toEqual([]);
    });

    test("fails altogether: the page says so and can be used", async () => {
      const questions = await asked(screen);
      await go(screen, Object.fromEntries(questions.map((question) => [question, () => 500])));
      if (questions.some((question) => !screen.beside?.includes(question))) expect(await told(/status 500/)).toBe(true);
      expect(await flawsAt(visit.page, "dark", 360)).toEqual([]);
      expect(complaintsOf(visit, server(), true)).toEqual([]);
    });

    test("is not answered at all: the page keeps its shape, and says that it waits", async () => {
      const { page } = visit;
      const questions = await asked(screen);
      stand(server(), screen, { answers: Object.fromEntries(questions.map((question) => [question, () => "silent"])) });
      await arrive(page, `${server().url}${screen.address}`);
      await page.locator("h1").first().waitFor();
      if (questions.some((question) => !screen.beside?.includes(question)))
        await page.locator("[aria-busy=true]").first().waitFor();
      expect(await flawsAt(page, "light", 1440)).toEqual([]);
      expect(complaintsOf(visit, server())).toEqual([]);
    });

    test.skipIf(screen.open)("finds the session over: the way back in is shown", async () => {
      const { page } = visit;
      const over = () => {
        server().session(nobody);
        return refusal(401, "not_signed_in");
      };
      const questions = await asked(screen);
      stand(server(), screen, { answers: Object.fromEntries(questions.map((question) => [question, over])) });
      if (questions.length === 0) return;
      await arrive(page, `${server().url}${screen.address}`);
      await page
        .getByText(/you are signed in/i)
        .first()
        .waitFor();
    });
  },
);

async function go(screen: Screen, answers: Answers): Promise<void> {
  stand(server(), screen, { answers });
  await arrive(visit.page, `${server().url}${screen.address}`);
  await settled(visit.page);
}

/** What the screen asks at first. */
const known = new Map<string, readonly Question[]>();
async function asked(screen: Screen): Promise<readonly Question[]> {
  const before = known.get(screen.screen);
  if (before) return before;
  stand(server(), screen);
  await arrive(visit.page, `${server().url}${screen.address}`);
  await settled(visit.page);
  const lines = server().api.log.map((line) => line.split(" ")[1]?.split("?")[0] ?? "");
  const found = readings.filter((question) => lines.some((path) => pattern(question).test(path)));
  known.set(screen.screen, found);
  return found;
}

const pattern = (question: Question): RegExp => new RegExp(`^${question.slice(4).replace(/:\w+/g, "[^/]+")}$`);

async function told(says: RegExp): Promise<boolean> {
  return await visit.page
    .getByText(says)
    .first()
    .waitFor({ timeout: 2000 })
    .then(
      () => true,
      () => false,
    );
}

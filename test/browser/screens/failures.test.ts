import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Question } from "../api.ts";
import { nobody } from "../installs.ts";
import { openConsole } from "../open-console.ts";
import type { Visit } from "../visit.ts";
import { flawsAt } from "./looks.ts";
import { complaintsOf, readings, settled, stand } from "./screen.ts";
import { screens } from "./table.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());
afterEach(() => void visit.complaints.splice(0));

const refusal = (refused: number, code: string): Answer => ({
  refused,
  code,
  title: "That did not work",
  detail: `for the reason ${refused}`,
  fix: "Do this.",
});
/** How a question can fail, and what the reader is told of it. */
const ways: Readonly<Record<string, readonly [answer: Answer, says: RegExp]>> = {
  "a fault of ours": [500, /the server answered with status 500/i],
  "a page instead of an answer": [200, /could not be read/i],
  "a proxy's fault": [502, /the server answered with status 502/i],
  "not allowed": [refusal(403, "not_allowed"), /for the reason 403/i],
  "not there": [refusal(404, "not_found"), /for the reason 404|not found|no longer|nothing/i],
  "changed meanwhile": [refusal(409, "conflict"), /for the reason 409/i],
  "too often": [refusal(429, "too_many_requests"), /for the reason 429/i],
};

/** The screens are the same in what they ask at first whatever is answered; each way is tried on each screen. */
describe.each(screens)("what $screen asks", (screen) => {
  test.each(Object.entries(ways))("fails with %s: the reader is told, and can go on", async (_way, [answer, says]) => {
    const { page } = visit;
    for (const question of await asked(screen)) {
      stand(server(), screen, { answers: { [question]: () => answer } });
      await page.goto(`${server().url}${screen.address}`);
      await settled(page);
      if (!screen.beside?.includes(question)) expect([question, await told(says)]).toEqual([question, true]);
      expect(complaintsOf(visit, server(), true)).toEqual([]);
    }
    expect(await flawsAt(page, "dark", 360)).toEqual([]);
  });

  test("is not answered at all: the page keeps its shape, and says that it waits", async () => {
    const { page } = visit;
    const silent = Object.fromEntries((await asked(screen)).map((question) => [question, () => "silent" as const]));
    stand(server(), screen, { answers: silent });
    await page.goto(`${server().url}${screen.address}`);
    await page.locator("h1").first().waitFor();
    if (Object.keys(silent).length > 0) await page.locator("[aria-busy=true]").first().waitFor();
    expect(await flawsAt(page, "light", 1440)).toEqual([]);
    expect(complaintsOf(visit, server())).toEqual([]);
  });

  test.skipIf(screen.open)("finds the session over: the way back in is shown", async () => {
    const { page } = visit;
    for (const question of await asked(screen)) {
      const over = () => {
        server().session(nobody);
        return refusal(401, "not_signed_in");
      };
      stand(server(), screen, { answers: { [question]: over } });
      await page.goto(`${server().url}${screen.address}`);
      await page
        .getByText(/you are signed in/i)
        .first()
        .waitFor();
    }
  });
});

/** What the screen asks at first. */
const known = new Map<string, readonly Question[]>();
async function asked(screen: (typeof screens)[number]): Promise<readonly Question[]> {
  const before = known.get(screen.screen);
  if (before) return before;
  stand(server(), screen);
  await visit.page.goto(`${server().url}${screen.address}`);
  await settled(visit.page);
  const lines = server().api.log.map((line) => line.split(" ")[1]?.split("?")[0] ?? "");
  const found = readings.filter((question) => lines.some((path) => pattern(question).test(path)));
  known.set(screen.screen, found);
  return found;
}

const pattern = (question: Question): RegExp => new RegExp(`^${question.slice(4).replace(/:\w+/g, "[^/]+")}$`);

async function told(says: RegExp): Promise<boolean> {
  const { page } = visit;
  return await page
    .getByText(says)
    .first()
    .waitFor({ timeout: 3000 })
    .then(
      () => true,
      () => false,
    );
}

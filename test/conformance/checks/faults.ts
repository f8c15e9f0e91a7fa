import assert from "node:assert/strict";
import { Failure } from "../../../core/errors.ts";
import type { HttpAnswer } from "../../../core/ports.ts";
import { assertFails, playground, readAll } from "../reading.ts";
import type { AnyWorld, Check } from "../world.ts";

const json = { "content-type": "application/json" };
/** What any vendor's gateway may answer, whoever the vendor is. */
const gateway: AnyWorld["faults"] = [
  ...[500, 502, 503, 504].map((status) => ({
    name: `${status} with a page of HTML`,
    answer: { status, headers: { "content-type": "text/html" }, text: "<html><h1>Sorry</h1></html>" },
    code: "crm_unavailable" as const,
  })),
  {
    name: "200 with a page of HTML",
    answer: { status: 200, headers: { "content-type": "text/html" }, text: "<html>Maintenance</html>" },
    code: "crm_unavailable",
  },
  {
    name: "200 with half of a JSON text",
    answer: { status: 200, headers: json, text: '{"results":[{"id":"1"' },
    code: "crm_unavailable",
  },
  { name: "200 with JSON of another form", answer: { status: 200, headers: json, text: "{}" }, code: "crm_schema" },
];

const leak = /person\.secret|617 ?555 ?0199|Geheimrat|eyJ|Bearer/i;

/** Answers once with this, then lets the vendor speak. */
const once = (world: AnyWorld, answer: HttpAnswer) => {
  let spent = false;
  world.access.intercept(() => {
    if (spent) return undefined;
    spent = true;
    return answer;
  });
};

/** What goes wrong at the vendor and on the way. */
export const faults: readonly Check[] = [
  {
    name: "gives every fault of the vendor its right code and time to come back, and tries nothing again itself",
    async run(world) {
      await world.access.token();
      for (const { name, answer, code, retryAfterMs } of [...gateway, ...world.faults]) {
        const before = world.access.requests.length;
        world.access.intercept(() => answer);
        const now = Date.now();
        const failure = await assertFails(readAll(world.connector.baseline(world.access, undefined)), code).catch(
          (error: Error) => assert.fail(`${name}: ${error.message}`),
        );
        assert.equal(world.access.requests.length - before, 1, `${name}: asked again`);
        if (retryAfterMs === undefined) continue;
        const wait = (failure.retryAt?.getTime() ?? 0) - now;
        assert.ok(Math.abs(wait - retryAfterMs) < 2000, `${name}: comes back after ${wait} ms`);
      }
    },
  },
  {
    name: "passes on what the transport throws",
    async run(world) {
      for (const code of ["network_unreachable", "network_no_answer", "crm_disconnected"] as const) {
        world.access.intercept(() => {
          throw new Failure(code);
        });
        await assertFails(readAll(world.connector.baseline(world.access, undefined)), code);
      }
    },
  },
  {
    name: "works again after a fault",
    async run(world) {
      once(world, { status: 503, headers: {}, text: "" });
      await assertFails(readAll(world.connector.baseline(world.access, undefined)), "crm_unavailable");
      await readAll(world.connector.baseline(world.access, undefined));
    },
  },
  {
    name: "tells neither tokens nor people in what it throws and logs",
    async run(world) {
      const place = playground(world);
      const person = { email: "person.secret@example.com", phone: "+1 617 555 0199", firstName: "Geheimrat" };
      const record = await world.create(place, { stage: place.stages[0], person });
      const token = await world.access.token();
      const told: string[] = [];
      const tell = (error: unknown): void => {
        for (let at: unknown = error; at instanceof Error; at = at.cause) told.push(at.message, JSON.stringify(at));
      };
      // Each answer in turn comes back broken, quoting what it knows.
      const quoting = `${person.email} ${person.phone} ${person.firstName} Bearer ${token}`;
      const spoils = [
        { status: 400, headers: json, text: JSON.stringify({ message: quoting, errors: [{ message: quoting }] }) },
        { status: 404, headers: json, text: JSON.stringify([{ message: quoting, errorCode: "NOT_FOUND" }]) },
        { status: 500, headers: json, text: quoting },
        { status: 200, headers: json, text: `{"results": ${quoting}` },
        { status: 200, headers: json, text: JSON.stringify({ results: quoting, records: quoting }) },
      ];
      for (const spoil of spoils)
        for (const call of [
          () => world.connector.leads(world.access, [record]),
          () => world.connector.read(world.access, [record]),
          () => readAll(world.connector.baseline(world.access, undefined)),
        ])
          for (const skip of [0, 1]) {
            let left = skip;
            world.access.intercept(() => (left-- > 0 ? undefined : spoil));
            await call().then(() => undefined, tell);
          }
      world.access.intercept(undefined);
      await world.connector.leads(world.access, [record]);
      assert.ok(told.length > 20, "the check saw too little");
      for (const line of [...told, ...world.access.logged]) {
        assert.doesNotMatch(line, leak);
        assert.ok(!line.includes(token) && !/\?\w+=/.test(line), line);
      }
    },
  },
];

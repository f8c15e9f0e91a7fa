import { appendFileSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { act, event, type Granted, NOW, received, send, startMeta, temporaryFolder } from "./meta-world.ts";

const RAW = [
  '{ "event_name" : "Qualifi\\u00e9 \\"A\\" ]}",\n\t"event_time":1795348800 , "action_source":"system_generated",',
  '"user_data":{"lead_id":12345678901234567,"em":["62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"]},',
  '"custom_data":{"event_source":"crm","lead_event_source":"In-house CRM é 光","value":1.50,"currency":"EUR","note":"\\\\"}}',
].join("");

test("Every event is kept exactly as it was sent, to the last digit and blank", async () => {
  const sandbox = await startMeta();
  const granted = await act<Granted>(sandbox, "grant");
  const raw = RAW.replace("1795348800", String(NOW.getTime() / 1000 - 60));
  const body = `{"data" : [ ${raw} ,\r\n${JSON.stringify(event())}] , "x": [{"data":[1]}]}`;
  expect((await send(sandbox, granted, body)).body).toMatchObject({ events_received: 2 });

  const { events } = await received(sandbox);
  expect(events.map((each) => each.event)).toEqual([raw, JSON.stringify(event())]);
  expect(events[0]).toMatchObject({ n: 1, request: 1, dataset: granted.datasetId, test: false, notCounted: null });
  expect(events[0]?.receivedAt).toBe(NOW.toISOString());

  const answer = await fetch(`${sandbox.control}/meta/events?after=0&limit=1`);
  expect(await answer.text()).toContain(`"event":${raw}}`);
});

test("Events are numbered over all requests and can be read on from any of them", async () => {
  const sandbox = await startMeta();
  const granted = await act<Granted>(sandbox, "grant");
  for (const size of [3, 1, 5]) {
    await send(sandbox, granted, { data: Array.from({ length: size }, () => event()) });
    await send(sandbox, granted, { data: [] }); // a refused request takes a request number, but no event number
  }
  const seen: number[] = [];
  for (let after = 0; after < 9; ) {
    const page = await received(sandbox, after, 2);
    seen.push(...page.events.map((each) => each.n));
    expect(page.next).toBe(Math.min(after + 2, 9));
    after = page.next;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await received(sandbox, 9)).toEqual({ events: [], next: 9 });
  expect(await received(sandbox, 99)).toEqual({ events: [], next: 9 });
  expect((await received(sandbox)).events.map((each) => each.request)).toEqual([1, 1, 1, 3, 5, 5, 5, 5, 5]);
});

test("A reader can wait for the next event instead of asking again and again", async () => {
  const sandbox = await startMeta();
  const granted = await act<Granted>(sandbox, "grant");
  const waiting = act<{ next: number }>(sandbox, "events", { after: 0, waitMs: 30_000 });
  await send(sandbox, granted, { data: [event()] });
  expect((await waiting).next).toBe(1);
  expect(await act(sandbox, "events", { after: 1, waitMs: 1 })).toEqual({ events: [], next: 1 });
});

test("A restart keeps events, numbering, counts, tokens, faults and last_fired_time, and drops a torn record", async () => {
  const dir = temporaryFolder();
  const first = await startMeta(dir);
  const granted = await act<Granted>(first, "grant", { datasetId: "123456789012345", name: "Leads" });
  await send(first, granted, { data: [event(), event({ event_id: "b" })], test_event_code: "TEST123" });
  await send(first, granted, { data: [event()] });
  await act(first, "limit", { code: 4, minutes: 10 });
  const before = await received(first);
  const summary = await act(first, "summary");
  await first.close();
  const log = join(dir, "meta", "received.log");
  const whole = readFileSync(log);
  appendFileSync(log, whole.subarray(0, 700)); // killed while writing: a head and part of its bodies

  const second = await startMeta(dir);
  expect(await received(second)).toEqual(before);
  expect(before.events.map((each) => each.test)).toEqual([true, true, false]);
  expect(await act(second, "summary")).toEqual(summary);
  expect(summary).toMatchObject({
    events: 3,
    datasets: [
      {
        dataset: "123456789012345",
        counted: 3,
        test: 2,
        duplicates: 1,
        stages: [{ eventName: "Marketing Qualified Lead", leadEventSource: "HubSpot", events: 3 }],
      },
    ],
    repeated: [{ id: "123456789012345:0123456789abcdef0123456789abcdef", times: 2 }],
  });
  expect((await send(second, granted, { data: [event()] })).body.error?.code).toBe(4);
  await act(second, "limit", { minutes: 0 });
  await send(second, granted, { data: [event()] });
  const after = await received(second, 3);
  expect(after.events).toMatchObject([{ n: 4, request: 4 }]);
  expect(after.events[0]?.event).toBe(JSON.stringify(event()));
  await second.close();

  truncateSync(log, statSync(log).size - 1); // even one missing byte makes a record torn
  const third = await startMeta(dir);
  expect(await received(third)).toEqual(before);
});

test("25 requests of 1,000 events are all read again, page by page", async () => {
  const sandbox = await startMeta();
  const granted = await act<Granted>(sandbox, "grant");
  for (let request = 0; request < 25; request += 1) {
    const data = Array.from({ length: 1000 }, (_, i) => event({ event_id: `${request}-${i}` }));
    expect((await send(sandbox, granted, { data })).body).toMatchObject({ events_received: 1000 });
  }
  let next = 0;
  let read = 0;
  do {
    const page = await received(sandbox, next);
    read += page.events.length;
    if (page.next === next) break;
    next = page.next;
  } while (read < 25_000);
  expect(read).toBe(25_000);
  expect(await act(sandbox, "summary")).toMatchObject({ events: 25_000, datasets: [{ duplicates: 0 }] });
});

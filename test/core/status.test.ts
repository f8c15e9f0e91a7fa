import { expect, test } from "vitest";
import { type Facts, status } from "../../core/status.ts";

const now = new Date("2026-11-23T12:00:00Z"); // a Monday
const minutes = (n: number): Date => new Date(now.getTime() + n * 60_000);
type Connection = Facts["connections"][number];
type Dataset = Facts["datasets"][number];
const facts = (connection: Partial<Connection> = {}, dataset: Partial<Dataset> = {}): Facts => ({
  now,
  timeZone: "Europe/Berlin",
  connections: [
    { crmName: "HubSpot", live: true, lastReadAt: minutes(-1 / 3), lastChangeAt: minutes(-3), ...connection },
  ],
  datasets: [{ waiting: 0, lastAcceptedAt: minutes(-2), ...dataset }],
});
const sentence = (...of: Parameters<typeof facts>): string => status(facts(...of)).sentence;

test("a workspace that is not set up says what is missing", () => {
  expect(status({ ...facts(), connections: [] })).toMatchObject({
    tone: "setup",
    sentence: "Not set up yet: connect your CRM.",
  });
  expect(status({ ...facts(), datasets: [] }).sentence).toBe("Not set up yet: connect Meta.");
  expect(sentence({ live: false })).toBe("Ready. Nothing is sent until you go live.");
});

test("a live workspace tells of its last accepted event", () => {
  expect(status(facts())).toEqual({ sentence: "Live. Last event accepted 2 min ago.", tone: "live", acts: "nobody" });
});

test("a quiet one tells since when, and that it still looks", () => {
  expect(sentence({ lastChangeAt: minutes(-20 * 60) })).toBe(
    "Live. No stage changes since Sunday 17:00; last checked 20 s ago.",
  );
  const { lastAcceptedAt: _, ...first } = facts().datasets[0] as Dataset;
  expect(status({ ...facts(), datasets: [first] }).sentence).toBe(
    "Live. Waiting for the first stage change; last checked 20 s ago.",
  );
});

test("a blocked dataset comes first, with who must act and until when nothing is lost", () => {
  const blocked = status(
    facts({ stopped: true }, { blocked: "meta_token", waiting: 1280, deadlineAt: minutes(3 * 24 * 60) }),
  );
  expect(blocked).toEqual({
    sentence: "Meta no longer accepts our access. 1,280 events are waiting; none is lost before Thursday 13:00.",
    tone: "problem",
    acts: "you",
    deadlineAt: minutes(3 * 24 * 60),
  });
});

test("a disconnected CRM says that it keeps the changes, and until when to reconnect", () => {
  const { sentence: said } = status(facts({ stopped: true, lastReadAt: minutes(-60) }));
  expect(said).toBe(
    "HubSpot is disconnected since 12:00. HubSpot keeps the changes; reconnect before 30 Nov 11:00 and none is too old for Meta.",
  );
});

test("a Meta that is down says when it is tried again", () => {
  const down = sentence({}, { why: "meta_down", waiting: 1, nextTryAt: minutes(4), deadlineAt: minutes(60) });
  expect(down).toBe("Meta has a fault. 1 event is waiting; none is lost before 14:00. Next try 13:04.");
});

test("a CRM that makes us wait says so", () => {
  expect(status(facts({ why: "crm_limit" }))).toMatchObject({ tone: "waiting", acts: "crm" });
  expect(sentence({ why: "crm_limit" })).toMatch(/^HubSpot: the CRM's request limit\./);
});

test("a dataset that an admin paused says so, after whatever is really wrong", () => {
  const paused = { blocked: "by_admin", why: "by_admin", waiting: 40, deadlineAt: minutes(3 * 24 * 60) } as const;
  expect(status(facts({}, paused))).toEqual({
    sentence: "Paused by an admin. 40 events are waiting; none is lost before Thursday 13:00.",
    tone: "paused",
    acts: "you",
    deadlineAt: minutes(3 * 24 * 60),
  });
  const two = { ...facts({}, paused), datasets: [paused, { waiting: 1, blocked: "meta_token" as const }] };
  expect(status(two).sentence).toMatch(/^Meta no longer accepts our access\./);
});

test("a connection that an admin paused says so, and until when to resume", () => {
  const paused = status(facts({ stopped: true, why: "by_admin", lastReadAt: minutes(-60) }));
  expect(paused.sentence).toBe(
    "Reading HubSpot is paused since 12:00. HubSpot keeps the changes; resume before 30 Nov 11:00 and none is too old for Meta.",
  );
  expect(paused.tone).toBe("paused");
});

test("a Meta whose limit is near, or that fails most requests, is waited for", () => {
  const waits = { waiting: 3, nextTryAt: minutes(1), deadlineAt: minutes(60) };
  expect(status(facts({}, { ...waits, why: "meta_usage" }))).toMatchObject({
    sentence: "Meta's request limit is near. 3 events are waiting; none is lost before 14:00. Next try 13:01.",
    tone: "waiting",
    acts: "nobody",
  });
  expect(sentence({}, { ...waits, why: "meta_breaker" })).toMatch(/^Meta fails most requests\. 3 events are waiting;/);
});

test("what has become too old is not promised to be safe", () => {
  expect(sentence({}, { blocked: "meta_token", waiting: 2, deadlineAt: minutes(-60) })).toBe(
    "Meta no longer accepts our access. 2 events are waiting; the oldest has been too old for Meta since 12:00.",
  );
  expect(sentence({ stopped: true, lastReadAt: minutes(-8 * 24 * 60) })).toBe(
    "HubSpot is disconnected since 15 Nov 13:00. HubSpot keeps the changes; those older than 7 days are too old for Meta by now.",
  );
});

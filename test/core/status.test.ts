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

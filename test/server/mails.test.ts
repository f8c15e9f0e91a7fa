import { beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { SendMail } from "../../server/mail/mail.ts";
import { claimMail, dueMails } from "../../server/store/mails.ts";
import { noteOnProblem } from "../../server/store/problems.ts";
import { changeTenant } from "../../server/store/tenants.ts";
import { sendMails } from "../../server/workers/mails.ts";
import { silent } from "../postgres.ts";
import { at, hours, trouble } from "./problems-world.ts";

const here = trouble();

/** What the mail server took, and how it fails. */
const server: { took: { at: number; to: string; subject: string; text: string; id: string }[]; fails?: FailureCode } = {
  took: [],
};
let minute = 0;
beforeEach(() => {
  server.took = [];
  delete server.fails;
});
const send: SendMail = async (mail) => {
  if (server.fails) throw new Failure(server.fails, "as the test wants it");
  server.took.push({ at: minute, ...mail });
};
const post = (minutes: number): Promise<void> => {
  minute = minutes;
  return sendMails({ store: here.store, random: () => 0.5, log: silent, send })(at(minutes));
};
/** The watcher looks and the mails leave, every five minutes. */
async function pass(from: number, to: number): Promise<void> {
  for (let minutes = from; minutes <= to; minutes += 5) {
    await here.watch(minutes);
    await post(minutes);
  }
}
const subjects = (): readonly string[] => server.took.map(({ at: when, subject }) => `${when} ${subject}`);
const rows = () =>
  here.store.db.selectFrom("mail").selectAll().where("tenant_id", "=", here.tenant.id).orderBy("created_at").execute();

async function block(): Promise<void> {
  await here.keep(at(0), [at(-60)]);
  await here.lane("send", { paused: "meta_token" });
}
async function mend(minutes: number): Promise<void> {
  await here.lane("send", { paused: null });
  await here.accept(minutes);
}

describe("a problem", () => {
  test("is told of after ten minutes, after a day, a day before its deadline, and when it is over", async () => {
    await block();
    await pass(0, 30);
    expect(subjects()).toEqual(["10 Acme: Meta no longer accepts our access"]);
    await pass(hours(23) + 55, hours(24) + 10);
    await pass(hours(5 * 24 + 21), hours(5 * 24 + 23));
    await mend(hours(6 * 24));
    await pass(hours(6 * 24), hours(6 * 24) + 20);
    expect(subjects().slice(1)).toEqual([
      `${hours(24)} Acme: still open: Meta no longer accepts our access`,
      `${hours(5 * 24 + 22)} Acme: events expire within 24 hours: Meta no longer accepts our access`,
      `${hours(6 * 24) + 10} Acme: over: Meta no longer accepts our access`,
    ]);
    expect(server.took[0]?.text).toContain("1 event is waiting; none is lost before 30 Nov 2026, 07:00 UTC.");
    expect(server.took[0]?.text).toContain("Console: https://console.example");
    expect(new Set(server.took.map(({ id }) => id)).size).toBe(4);
    expect((await rows()).every(({ due_at, sent_at }) => due_at === null && sent_at !== null)).toBe(true);
  });

  test("that is over within ten minutes is told of to nobody", async () => {
    await block();
    await pass(0, 5);
    await mend(6);
    await pass(7, 60);
    expect(await rows()).toEqual([]);
  });

  test("that comes and goes for hours is told of once, and once when it has stayed away", async () => {
    for (let hour = 0; hour < 6; hour += 1) {
      await here.keep(at(hours(hour)), [at(hours(hour))]);
      await here.lane("send", { why: "meta_down" });
      await pass(hours(hour) + 15, hours(hour) + 30);
      await here.accept(hours(hour) + 31);
      await pass(hours(hour) + 35, hours(hour) + 55);
    }
    expect(subjects()).toEqual(["25 Acme: Meta has a fault"]);
    await pass(hours(6), hours(7));
    expect(subjects().slice(1)).toEqual([`${hours(6) + 35} Acme: over: Meta has a fault`]);
    expect([(await here.open()).length, (await here.closed()).length]).toEqual([0, 1]);
  });

  test("that was muted is told of no more, not even when it is over; what is muted gives no mail of its own", async () => {
    await here.keep(at(0), [at(-60)]);
    await here.refuse(0, { code: 100, words: "jane@example.com is not valid" });
    await pass(0, 15);
    const [problem] = await here.open();
    const muted = { until: at(hours(90)).toISOString(), at: at(16).toISOString(), by: "usr_a", affected: 1 };
    expect(await noteOnProblem(here.store.db, here.tenant.id, problem?.id ?? "", { muted })).toBe(true);
    await pass(20, 60);
    await pass(hours(24), hours(24) + 5);
    await here.store.db
      .updateTable("dead_event")
      .set({ again_seq: 9 })
      .where("tenant_id", "=", here.tenant.id)
      .execute();
    await pass(hours(25), hours(27));
    expect(await here.closed()).toMatchObject([{ id: problem?.id }]);
    expect(subjects()).toEqual(["10 Acme: Refused by Meta"]);
    expect(server.took[0]?.text).not.toContain("jane");
  });
});

describe("several problems", () => {
  test("of the same minutes come as one mail, and end as one", async () => {
    await block();
    await here.lane("read", { paused: "crm_disconnected" });
    await here.watch(0);
    await here.keep(at(3), [at(2)]);
    await pass(5, 30);
    expect(subjects()).toEqual(["10 Acme: Meta no longer accepts our access, and 1 more"]);
    expect(server.took[0]?.text).toContain("HubSpot is disconnected since");
    expect((await rows()).map(({ sent_at }) => sent_at)).toEqual([at(10), at(10)]);
    await mend(31);
    await here.lane("read", { paused: null });
    await pass(35, 60);
    expect(subjects().slice(1)).toEqual(["45 Acme: over: Meta no longer accepts our access, and 1 more"]);
  });

  test("of which one comes back before it was said to be over: the mail tells of the other alone", async () => {
    await block();
    await here.lane("read", { paused: "crm_disconnected" });
    await pass(0, 15);
    await mend(16);
    await here.lane("read", { paused: null });
    await here.watch(17);
    await here.lane("send", { paused: "meta_token" });
    await pass(20, 40);
    expect(subjects()).toEqual([
      "10 Acme: Meta no longer accepts our access, and 1 more",
      "30 Acme: over: The CRM no longer accepts our access",
    ]);
  });
});

test("everybody who is to be told is, also who is named later, and nobody twice", async () => {
  await block();
  await pass(0, 15);
  const change = { name: "Acme", allowedKeys: [], alertTo: ["ana@acme.example", "ben@acme.example"] };
  await changeTenant(here.store.db, here.tenant.id, change);
  await pass(20, 40);
  expect(server.took.map(({ at: when, to }) => [when, to])).toEqual([
    [10, "ana@acme.example"],
    [20, "ben@acme.example"],
  ]);
});

describe("a mail server", () => {
  test("that is away gets ten tries within two days, then the mail is given up and says why", async () => {
    await block();
    await here.watch(0);
    await here.watch(10);
    server.fails = "network_unreachable";
    const tries: number[] = [];
    let attempts = 0;
    for (let minutes = 10; minutes < hours(60); minutes += 5) {
      await post(minutes);
      const [mail] = await rows();
      if (mail && mail.attempts > attempts) tries.push(minutes);
      attempts = mail?.attempts ?? 0;
    }
    expect(tries).toEqual([10, 15, 25, 45, 85, 165, 325, 645, 1285, 2565]);
    expect(await rows()).toMatchObject([{ attempts: 10, due_at: null, sent_at: null, why: "mail_unavailable" }]);
  });

  test("that comes back gets what waited, with the id that it had", async () => {
    await block();
    await here.watch(0);
    await here.watch(10);
    server.fails = "network_no_answer";
    await post(10);
    const [waiting] = await rows();
    expect(waiting).toMatchObject({ why: "mail_unavailable", due_at: at(15) });
    delete server.fails;
    await post(15);
    expect(server.took).toMatchObject([{ id: waiting?.id, to: "ana@acme.example" }]);
    expect(await rows()).toMatchObject([{ sent_at: at(15), why: null }]);
  });

  test("that refuses the mail for good is not asked again", async () => {
    await block();
    await here.watch(0);
    await here.watch(10);
    server.fails = "not_allowed";
    await post(10);
    expect(await rows()).toMatchObject([{ attempts: 1, due_at: null, sent_at: null, why: "mail_refused" }]);
  });

  test("that is away is found out by one mail, not by each", async () => {
    await changeTenant(here.store.db, here.tenant.id, {
      name: "Acme",
      allowedKeys: [],
      alertTo: ["a@x.example", "b@x.example"],
    });
    await block();
    await here.watch(0);
    await here.watch(10);
    server.fails = "network_unreachable";
    await post(10);
    expect((await rows()).map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
  });

  test("gets each mail once from two senders that found it at the same time", async () => {
    await block();
    await here.watch(0);
    await here.watch(10);
    const { db } = here.store;
    const found = [...(await dueMails(db, at(10), 10)), ...(await dueMails(db, at(10), 10))];
    expect(found).toHaveLength(2);
    expect(await Promise.all(found.map((mail) => claimMail(db, mail, at(15))))).toEqual(
      expect.arrayContaining([true, false]),
    );
    await post(10);
    expect(server.took).toEqual([]);
  });

  test("gets a mail again, with the same id, from whoever comes after one that died at it", async () => {
    await block();
    await here.watch(0);
    await here.watch(10);
    const dying: SendMail = (mail) => {
      server.took.push({ at: 10, ...mail });
      return new Promise(() => {}); // Dead: neither taken note of nor failed.
    };
    void sendMails({ store: here.store, random: () => 0.5, log: silent, send: dying })(at(10));
    await expect.poll(() => server.took.length).toBe(1);
    await post(14);
    expect(server.took).toHaveLength(1);
    await post(15);
    expect(server.took.map(({ id }) => id)).toEqual([server.took[0]?.id, server.took[0]?.id]);
    expect(await rows()).toMatchObject([{ sent_at: at(15), attempts: 2 }]);
  });
});

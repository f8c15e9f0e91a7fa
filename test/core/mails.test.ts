import { describe, expect, test } from "vitest";
import { type Due, mailsDue, type Occasion, type Reported, type Written, write } from "../../core/mails.ts";

const start = new Date("2026-11-23T09:00:00Z");
const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
const hours = (n: number): number => n * 60;
const ana = "ana@acme.example";

const problem = (more: Partial<Reported> = {}): Reported => ({
  id: "prb_1",
  cause: "blocked:dst_x:meta_token",
  code: "meta_token",
  affected: 1280,
  openedAt: at(0),
  since: at(0),
  deadlineAt: at(hours(6 * 24)),
  place: "Acme leads",
  ...more,
});
const written = (occasion: Occasion, minutes: number, more: Partial<Written> = {}): Written => ({
  problemId: "prb_1",
  occasion,
  recipient: ana,
  at: at(minutes),
  ...more,
});
const occasions = (problems: readonly Reported[], before: readonly Written[], minutes: number): readonly string[] =>
  mailsDue(problems, before, [ana], at(minutes)).map(({ occasion }) => occasion);

describe("a mail is due", () => {
  test("ten minutes after the problem was opened, once", () => {
    expect(occasions([problem()], [], 9)).toEqual([]);
    expect(occasions([problem()], [], 10)).toEqual(["opened"]);
    expect(occasions([problem()], [written("opened", 10)], 11)).toEqual([]);
  });

  test("for each recipient by itself", () => {
    const ben = "ben@acme.example";
    const due = mailsDue([problem()], [written("opened", 10)], [ana, ben, ben], at(11));
    expect(due.map(({ recipient, occasion }) => [recipient, occasion])).toEqual([[ben, "opened"]]);
    expect(mailsDue([problem()], [], [], at(11))).toEqual([]);
  });

  test("after a day, and once", () => {
    const opened = written("opened", 10);
    expect(occasions([problem()], [opened], hours(24) - 1)).toEqual([]);
    expect(occasions([problem()], [opened], hours(24))).toEqual(["day"]);
    expect(occasions([problem()], [opened, written("day", hours(24))], hours(40))).toEqual([]);
  });

  test("a day before the first deadline, and once", () => {
    const before = [written("opened", 10), written("day", hours(24))];
    expect(occasions([problem()], before, hours(5 * 24) - 1)).toEqual([]);
    expect(occasions([problem()], before, hours(5 * 24))).toEqual(["deadline"]);
    expect(occasions([problem()], [...before, written("deadline", hours(5 * 24))], hours(5.5 * 24))).toEqual([]);
  });

  test("not for a deadline that has passed, nor for one that the first mail told of as near", () => {
    const before = [written("opened", 10), written("day", hours(24))];
    expect(occasions([problem()], before, hours(6 * 24) + 1)).toEqual([]);
    const near = problem({ deadlineAt: at(hours(20)) });
    expect(occasions([near], [written("opened", 10)], hours(12))).toEqual([]);
  });

  test("never twice within six hours to remind", () => {
    const soon = problem({ deadlineAt: at(hours(26)) });
    expect(occasions([soon], [written("opened", 10)], hours(2) + 1)).toEqual([]);
    expect(occasions([soon], [written("opened", 10)], hours(6) + 10)).toEqual(["deadline"]);
    const both = [written("opened", 10), written("deadline", hours(23))];
    expect(occasions([soon], both, hours(24))).toEqual([]);
    expect(occasions([soon], both, hours(29))).toEqual(["day"]);
  });

  test("when it is over, if there was one when it began", () => {
    const closed = problem({ closedAt: at(60), ended: "mended" });
    expect(occasions([closed], [], 60)).toEqual([]);
    expect(mailsDue([closed], [written("opened", 10)], [ana], at(60))).toEqual([
      { recipient: ana, occasion: "closed", problems: [closed], at: at(70) },
    ]);
    expect(occasions([closed], [written("opened", 10), written("closed", 60)], 61)).toEqual([]);
  });

  test("not while the problem is muted: neither when it begins, nor beside another, nor when it is over", () => {
    expect(occasions([problem({ muted: true })], [], 10)).toEqual([]);
    const due = mailsDue([problem({ muted: true }), problem({ id: "prb_2" })], [], [ana], at(10));
    expect(due.map(({ problems }) => problems.map(({ id }) => id))).toEqual([["prb_2"]]);
    const closed = problem({ muted: true, closedAt: at(60), ended: "mended" });
    expect(occasions([closed], [written("opened", 10)], 60)).toEqual([]);
  });

  test("not to say that it is still open to those of whom one has acknowledged it, but to say what is soon lost", () => {
    const seen = problem({ acknowledged: true });
    expect(occasions([seen], [written("opened", 10)], hours(24))).toEqual([]);
    expect(occasions([seen], [written("opened", 10)], hours(5 * 24))).toEqual(["deadline"]);
  });

  test("an hour later where it may come back by itself", () => {
    const closed = problem({ cause: "delayed:dst_x:meta_down", code: "meta_down", closedAt: at(60), ended: "mended" });
    expect(mailsDue([closed], [written("opened", 10)], [ana], at(60))[0]?.at).toEqual(at(120));
  });

  test("of drift when it is opened and when it is over, never to remind", () => {
    const { deadlineAt: _, ...drift } = problem({ cause: "drift:con_x", code: "drift" });
    expect(occasions([drift], [], 10)).toEqual(["opened"]);
    expect(occasions([drift], [written("opened", 10)], hours(30))).toEqual([]);
  });
});

test("problems of the same minutes come as one mail, the most urgent first", () => {
  const down = problem({ id: "prb_2", cause: "delayed:dst_x:meta_down", code: "meta_down", openedAt: at(3) });
  const later = problem({ id: "prb_3", deadlineAt: at(hours(50)), openedAt: at(8) });
  const [due, ...more] = mailsDue([down, problem(), later], [], [ana], at(10));
  expect(more).toEqual([]);
  expect(due?.problems.map(({ id }) => id)).toEqual(["prb_3", "prb_1", "prb_2"]);
  expect(mailsDue([down, later], [], [ana], at(10))).toEqual([]);
});

test("a problem that was told of is not told of again because another one is", () => {
  const other = problem({ id: "prb_2" });
  const [due] = mailsDue([problem(), other], [written("opened", 10)], [ana], at(20));
  expect(due?.problems.map(({ id }) => id)).toEqual(["prb_2"]);
});

describe("the text", () => {
  const place = { workspace: "Acme", consoleUrl: "https://console.acme.example", now: at(10) };
  const mail = (occasion: Occasion, first: Reported, ...more: readonly Reported[]) =>
    write({ recipient: ana, occasion, problems: [first, ...more], at: at(10) } satisfies Due, place);

  test("says what happened in numbers, until when nothing is lost, what to do and what we do meanwhile", () => {
    const { subject, text } = mail("opened", problem());
    expect(subject).toBe("Acme: Meta no longer accepts our access");
    expect(
      text,
    ).toBe(`Meta no longer accepts our access. 1,280 events are waiting; none is lost before 29 Nov 2026, 09:00 UTC.
Where: Meta dataset “Acme leads”. Since: 23 Nov 2026, 09:00 UTC.
What it means: Events wait until Meta is connected again.
What to do: Connect Meta again, or paste a new token.
Who acts: you.
What we do meanwhile: We keep every event in its order and send them all once Meta is connected.

Console: https://console.acme.example

We write again before any event is lost, and when it is over.
`);
  });

  test("says of a CRM that is disconnected that it keeps the changes, and until when", () => {
    const { text } = mail(
      "opened",
      problem({ cause: "reading:con_x:crm_disconnected", code: "crm_disconnected", crmName: "HubSpot" }),
    );
    expect(text).toContain(
      "HubSpot is disconnected since 23 Nov 2026, 09:00 UTC. HubSpot keeps the changes; reconnect before 30 Nov 2026, 08:00 UTC and none is too old for Meta.",
    );
  });

  test("says of a slow CRM since when nothing was read", () => {
    const { text } = mail(
      "opened",
      problem({ cause: "reading:con_x:crm_limit", code: "crm_limit", crmName: "HubSpot" }),
    );
    expect(text).toContain(
      "HubSpot: the CRM's request limit. Reading waits until the CRM takes requests again. Nothing has been read since 23 Nov 2026, 09:00 UTC.\n",
    );
    expect(text).toContain("What to do: nothing, it passes by itself.");
    expect(text).toContain("Who acts: the CRM.");
  });

  test("says how many events were refused and until when they can be sent again", () => {
    const refused = { cause: "refused:dst_x:refused_invalid:100", code: "refused_invalid" };
    expect(mail("day", problem({ ...refused, affected: 12 })).text).toMatch(
      /^Refused by Meta: 12 events\. Each of them can be sent again before 29 Nov 2026, 09:00 UTC\.\n/,
    );
    expect(mail("day", problem({ ...refused, affected: 1 })).text).toMatch(/^Refused by Meta: 1 event\. It can be/);
  });

  test("says what was found late, and what is about to expire", () => {
    const drift = problem({ cause: "drift:con_x", code: "drift", affected: 7, crmName: "HubSpot" });
    expect(mail("opened", drift).text).toMatch(/^Stage changes were found late: 7 from HubSpot since 23 Nov 2026/);
    const expiring = problem({ cause: "expiring:dst_x", code: "expiring", affected: 40 });
    expect(mail("opened", expiring).text).toMatch(
      /^Events are about to expire: 40 within 24 hours, the first at 29 Nov 2026, 09:00 UTC\.\n/,
    );
  });

  test("tells of several problems one after the other", () => {
    const down = problem({ id: "prb_2", cause: "delayed:dst_x:meta_down", code: "meta_down", affected: 1 });
    const { subject, text } = mail("opened", problem(), down);
    expect(subject).toBe("Acme: Meta no longer accepts our access, and 1 more");
    expect(text).toMatch(
      /^Meta no longer accepts our access\. [\s\S]+\n\nMeta has a fault\. 1 event is waiting; [\s\S]+\n\nConsole: /,
    );
  });

  test("says that it is over, since when, and what can no longer be sent", () => {
    const closed = { closedAt: at(90), ended: "mended" } as const;
    const { subject, text } = mail("closed", problem(closed));
    expect(subject).toBe("Acme: over: Meta no longer accepts our access");
    expect(text).toMatch(
      /^Over since 23 Nov 2026, 10:30 UTC: Meta no longer accepts our access\.\nWhere: Meta dataset/,
    );
    const refused = { cause: "refused:dst_x:refused_invalid", code: "refused_invalid", closedAt: at(90) };
    expect(mail("closed", problem({ ...refused, ended: "mended" })).text).toContain("was sent again");
    expect(mail("closed", problem({ ...refused, ended: "too_old" })).text).toContain("is too old for Meta now");
  });

  test("has a subject for each occasion", () => {
    expect(mail("day", problem()).subject).toBe("Acme: still open: Meta no longer accepts our access");
    expect(mail("deadline", problem()).subject).toBe(
      "Acme: events expire within 24 hours: Meta no longer accepts our access",
    );
  });
});

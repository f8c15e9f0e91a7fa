import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMailbox } from "../../server/sandbox/mailbox/index.ts";
import { KeptMails } from "../../server/sandbox/mailbox/kept-mails.ts";
import type { ReceivedMail } from "../../server/sandbox/mailbox/read-mail.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { temporaryFolder } from "./meta-world.ts";

async function start(dir = temporaryFolder()): Promise<Sandbox> {
  const sandbox = await startSandbox({ dir, simulators: { mail: createMailbox } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function act<Answer = unknown>(sandbox: Sandbox, action: string, input: unknown = {}): Promise<Answer> {
  const answer = await fetch(`${sandbox.control}/mail/${action}`, { method: "POST", body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(((await answer.json()) as { error: string }).error);
  return (await answer.json()) as Answer;
}
const recent = async (sandbox: Sandbox, input: object = {}) =>
  act<{ mails: readonly ReceivedMail[]; last: number }>(sandbox, "recent", input);

/** Speaks SMTP by hand: each answer's last line, or "gone" when the server hangs up. */
function talk(sandbox: Sandbox): { say(line: string): Promise<string>; hear(): Promise<string>; socket: Socket } {
  const socket = connect(Number(new URL(sandbox.mail).port), "127.0.0.1");
  socket.on("error", () => {}); // being hung up on is what some tests wait for
  onTestFinished(() => void socket.destroy());
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const hear = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return "gone";
      if (/^\d{3}(?!-)/.test(value)) return value;
    }
  };
  const say = async (line: string): Promise<string> => {
    socket.write(`${line}\r\n`);
    return await hear();
  };
  return { say, hear, socket };
}

async function deliver(sandbox: Sandbox, body: string, to = ["anna@example.com"]): Promise<string> {
  const { say, hear } = talk(sandbox);
  await hear();
  await say("EHLO test");
  await say("MAIL FROM:<alerts@example.com>");
  for (const address of to) await say(`RCPT TO:<${address}>`);
  const ready = await say("DATA");
  return ready.startsWith("354") ? await say(`${body}\r\n.`) : ready;
}

describe("The mailbox", () => {
  test("takes mail for anybody and shows it newest first, with its words decoded", async () => {
    const sandbox = await start();
    const subject = "=?utf-8?Q?Ereignisse_warten_=E2=80=93_bitte?=";
    const first = `Subject: ${subject}\r\nMessage-ID: <one@example.com>\r\n\r\nHello Anna,\r\nsee you.`;
    expect(await deliver(sandbox, first, ["anna@example.com", "bo@example.org"])).toMatch(/^250/);
    expect(await deliver(sandbox, "Subject: second\r\n\r\nagain")).toMatch(/^250/);
    const { mails, last } = await recent(sandbox);
    expect(last).toBe(2);
    expect(mails.map(({ n, subject: line }) => [n, line])).toEqual([
      [2, "second"],
      [1, "Ereignisse warten – bitte"],
    ]);
    expect(mails[1]).toMatchObject({
      from: "alerts@example.com",
      to: ["anna@example.com", "bo@example.org"],
      messageId: "<one@example.com>",
      text: "Hello Anna,\nsee you.\n",
      headers: expect.arrayContaining([["Message-ID", "<one@example.com>"]]),
      receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("answers somebody who waits as soon as a mail comes", async () => {
    const sandbox = await start();
    const waiting = recent(sandbox, { waitMs: 30_000 });
    await deliver(sandbox, "Subject: at last\r\n\r\nhere");
    expect((await waiting).mails.map(({ subject }) => subject)).toEqual(["at last"]);
    expect((await recent(sandbox, { after: 1, waitMs: 1 })).mails).toEqual([]);
  });

  test("keeps its mails and its numbers over a restart, also once it was cleared", async () => {
    const dir = temporaryFolder();
    const before = await start(dir);
    await deliver(before, "Subject: one\r\n\r\n1");
    await deliver(before, "Subject: two\r\n\r\n2");
    await before.close();
    const after = await start(dir);
    expect((await recent(after)).mails.map(({ n }) => n)).toEqual([2, 1]);
    expect(await act(after, "clear")).toEqual({ cleared: 2 });
    expect(await recent(after)).toEqual({ mails: [], last: 2 });
    await after.close();
    const later = await start(dir);
    await deliver(later, "Subject: three\r\n\r\n3");
    expect((await recent(later)).mails.map(({ n }) => n)).toEqual([3]);
  });

  test("keeps the newest 500 and no more", () => {
    const kept = new KeptMails(join(temporaryFolder(), "mails.jsonl"));
    const mail = { receivedAt: "", from: "", to: [], subject: "", messageId: "", text: "", html: "", headers: [] };
    for (let n = 0; n < 520; n += 1) kept.add(mail);
    expect([kept.size, kept.last]).toEqual([500, 520]);
    expect(kept.newest(1000, 0).at(-1)?.n).toBe(21);
    kept.close();
  });

  test("refuses a mail that is too large and lives on", async () => {
    const sandbox = await start();
    const line = `${"x".repeat(998)}\r\n`;
    expect(await deliver(sandbox, `Subject: large\r\n\r\n${line.repeat(1_100)}`)).toMatch(/^552/);
    expect((await recent(sandbox)).mails).toEqual([]);
    expect(await deliver(sandbox, "Subject: small\r\n\r\nx")).toMatch(/^250/);
  });

  test.each([550, 451])("refuses recipients with %i when told to, one of them or all", async (refuse) => {
    const sandbox = await start();
    await act(sandbox, "fault", { refuse, to: "bo@example.org" });
    const { say, hear } = talk(sandbox);
    await hear();
    await say("EHLO test");
    await say("MAIL FROM:<alerts@example.com>");
    expect(await say("RCPT TO:<anna@example.com>")).toMatch(/^250/);
    expect(await say("RCPT TO:<bo@example.org>")).toMatch(new RegExp(`^${refuse}`));
    await act(sandbox, "fault", { refuse });
    expect(await deliver(sandbox, "Subject: x\r\n\r\nx")).not.toMatch(/^[23]/);
    await act(sandbox, "fault", {});
    expect(await deliver(sandbox, "Subject: x\r\n\r\nx")).toMatch(/^250/);
  });

  test("hangs up when it is down, as often as it was told", async () => {
    const sandbox = await start();
    await act(sandbox, "fault", { down: true, times: 2 });
    expect(await talk(sandbox).hear()).toBe("gone");
    expect(await talk(sandbox).hear()).toBe("gone");
    expect(await talk(sandbox).hear()).toMatch(/^220/);
  });

  test("takes the mail and hangs up when its answer is to be lost", async () => {
    const sandbox = await start();
    await act(sandbox, "fault", { dropAnswer: true });
    expect(await deliver(sandbox, "Subject: taken\r\n\r\nx")).toBe("gone");
    expect((await recent(sandbox)).mails.map(({ subject }) => subject)).toEqual(["taken"]);
  });

  test("ends at once while somebody waits for its greeting", async () => {
    const sandbox = await start();
    await act(sandbox, "fault", { slowMs: 60_000 });
    const heard = talk(sandbox).hear();
    const waiting = recent(sandbox, { waitMs: 30_000 }).catch(() => "gone");
    await act(sandbox, "state");
    await sandbox.close();
    expect(await heard).toBe("gone");
    expect(await waiting).toBe("gone");
  });

  test.each([
    ["fault", { slow: 3 }, "slow is no fault of the mail server"],
    ["fault", { refuse: 200 }, "refuse has no such value"],
    ["fault", { constructor: 1 }, "constructor is no fault of the mail server"],
    ["recent", { limit: -1 }, "limit must be a whole number from 0"],
  ])("says what is wrong with %s %o", async (action, input, error) => {
    await expect(act(await start(), action, input)).rejects.toThrow(error);
  });
});

import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMail, type MailOptions } from "../../server/mail/mail.ts";
import { createMailbox } from "../../server/sandbox/mailbox/index.ts";
import type { ReceivedMail } from "../../server/sandbox/mailbox/read-mail.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { temporaryFolder } from "../sandbox/meta-world.ts";

async function world(options: Partial<MailOptions> = {}) {
  const sandbox = await startSandbox({ dir: temporaryFolder(), simulators: { mail: createMailbox } });
  onTestFinished(() => sandbox.close());
  const mail = createMail({ url: sandbox.mail, from: "Stagewire <alerts@example.com>", ...options });
  onTestFinished(() => mail.close());
  return { sandbox, mail };
}
async function act<Answer>({ control }: Sandbox, action: string, input: object = {}): Promise<Answer> {
  const answer = await fetch(`${control}/mail/${action}`, { method: "POST", body: JSON.stringify(input) });
  return (await answer.json()) as Answer;
}
const arrived = async (sandbox: Sandbox): Promise<readonly ReceivedMail[]> =>
  (await act<{ mails: readonly ReceivedMail[] }>(sandbox, "recent")).mails;

const one = {
  id: "mai_1",
  to: "anna@example.com",
  subject: "Events wait",
  text: "Meta no longer accepts our access.\n",
};

describe("a mail", () => {
  test("arrives as plain text and as the same words in HTML, with the marks of a machine's mail", async () => {
    const at = new Date("2026-11-23T09:00:00Z");
    const { sandbox, mail } = await world({ clock: { now: () => at } });
    await mail.send({
      ...one,
      text: "12 events wait & <none> is lost.\n\nSee https://example.com/now?a=1&b=2.\nThen resume.\n",
    });
    const [got, ...more] = await arrived(sandbox);
    expect(more).toEqual([]);
    expect(got).toMatchObject({ from: "alerts@example.com", to: ["anna@example.com"], subject: "Events wait" });
    expect(got?.text.trim()).toBe(
      "12 events wait & <none> is lost.\n\nSee https://example.com/now?a=1&b=2.\nThen resume.",
    );
    expect(got?.html).toContain("<p>12 events wait &amp; &lt;none&gt; is lost.</p>");
    expect(got?.html).toContain(
      '<a href="https://example.com/now?a=1&amp;b=2">https://example.com/now?a=1&amp;b=2</a>.<br>',
    );
    expect(Object.fromEntries(got?.headers ?? [])).toMatchObject({
      From: "Stagewire <alerts@example.com>",
      To: "anna@example.com",
      Date: "Mon, 23 Nov 2026 09:00:00 +0000",
      "Message-ID": "<mai_1@example.com>",
      "Auto-Submitted": "auto-generated",
    });
  });

  test("has the same Message-ID each time it is sent, and one of its own", async () => {
    const { sandbox, mail } = await world();
    for (const id of ["mai_1", "mai_1", "mai_2", "a>\r\nb@c"]) await mail.send({ ...one, id });
    const ids = (await arrived(sandbox)).map(({ messageId }) => messageId).toReversed();
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toMatch(/^<[0-9a-f]{64}@example\.com>$/);
  });

  test("keeps letters of every script", async () => {
    const { sandbox, mail } = await world();
    const words = "Ереигниссе – 事件 🎉 ünïcode";
    await mail.send({ ...one, subject: words, text: words });
    expect((await arrived(sandbox))[0]).toMatchObject({ subject: words, text: expect.stringContaining(words) });
  });

  test("cannot be given headers, recipients or markup by what stands in it", async () => {
    const { sandbox, mail } = await world();
    const nasty = "x\r\nBcc: eve@example.net\r\n\r\n<script>alert(1)</script>\n.\nMAIL FROM:<eve@example.net>";
    await mail.send({ ...one, subject: nasty, text: nasty });
    const [got, ...more] = await arrived(sandbox);
    expect(more).toEqual([]);
    expect(got?.to).toEqual(["anna@example.com"]);
    expect(got?.headers.map(([name]) => name.toLowerCase())).not.toContain("bcc");
    expect(got?.subject).toBe("x Bcc: eve@example.net <script>alert(1)</script> . MAIL FROM:<eve@example.net>");
    expect(got?.html).not.toContain("<script>");
    expect(got?.text).toContain("\n.\n");
  });

  test.each([
    "anna@example.com, eve@example.net",
    "anna@example.com\r\nRCPT TO:<eve@example.net>",
    "Anna <anna@example.com>",
    "",
  ])("to %j goes to nobody: one bare address is all that is taken", async (to) => {
    const { sandbox, mail } = await world();
    await expect(mail.send({ ...one, to })).rejects.toMatchObject({ code: "not_allowed" });
    expect(await arrived(sandbox)).toEqual([]);
  });
});

describe("a mail server that", () => {
  test.each([
    [{ refuse: 550 }, "not_allowed"],
    [{ refuse: 451 }, "network_unreachable"],
    [{ down: true }, "network_no_answer"],
    [{ slowMs: 5_000 }, "network_no_answer"],
  ] as const)("answers %o makes it fail as %s, and takes the mail once it is well", async (fault, code) => {
    const { sandbox, mail } = await world({ patienceMs: 300 });
    await act(sandbox, "fault", fault);
    const failed = await mail.send(one).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: "Failure", code });
    expect(String(failed)).not.toContain("anna");
    expect(await arrived(sandbox)).toEqual([]);
    await act(sandbox, "fault", {});
    const patient = createMail({ url: sandbox.mail, from: "alerts@example.com" });
    await patient.send(one);
    patient.close();
    expect(await arrived(sandbox)).toHaveLength(1);
  });

  test("takes the mail and loses its answer is asked again, with the same Message-ID", async () => {
    const { sandbox, mail } = await world();
    await act(sandbox, "fault", { dropAnswer: true, times: 1 });
    await expect(mail.send(one)).rejects.toMatchObject({ code: "network_no_answer" });
    await mail.send(one);
    expect((await arrived(sandbox)).map(({ messageId }) => messageId)).toEqual([
      "<mai_1@example.com>",
      "<mai_1@example.com>",
    ]);
  });

  test("is not there makes it fail as not reachable", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as { port: number };
    await new Promise((resolve) => holder.close(resolve));
    const mail = createMail({ url: `smtp://127.0.0.1:${port}`, from: "alerts@example.com" });
    await expect(mail.send(one)).rejects.toMatchObject({ code: "network_unreachable" });
    mail.close();
  });

  test("is away from this machine must encrypt before it hears a password or a mail", async () => {
    const heard: string[] = [];
    const relay = createServer((socket) => {
      socket.write("220 hello\r\n");
      socket.on("data", (bytes) => {
        heard.push(String(bytes).slice(0, 4));
        socket.write(String(bytes).startsWith("EHLO") ? "250-hello\r\n250 AUTH PLAIN\r\n" : "502 no\r\n");
      });
      socket.on("error", () => {}); // the client hangs up
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => relay.once("listening", resolve));
    onTestFinished(() => void relay.close());
    const { port } = relay.address() as { port: number };
    // This very machine, by an address that does not say so.
    const mail = createMail({ url: `smtp://user:secret@0.0.0.0:${port}`, from: "alerts@example.com" });
    onTestFinished(() => mail.close());
    await expect(mail.send(one)).rejects.toMatchObject({ code: "config_invalid" });
    expect(heard).toEqual(["EHLO", "STAR"]);
  });

  test("wants a login gets the one in the address", async () => {
    const { sandbox } = await world();
    const mail = createMail({ url: sandbox.mail.replace("//", "//us%40er:p%3Ass@"), from: "alerts@example.com" });
    await mail.send(one);
    mail.close();
    expect(await arrived(sandbox)).toHaveLength(1);
  });
});

test("closing gives up what is under way", async () => {
  const { sandbox, mail } = await world();
  await act(sandbox, "fault", { slowMs: 60_000 });
  const sending = mail.send(one).catch((error: unknown) => error);
  mail.close();
  expect(await sending).toMatchObject({ code: "network_no_answer" });
});

test.each([
  "http://mail.example.com",
  "smtp://",
  "not an address",
  "smtp://mail.example.com?requireTLS=false",
  "smtps://mail.example.com/x",
])("the address %s is refused, and not repeated", (url) => {
  expect(() => createMail({ url, from: "a@b.c" })).toThrow(expect.objectContaining({ code: "config_invalid" }));
  expect(() => createMail({ url, from: "a@b.c" })).not.toThrow(url);
});

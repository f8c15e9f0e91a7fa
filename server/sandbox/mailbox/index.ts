import type { Server, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerError, type SMTPServerSession } from "smtp-server";
import type { Part } from "../simulator.ts";
import { FaultsFile, type MailFaults } from "./faults.ts";
import { KeptMails } from "./kept-mails.ts";
import { readMail } from "./read-mail.ts";

/** A catch-all mail server: whatever is sent to anybody arrives here, and nothing leaves. */
export interface Mailbox extends Part {
  readonly name: "mail";
  /** Speaks SMTP; to be bound to a port of loopback. */
  readonly server: Server;
  /** Ends every connection, and the server with them. */
  close(): Promise<void>;
}

const MOST_BYTES = 1_000_000;

export function createMailbox({ dir, now = () => new Date() }: { dir: string; now?: () => Date }): Mailbox {
  const mails = new KeptMails(join(dir, "mails.jsonl"));
  const faults = new FaultsFile(join(dir, "faults.jsonl"));
  const closing = new AbortController();
  const sockets = new Map<number, Socket>();
  const faultsOf = new Map<string, MailFaults>();

  const smtp = new SMTPServer({
    banner: "simulated mailbox, nothing leaves",
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MOST_BYTES,
    rejectOversized: true,
    logger: false,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? "anybody" }),
    onConnect(session, done) {
      const mine = faults.take();
      faultsOf.set(session.id, mine);
      const slow = wait(mine.slowMs ?? 0, undefined, { signal: closing.signal });
      slow.then(
        () => (mine.down ? hangUp(session) : done()),
        () => hangUp(session), // only the closing cuts it short
      );
    },
    onRcptTo({ address }, session, done) {
      const { refuse, to } = faultsOf.get(session.id) ?? {};
      if (refuse === undefined || (to !== undefined && to !== address)) return done();
      done(status(refuse, refuse < 500 ? "try again later" : "there is no such mailbox"));
    },
    onData(stream, session, done) {
      receive(stream, session).then(
        () => (faultsOf.get(session.id)?.dropAnswer ? hangUp(session) : done(null, "taken")),
        (error: unknown) => {
          console.error("the mailbox failed to take a mail:", error);
          done(status(451, "the mailbox failed; its output says why"));
        },
      );
    },
    onClose: ({ id }) => void faultsOf.delete(id),
  });
  smtp.on("error", () => {}); // a caller who hung up; whoever binds the port listens on the server itself
  smtp.server.on("connection", (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once("close", () => sockets.delete(remotePort));
  });

  const hangUp = ({ remotePort }: SMTPServerSession): void => void sockets.get(remotePort)?.destroy();

  async function receive(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
    if (stream.sizeExceeded) return; // answered with 552 by the server
    const mail = await readMail(Buffer.concat(chunks));
    const from = envelope.mailFrom ? envelope.mailFrom.address : "";
    mails.add({ receivedAt: now().toISOString(), from, to: envelope.rcptTo.map(({ address }) => address), ...mail });
  }

  return {
    name: "mail",
    server: smtp.server,
    actions: {
      /** Newest first. With `waitMs` (at most 30,000) an answer that would be empty waits for the next mail above `after`. */
      async recent({ limit = 50, after = 0, waitMs = 0 }: { limit?: number; after?: number; waitMs?: number }) {
        for (const [name, value] of Object.entries({ limit, after, waitMs }))
          if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number from 0`);
        if (waitMs > 0 && mails.last <= after) await mails.more(Math.min(30_000, waitMs));
        return { mails: mails.newest(limit, after), last: mails.last };
      },
      clear: () => ({ cleared: mails.clear() }),
      fault: (input: MailFaults) => faults.set(input),
      state: () => ({ mails: mails.size, faults: faults.now }),
    },
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => smtp.server.close(() => resolve()));
      for (const socket of sockets.values()) socket.destroy();
      if (smtp.server.listening) await closed;
      mails.close();
      faults.close();
    },
  };
}

const status = (responseCode: number, words: string): SMTPServerError =>
  Object.assign(new Error(words), { responseCode });

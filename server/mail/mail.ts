import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Clock } from "../../core/ports.ts";
import { htmlOf } from "./html.ts";
import { mailFailure } from "./mail-failure.ts";
import { destinationOf } from "./smtp-url.ts";

/**
 * Hands one mail to the mail server; resolves when it has taken it. The same id gives the same Message-ID, so that a mail sent
 * twice can be told to be one.
 *
 * @throws Failure `not_allowed` when this mail will never be taken, `config_invalid` when the mail server refuses us,
 * `network_unreachable` when it was not taken, `network_no_answer` when it may have been: worth another try all three
 */
export type SendMail = (mail: {
  readonly id: string;
  /** One address, bare. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}) => Promise<void>;

export interface Mail {
  readonly send: SendMail;
  /** Gives up what is under way. */
  close(): void;
}

export interface MailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. Encryption is required off this machine. */
  readonly url: string;
  /** `Stagewire <alerts@example.com>` */
  readonly from: string;
  readonly clock?: Clock;
  /** How long to wait for the whole exchange. */
  readonly patienceMs?: number;
}

/** Throws `config_invalid` when the address of the server cannot be one. */
export function createMail({ url, from, clock, patienceMs = 30_000 }: MailOptions): Mail {
  const closing = new AbortController();
  const transport = createTransport({
    ...destinationOf(url),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? "localhost";
  return {
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({
          from,
          // An object is one address and is never read as a list of them.
          to: { name: "", address: to },
          subject: subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim(),
          text,
          html: htmlOf(text),
          messageId: `<${messageName(id)}@${domain}>`,
          date: clock?.now() ?? new Date(),
          headers: {
            // RFC 3834: no person wrote this, and no machine is to answer it.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
          },
          signal: AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)]),
        });
      } catch (error) {
        throw mailFailure(error);
      }
    },
    close() {
      closing.abort();
      transport.close();
    },
  };
}

const messageName = (id: string): string =>
  /^[\w-]{1,100}$/.test(id) ? id : createHash("sha256").update(id).digest("hex");

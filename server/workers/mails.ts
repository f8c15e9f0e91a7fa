import { isFailure } from "../../core/errors.ts";
import type { Log, Random } from "../../core/ports.ts";
import type { FailureCode } from "../../core/problems.ts";
import { nextTry } from "../../core/retry.ts";
import type { SendMail } from "../mail/mail.ts";
import { claimMail, dueMails, noteFailed, noteSent, type WaitingMail } from "../store/mails.ts";
import type { Store } from "../store/open.ts";

export interface MailParts {
  readonly store: Pick<Store, "db">;
  readonly random: Random;
  readonly log: Log;
  readonly send: SendMail;
}

const perTurn = 100;
const tries = 10;
const longestMs = 48 * 3_600_000;
/** The first wait; each further one is twice as long, so that ten tries reach over two days. */
const firstWaitMs = 5 * 60_000;
/** Longer than a try can take. */
const claimMs = 5 * 60_000;

/**
 * Sends the mails that are due. A crash between sending and noting it sends the same mail again with the same Message-ID. One
 * that nobody takes is tried ten times within two days, then given up; its row says why.
 */
export const sendMails =
  ({ store: { db }, random, log, send }: MailParts) =>
  async (now: Date): Promise<void> => {
    for (const mail of await dueMails(db, now, perTurn)) {
      if (!(await claimMail(db, mail, new Date(now.getTime() + claimMs)))) continue;
      const failure = await send(mail).then(
        () => undefined,
        (error: unknown) => (isFailure(error) ? error.code : "unexpected"),
      );
      if (!failure) {
        await noteSent(db, mail, now);
        continue;
      }
      const refused = failure === "not_allowed" || failure === "input_invalid";
      const dueAt = refused ? undefined : nextTryOf(mail, random, now);
      const why: FailureCode = refused ? "mail_refused" : "mail_unavailable";
      await noteFailed(db, mail, why, dueAt);
      log.warn(dueAt ? "A mail waits" : "A mail is given up", { tenant: mail.tenantId, code: why, detail: failure });
      // It may be the server that is away: the others need not find out one by one.
      if (!refused) return;
    }
  };

/** Undefined once it has been tried often or long enough. */
function nextTryOf({ attempts, createdAt }: WaitingMail, random: Random, now: Date): Date | undefined {
  const failures = attempts + 1;
  const notBefore = new Date(now.getTime() + firstWaitMs * 2 ** attempts);
  if (failures >= tries || notBefore.getTime() > createdAt.getTime() + longestMs) return undefined;
  return nextTry(now, failures, random, { notBefore });
}

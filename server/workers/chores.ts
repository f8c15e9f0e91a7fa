import type { Log, Random } from "../../core/ports.ts";
import type { SendMail } from "../mail/mail.ts";
import type { LaneKey } from "../store/lanes.ts";
import type { Store } from "../store/open.ts";
import { ensurePartitions } from "../store/partitions.ts";
import { dropOld } from "../store/retention.ts";
import { expirePaused } from "../store/retention-paused.ts";
import { sendMails } from "./mails.ts";
import { watchProblems } from "./problems.ts";
import type { Chores } from "./upkeep.ts";

export interface ChoresParts {
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
  readonly crmName: (connector: string) => string;
  readonly consoleUrl: () => string;
  /** Absent: nobody is written to, and problems show in the console alone. */
  readonly send?: SendMail;
}

const minute = 60_000;
const hour = 60 * minute;

/** All housekeeping, and how often. Each is safe to be done twice, and to be killed in the middle. */
export function createChores({ store, random, log, crmName, consoleUrl, send }: ChoresParts): Chores {
  let droppedUpTo: LaneKey | undefined;
  return {
    problems: { everyMs: minute / 4, run: watchProblems({ store, log, crmName, consoleUrl }) },
    expiry: {
      everyMs: minute,
      async run(now) {
        const expired = await expirePaused(store, now);
        if (expired > 0) log.warn(`Gave up ${expired} events of paused datasets: expired`, { count: expired });
      },
    },
    retention: {
      everyMs: 6 * hour,
      async run(now) {
        droppedUpTo = await dropOld(store, now, { after: droppedUpTo });
        return droppedUpTo && "more";
      },
    },
    ...(store.partitions && {
      partitions: { everyMs: 6 * hour, run: (now) => ensurePartitions(store, now) },
    }),
    ...(send && { mails: { everyMs: minute / 4, run: sendMails({ store, random, log, send }) } }),
  };
}

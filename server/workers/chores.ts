import type { Log, Random } from "../../core/ports.ts";
import { type HeartbeatParts, keepAlive } from "../access/heartbeat.ts";
import { erasePeople } from "../lifecycle/erase-person.ts";
import { eraseWorkspaces } from "../lifecycle/erase-workspace.ts";
import { sayFarewells } from "../lifecycle/farewells.ts";
import type { LifecycleParts } from "../lifecycle/parts.ts";
import type { SendMail } from "../mail/mail.ts";
import { forgetEnded } from "../sign-in/session.ts";
import { purgeInvitations } from "../store/invitations.ts";
import type { LaneKey } from "../store/lanes.ts";
import type { Store } from "../store/open.ts";
import { ensurePartitions } from "../store/partitions.ts";
import { dropOld } from "../store/retention.ts";
import { expirePaused } from "../store/retention-paused.ts";
import { runTasks } from "../tasks/run.ts";
import { sendMails } from "./mails.ts";
import { watchProblems } from "./problems.ts";
import type { Chore, Chores } from "./upkeep.ts";

export interface ChoresParts {
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
  readonly crmName: (connector: string) => string;
  readonly consoleUrl: () => string;
  readonly heartbeat: HeartbeatParts;
  /** Forgets consents and installs that nobody went on with. */
  readonly purgeInstalls: Chore["run"];
  /** What erasing, and telling vendors that we are gone, works with. */
  readonly lifecycle: LifecycleParts;
  /** Renews accesses to Meta well before they end. */
  readonly renewMeta: Chore["run"];
  /** Absent: nobody is written to, and problems show in the console alone. */
  readonly send?: SendMail;
}

const minute = 60_000;
const hour = 60 * minute;
/** After their end: who invited whom stays in the audit log, without the address. */
const invitationsStayMs = 7 * 24 * hour;

/** All housekeeping, and how often. Each is safe to be done twice, and to be killed in the middle. */
export function createChores({
  store,
  random,
  log,
  crmName,
  consoleUrl,
  heartbeat,
  purgeInstalls,
  lifecycle,
  renewMeta,
  send,
}: ChoresParts): Chores {
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
    meta: { everyMs: hour, run: renewMeta },
    heartbeat: { everyMs: 6 * hour, run: keepAlive(heartbeat) },
    erasures: { everyMs: minute / 4, run: erasePeople(lifecycle) },
    endings: { everyMs: minute, run: eraseWorkspaces(lifecycle) },
    farewells: { everyMs: 10 * minute, run: sayFarewells(lifecycle) },
    installs: { everyMs: 5 * minute, run: purgeInstalls },
    tasks: { everyMs: minute / 12, run: runTasks(lifecycle) },
    sessions: { everyMs: 10 * minute, run: (now) => forgetEnded(store.db, now) },
    invitations: {
      everyMs: 6 * hour,
      run: (now) => purgeInvitations(store.db, new Date(now.getTime() - invitationsStayMs)),
    },
    ...(store.partitions && {
      partitions: { everyMs: 6 * hour, run: (now) => ensurePartitions(store, now) },
    }),
    ...(send && { mails: { everyMs: minute / 4, run: sendMails({ store, random, log, send }) } }),
  };
}

import { deadlineOf } from "../../core/meta/limits.ts";
import type { LaneReason } from "../../core/outbox.ts";
import { status } from "../../core/status.ts";
import type { StatusView } from "../api/schema.ts";
import type { ConnectionState, DatasetState } from "../store/overview.ts";

/** The one true sentence about a workspace: the same in the console, and in the CRM's own settings. */
export function statusOf(
  connections: readonly ConnectionState[],
  datasets: readonly DatasetState[],
  crmName: (connector: string) => string,
  now: Date,
): StatusView {
  const { deadlineAt, ...said } = status({
    now,
    timeZone: "UTC",
    // An in-house CRM that has pushed nothing yet is neither here nor there.
    connections: connections
      .filter(({ connector, lastChangeAt }) => connector !== "http" || lastChangeAt)
      .map(({ connector, sendFrom, why, pausedReason, lastReadAt, lastChangeAt }) => ({
        crmName: crmName(connector),
        live: sendFrom !== null,
        ...standing(pausedReason, why),
        ...(lastReadAt && { lastReadAt }),
        ...(lastChangeAt && { lastChangeAt }),
      })),
    datasets: datasets.map(({ waiting, pausedReason, why, dueAt, nextEventAt, lastAcceptedAt }) => ({
      waiting,
      ...(pausedReason && { blocked: pausedReason }),
      ...(why && { why }),
      ...(dueAt && { nextTryAt: dueAt }),
      ...(nextEventAt && { deadlineAt: deadlineOf(nextEventAt) }),
      ...(lastAcceptedAt && { lastAcceptedAt }),
    })),
  });
  return { ...said, ...(deadlineAt && { deadlineAt: deadlineAt.toISOString() }) };
}

/** A round that was under way when it was paused ends well, and leaves no reason to wait: what it was paused for stays true. */
const standing = (pausedReason: string | null, why: LaneReason | null) =>
  pausedReason ? { why: pausedReason as LaneReason, stopped: true } : { ...(why && { why }) };

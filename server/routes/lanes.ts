import { Failure } from "../../core/errors.ts";
import type { ConnectionId } from "../../core/types.ts";
import { checkAsked, laneView, nothing } from "../api/operations.ts";
import { writeAudit } from "../store/audit.ts";
import { laneState } from "../store/lane-state.ts";
import { type LaneKey, pauseLane, resumeLane, wakeLane } from "../store/lanes.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Pausing and resuming reading (a connection) and sending (a dataset), and looking at a CRM now. */
export const laneRoutes = (parts: ApiParts): readonly Route[] => [
  ...kinds.flatMap((of) => [pauseRoute(of, parts), resumeRoute(of, parts)]),
  checkNowRoute(parts),
];

const kinds = [
  { kind: "send", noun: "dataset", prefix: "dst" },
  { kind: "read", noun: "connection", prefix: "con" },
] as const;
type Kind = (typeof kinds)[number];

const keyIn = (
  { tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">,
  { kind, prefix }: Kind,
): LaneKey => ({
  tenantId: tenant.id,
  kind,
  id: idIn(params, "id", prefix),
});

const pauseRoute = (of: Kind, { store, clock }: ApiParts): Route =>
  apiRoute(
    {
      path: `/${of.noun}s/:id/pause`,
      who: "admin",
      summary: of.kind === "send" ? "Stop sending to a dataset" : "Stop reading a connection",
      body: nothing,
      answer: laneView,
      handle: async (call) =>
        await store.web(call.tenant.id, async (trx) => {
          const key = keyIn(call, of);
          const state = await laneState(trx, key);
          if (!state) throw new Failure("not_found", `${of.noun} ${key.id}`);
          // What it stands still for already is what has to be mended.
          if (state.pausedReason) return { paused: true, pausedCode: state.pausedReason };
          await pauseLane(trx, key, "by_admin");
          const deed = { who: call.who, what: `${of.noun}.paused`, about: { id: key.id } };
          await writeAudit(trx, key.tenantId, deed, call.now);
          return { paused: true, pausedCode: "by_admin" };
        }),
    },
    { clock },
  );

const resumeRoute = (of: Kind, { store, clock, wake }: ApiParts): Route =>
  apiRoute(
    {
      path: `/${of.noun}s/:id/resume`,
      who: "admin",
      summary: of.kind === "send" ? "Send to a dataset again" : "Read a connection again",
      body: nothing,
      answer: laneView,
      handle: async (call) => {
        await store.web(call.tenant.id, async (trx) => {
          const key = keyIn(call, of);
          const state = await laneState(trx, key);
          if (!state) throw new Failure("not_found", `${of.noun} ${key.id}`);
          if (!state.pausedReason) return;
          await resumeLane(trx, key, call.now);
          const about = { id: key.id, pausedCode: state.pausedReason };
          await writeAudit(trx, key.tenantId, { who: call.who, what: `${of.noun}.resumed`, about }, call.now);
        });
        wake(of.kind);
        return { paused: false };
      },
    },
    { clock },
  );

const checkNowRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/connections/:id/check-now",
      who: "admin",
      summary: "Look at a CRM now",
      limit: "costly",
      body: nothing,
      answer: checkAsked,
      handle: async (call) => {
        const { store, wake } = parts;
        const key = keyIn(call, kinds[1]);
        await store.web(call.tenant.id, async (trx) => {
          const state = await laneState(trx, key);
          if (!state) throw new Failure("not_found", `connection ${key.id}`);
          if (state.pausedReason) throw new Failure("conflict", "its reading is paused; resume it first");
          const deed = { who: call.who, what: "connection.check_asked", about: { id: key.id } };
          await writeAudit(trx, key.tenantId, deed, call.now);
          // A reader that waits after a failure tries again at once.
          await wakeLane(trx, key, call.now);
        });
        await store.outbox.ring(key.tenantId, key.id as ConnectionId, "all", call.now);
        wake("read");
        return { asked: true as const };
      },
    },
    parts,
  );

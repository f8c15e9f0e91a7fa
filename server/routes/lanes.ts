import { Failure } from "../../core/errors.ts";
import type { ConnectionId } from "../../core/types.ts";
import { checkAsked, laneView, nothing } from "../api/operations.ts";
import { nouns, type PausableLane, pauseByAdmin, resumeByAdmin } from "../lifecycle/pause.ts";
import { writeAudit } from "../store/audit.ts";
import { laneState } from "../store/lane-state.ts";
import { wakeLane } from "../store/lanes.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Pausing and resuming reading (a connection) and sending (a dataset), and looking at a CRM now. */
export const laneRoutes = (parts: ApiParts): readonly Route[] => [
  ...kinds.flatMap((of) => [pauseRoute(of, parts), resumeRoute(of, parts)]),
  checkNowRoute(parts),
];

const kinds = ["send", "read"] as const;
type Kind = (typeof kinds)[number];
const prefixes = { send: "dst", read: "con" } as const;

const keyIn = ({ tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">, kind: Kind): PausableLane => ({
  tenantId: tenant.id,
  kind,
  id: idIn(params, "id", prefixes[kind]),
});

const pauseRoute = (of: Kind, { store, clock }: ApiParts): Route =>
  apiRoute(
    {
      path: `/${nouns[of]}s/:id/pause`,
      who: "admin",
      summary: of === "send" ? "Stop sending to a dataset" : "Stop reading a connection",
      body: nothing,
      answer: laneView,
      handle: async (call) =>
        await store.web(call.tenant.id, async (trx) => ({
          paused: true,
          pausedCode: await pauseByAdmin(trx, keyIn(call, of), call),
        })),
    },
    { clock },
  );

const resumeRoute = (of: Kind, { store, clock, wake }: ApiParts): Route =>
  apiRoute(
    {
      path: `/${nouns[of]}s/:id/resume`,
      who: "admin",
      summary: of === "send" ? "Send to a dataset again" : "Read a connection again",
      body: nothing,
      answer: laneView,
      handle: async (call) => {
        await store.web(call.tenant.id, (trx) => resumeByAdmin(trx, keyIn(call, of), call));
        wake(of);
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
        const key = keyIn(call, "read");
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

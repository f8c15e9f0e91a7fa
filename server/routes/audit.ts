import { auditQuery, auditView, deeds } from "../api/audit.ts";
import { listAudit } from "../store/audit.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/audit`: who did what here. */
export const auditRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/audit",
      who: "viewer",
      summary: "What has been done here, the latest first",
      query: auditQuery,
      answer: auditView,
      handle: async ({ tenant, query: { limit, before, what, who } }) =>
        await parts.store.web(tenant.id, async (trx) => {
          const wanted = {
            limit,
            ...(before !== undefined && { before }),
            ...(what !== undefined && { what }),
            ...(who !== undefined && { who }),
          };
          const entries = await listAudit(trx, tenant.id, wanted);
          return {
            entries: entries.map(({ at, about, ...deed }) => ({
              ...deed,
              at: at.toISOString(),
              ...wordsOf(deed.what),
              about: { ...about },
            })),
          };
        }),
    },
    parts,
  );

const wordsOf = (what: string): { words?: string } =>
  Object.hasOwn(deeds, what) ? { words: deeds[what as keyof typeof deeds] } : {};

import { Failure } from "../../core/errors.ts";
import { changesOf } from "../../core/mapping-changes.ts";
import { draft } from "../../core/mapping-rows.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import {
  mappingAsked,
  mappingChecked,
  mappingDraft,
  mappingSaved,
  mappingView,
  versionsQuery,
  versionsView,
  versionView,
} from "../api/mapping.ts";
import { keptFigures } from "../figures/kept.ts";
import { connectorOf } from "../mapping/ask-crm.ts";
import { sizeOf, versionOf, viewOf, wholeVersionOf } from "../mapping/mapping-view.ts";
import { createPipelines } from "../mapping/pipelines.ts";
import { saveDraft } from "../mapping/save-mapping.ts";
import { saversOf } from "../mapping/savers.ts";
import { standingOf } from "../mapping/standing.ts";
import { findConnection } from "../store/connections.ts";
import { findMapping, listMappings, namesInUse } from "../store/mappings.ts";
import { countStageEntries, type StageEntries } from "../store/stage-entries.ts";
import { within } from "../within.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

const fourWeeks = 28 * 86_400_000;
/** Whoever looks at the page waits no longer for the counts; they are there at the next look. */
const countMs = 2_000;

/** Which stages of a connection are sent, and as what; every version of it. */
export const mappingRoutes = (parts: ApiParts): readonly Route[] => {
  const { store } = parts;
  const pipelines = createPipelines(parts);
  const kept = keptFigures<readonly StageEntries[]>(parts.clock);
  const entriesOf = (tenantId: TenantId, id: ConnectionId, since: Date) =>
    within(
      countMs,
      kept(JSON.stringify([tenantId, id]), () =>
        store.web(tenantId, (trx) => countStageEntries(trx, tenantId, id, since)),
      ),
    );
  return [
    apiRoute(
      {
        path: "/connections/:id/mapping",
        who: "viewer",
        summary: "Which stages are sent, beside the stages that the CRM has now",
        limit: "costly",
        answer: mappingView,
        handle: async ({ tenant, params, now }) => {
          const id = idIn<ConnectionId>(params, "id", "con");
          const since = new Date(now.getTime() - fourWeeks);
          const [standing, entries, names] = await Promise.all([
            standingOf(tenant.id, id, store, pipelines.now),
            entriesOf(tenant.id, id, since),
            store.web(tenant.id, (trx) => namesInUse(trx, tenant.id)),
          ]);
          const { saved, connection } = standing;
          const savedBy = saved && (await saversOf(store.db, [saved]))(saved);
          const { crmName } = connectorOf(connection, parts.connectors).manifest;
          return viewOf(standing, { now, crmName, savedBy, entries, namesInUse: names });
        },
      },
      parts,
    ),
    apiRoute(
      {
        path: "/connections/:id/mapping/check",
        who: "viewer",
        summary: "What would be wrong with a mapping, and what saving it would change; nothing is saved",
        limit: "costly",
        body: mappingDraft,
        answer: mappingChecked,
        handle: async ({ tenant, params, body: { rules, ...switches } }) => {
          const id = idIn<ConnectionId>(params, "id", "con");
          const { mapping, rows } = await standingOf(tenant.id, id, store, pipelines.recent);
          const made = draft(rules, rows, switches);
          const changes = changesOf(mapping, { ...made.mapping, version: mapping.version + 1 });
          return {
            version: mapping.version,
            issues: [...made.issues],
            changes: [...changes],
            ...sizeOf(made.mapping),
          };
        },
      },
      parts,
    ),
    apiRoute(
      {
        path: "/connections/:id/mapping",
        who: "admin",
        summary: "Save the next version of the mapping; it holds for what is read from now on",
        limit: "costly",
        body: mappingAsked,
        answer: mappingSaved,
        handle: async ({ tenant, who, params, body, now }) => {
          const id = idIn<ConnectionId>(params, "id", "con");
          const standing = await standingOf(tenant.id, id, store, pipelines.recent);
          const { saved, mapping } = standing;
          const before = saved && (await saversOf(store.db, [saved]))(saved);
          const next = await saveDraft(standing, before, { ...body, who }, store, now);
          const savedBy = (await saversOf(store.db, [next]))(next);
          return versionOf(next, next === saved ? undefined : mapping, savedBy);
        },
      },
      parts,
    ),
    ...versionRoutes(parts),
  ];
};

const versionRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/mapping/versions",
      who: "viewer",
      summary: "Every version of a mapping, the newest first: who saved it, when, and what it changed",
      query: versionsQuery,
      answer: versionsView,
      handle: async ({ tenant, params, query: { limit, cursor } }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const found = await parts.store.web(tenant.id, async (trx) => {
          if (!(await findConnection(trx, tenant.id, id))) throw new Failure("not_found", `connection ${id}`);
          const page = { limit: limit + 1, ...(cursor !== undefined && { before: Number(cursor.slice(1)) }) };
          return await listMappings(trx, tenant.id, id, page);
        });
        const listed = found.slice(0, limit);
        const saverOf = await saversOf(parts.store.db, listed);
        const last = listed.at(-1);
        return {
          versions: listed.map((saved, n) => versionOf(saved, found[n + 1]?.mapping, saverOf(saved))),
          ...(last && found.length > limit && { next: `v${last.mapping.version}` }),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/mapping/versions/:version",
      who: "viewer",
      summary: "One version of a mapping with all its stages",
      answer: versionView,
      handle: async ({ tenant, params }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const version = /^\d{1,9}$/.test(String(params.version)) ? Number(params.version) : 0;
        const [saved, before] = await parts.store.web(tenant.id, async (trx) => [
          version > 0 ? await findMapping(trx, tenant.id, id, version) : undefined,
          version > 1 ? await findMapping(trx, tenant.id, id, version - 1) : undefined,
        ]);
        if (!saved) throw new Failure("not_found", `version ${version}`);
        return wholeVersionOf(saved, before?.mapping, (await saversOf(parts.store.db, [saved]))(saved));
      },
    },
    parts,
  ),
];

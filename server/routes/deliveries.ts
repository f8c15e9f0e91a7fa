import { Failure } from "../../core/errors.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import { type DeliveriesFilter, deliveriesFilter, deliveriesQuery, deliveriesView } from "../api/deliveries.ts";
import { writeAudit } from "../store/audit.ts";
import { listDeliveries, listedFrom } from "../store/delivery-list.ts";
import type { Wanted } from "../store/delivery-wanted.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import { csvRoute } from "./csv-route.ts";
import { columns, fileRows } from "./deliveries-file.ts";
import { choicesRoute } from "./delivery-choices.ts";
import { placeIn, textOf } from "./delivery-cursor.ts";
import { labelsOf, listed } from "./listed-delivery.ts";
import type { Route } from "./route.ts";

/** Somebody waits for a page: what takes longer is answered as far as it has come. */
const pageMs = 80;
/** What became of every stage change: to be looked through, and as a file. */
export const deliveriesRoutes = (parts: ApiParts): readonly Route[] => [
  choicesRoute(parts),
  apiRoute(
    {
      path: "/deliveries",
      who: "viewer",
      summary: "What became of every stage change, the latest first",
      query: deliveriesQuery,
      answer: deliveriesView,
      handle: async ({ tenant, now, query: { limit, before, ...filter } }) => {
        const after = before === undefined ? undefined : placeIn(before);
        const asked = { ...askedOf(filter), ...(after && { after }), limit, now, budgetMs: pageMs };
        const { list, labels } = await parts.store.web(tenant.id, async (trx) => ({
          list: await listDeliveries(trx, tenant.id, asked),
          labels: await labelsOf(trx, tenant.id),
        }));
        const { rows, next, searchedTo, foundBy } = list;
        return {
          asOf: now.toISOString(),
          deliveries: rows.map((row) => listed(row, labels)),
          keptFrom: listedFrom(now).toISOString(),
          ...(next && { next: textOf(next) }),
          ...(searchedTo && { searchedTo: searchedTo.toISOString() }),
          ...(foundBy && { foundBy }),
        };
      },
    },
    parts,
  ),
  csvRoute(
    {
      path: "/deliveries.csv",
      who: "viewer",
      summary: "What became of stage changes, as a file",
      limit: "costly",
      query: deliveriesFilter,
      handle: async ({ tenant, who, now, query }) => {
        const { q, ...filter } = query;
        const about = { ...defined(filter), searched: q !== undefined };
        await parts.store.web(tenant.id, (trx) =>
          // What somebody searched for may be a person's lead id.
          writeAudit(trx, tenant.id, { who, what: "delivery.exported", about }, now),
        );
        return {
          name: `deliveries-${now.toISOString().slice(0, 10)}`,
          head: columns,
          rows: fileRows(tenant.id, { ...askedOf(query), now }, parts),
        };
      },
    },
    parts,
  ),
];

function askedOf({ state, reason, connection, dataset, pipeline, stage, event, step, from, to, q }: DeliveriesFilter) {
  const wanted: Wanted = {
    ...(state && { state }),
    ...(reason !== undefined && { reasons: reason.split(",").filter((code) => code !== "") }),
    ...(connection !== undefined && { connectionId: connection as ConnectionId }),
    ...(dataset !== undefined && { datasetId: dataset as DatasetId }),
    ...(pipeline !== undefined && { pipelineId: pipeline }),
    ...(stage !== undefined && { stageId: stage }),
    ...(event !== undefined && { eventName: event }),
    ...(step && { step }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
  const text = q?.trim();
  if (text === "") throw new Failure("input_invalid", "q: say what to look for");
  return { wanted, ...(text !== undefined && { text }) };
}

const defined = (filter: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

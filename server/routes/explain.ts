import { type ExplainPorts, type Explanation, explain } from "../../core/explain.ts";
import type { Source } from "../../core/ingest.ts";
import { skips } from "../../core/problems.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { createSource } from "../access/source.ts";
import { type ExplanationView, explainQuery, explanationView } from "../api/record.ts";
import { reasonOf } from "../api/words.ts";
import { entryStates } from "../store/deliveries.ts";
import { pushedOf } from "../store/pushed.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/connections/:id/explain`: what would be sent for a record, and why not, rule by rule. */
export const explainRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/connections/:id/explain",
      who: "viewer",
      summary: "What would be sent for a record, and why not, rule by rule",
      limit: "costly",
      query: explainQuery,
      answer: explanationView,
      handle: async ({ tenant, now, params, query }): Promise<ExplanationView> => {
        const record = { object: query.object, id: query.record };
        const id = idIn<ConnectionId>(params, "id", "con");
        const source = await createSource(tenant.id, id, { ...parts, lookOnly: true });
        const explanation = await explain(record, source, explainPorts(tenant.id, id, parts));
        const states = await parts.store.web(tenant.id, (trx) => entryStates(trx, tenant.id, id, record));
        return { asOf: now.toISOString(), ...viewOf(explanation, source, states) };
      },
    },
    parts,
  );

/** What core needs to explain records of this connection. */
export const explainPorts = (
  tenantId: TenantId,
  connectionId: ConnectionId,
  { store, clock }: Pick<ApiParts, "store" | "clock">,
): ExplainPorts => ({
  outbox: store.outbox,
  clock,
  pushed: (record) => store.web(tenantId, (trx) => pushedOf(trx, tenantId, connectionId, record)),
});

export function viewOf(
  { entries, keys, leftOut, ...about }: Explanation,
  { setting: { mapping } }: Source,
  states: Awaited<ReturnType<typeof entryStates>>,
): Omit<ExplanationView, "asOf"> {
  return {
    ...about,
    keys: [...keys],
    leftOut: [...leftOut],
    mappingVersion: mapping.mapping.version,
    entries: entries.map(({ entry, ledger, next, ifNew, rules, payload }) => {
      const { pipelineId, stageId, enteredAt, timeQuality, filled } = entry;
      const eventName = mapping.rule(pipelineId, stageId)?.eventName;
      const delivery = ledger && states.get(ledger.place);
      const title = ledger && ledger.outcome !== "event" ? skips[ledger.outcome].title : undefined;
      return {
        pipelineId,
        stageId,
        ...(eventName !== undefined && { eventName }),
        enteredAt: enteredAt.toISOString(),
        timeQuality,
        filled,
        ...(ledger && { ledger: { ...ledger, ...(title && { title }) } }),
        ...(delivery && {
          delivery: {
            datasetId: delivery.datasetId,
            seq: delivery.seq,
            state: delivery.state,
            ...(delivery.reason && { reason: reasonOf(delivery.reason) }),
          },
        }),
        ...(next && { next }),
        ...(ifNew && { ifNew }),
        rules: rules.map(({ rule, answer }) => {
          const { title, fix } = skips[rule];
          return { rule, title, fix, answer };
        }),
        ...(payload !== undefined && { payload }),
      };
    }),
  };
}

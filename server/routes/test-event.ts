import { Failure } from "../../core/errors.ts";
import type { ExplainedEntry } from "../../core/explain.ts";
import type { ConnectionId, Dataset, TenantId } from "../../core/types.ts";
import { type TestEventAsked, testEventAnswer, testEventAsked } from "../api/test-event.ts";
import { writeAudit } from "../store/audit.ts";
import { findConnection } from "../store/connections.ts";
import { listReached } from "../store/datasets.ts";
import { setMark } from "../store/setup-marks.ts";
import { explainAsIfLive } from "../test-event/as-if-live.ts";
import { sendTestEvent } from "../test-event/send-test-event.ts";
import { apiRoute, HeldBack, idIn } from "./api-route.ts";
import type { DatasetParts } from "./datasets.ts";
import type { Route } from "./route.ts";

/** `POST /api/v1/connections/:id/test-event`: one event of a real lead, with a test code, once. */
export const testEventRoute = (parts: DatasetParts): Route =>
  apiRoute(
    {
      path: "/connections/:id/test-event",
      who: "admin",
      limit: "test_event",
      summary: "Sends the event of a lead to Test Events, once; Meta counts it all the same",
      body: testEventAsked,
      answer: testEventAnswer,
      handle: async ({ tenant, who, now, params, body }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const dataset = await datasetOf(tenant.id, id, parts);
        const record = { object: body.object, id: body.record };
        const { explanation } = await explainAsIfLive(tenant.id, id, record, parts);
        const entry = entryIn(explanation.entries, body);
        if (entry.ifNew !== undefined && entry.ifNew !== "event") return new HeldBack(entry.ifNew);
        if (entry.payload === undefined)
          throw new Failure("conflict", "the person was pushed to us and is no longer kept; push the change again");
        const about = { id, dataset: dataset.id, pipeline: body.pipelineId, stage: body.stageId };
        // What leaves is written down before it leaves.
        await parts.store.web(tenant.id, (trx) =>
          writeAudit(trx, tenant.id, { who, what: "test_event.sent", about }, now),
        );
        const answer = await sendTestEvent(entry.payload, body.code, dataset, parts);
        if (answer.outcome === "accepted")
          await parts.store.web(tenant.id, (trx) =>
            setMark(trx, tenant.id, id, { mark: "preview", how: "done", who }, now),
          );
        return answer;
      },
    },
    parts,
  );

/** The dataset that the connection's events go to, or would go to. */
async function datasetOf(tenantId: TenantId, id: ConnectionId, { store }: DatasetParts): Promise<Dataset> {
  return await store.web(tenantId, async (trx) => {
    const connection = await findConnection(trx, tenantId, id);
    if (!connection) throw new Failure("not_found", `connection ${id}`);
    const open = (await listReached(trx, tenantId)).filter(({ disconnectedAt }) => !disconnectedAt);
    const dataset = open.find((one) => one.id === connection.datasetId) ?? (open.length === 1 ? open[0] : undefined);
    if (!dataset) throw new Failure("conflict", "connect the dataset at Meta first that its events are to go to");
    return dataset;
  });
}

/** The newest entry into this stage. */
function entryIn(entries: readonly ExplainedEntry[], { pipelineId, stageId }: TestEventAsked): ExplainedEntry {
  const found = entries.findLast(({ entry }) => entry.pipelineId === pipelineId && entry.stageId === stageId);
  if (!found) throw new Failure("not_found", "the record never was in this stage");
  return found;
}

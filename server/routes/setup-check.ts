import { isFailure } from "../../core/errors.ts";
import { problemOf } from "../../core/problems.ts";
import type { ConnectionId, Dataset, TenantId } from "../../core/types.ts";
import { createSource } from "../access/source.ts";
import { type SetupCheck, setupCheck, setupQuery } from "../api/setup.ts";
import { checkDataset } from "../meta/check-dataset.ts";
import { accountStates } from "../store/accounts.ts";
import { listReached } from "../store/datasets.ts";
import { destinations } from "../workers/sending.ts";
import { apiRoute } from "./api-route.ts";
import type { DatasetParts } from "./datasets.ts";
import type { Route } from "./route.ts";
import { accountAmong } from "./setup.ts";

type Check = SetupCheck["checks"][number];

/** `GET /api/v1/setup/check`: asks the CRM and Meta whether what is connected really works. */
export const setupCheckRoute = (parts: DatasetParts): Route =>
  apiRoute(
    {
      path: "/setup/check",
      who: "viewer",
      limit: "costly",
      summary: "Asks the CRM and Meta whether what is connected works; leaves nothing there",
      query: setupQuery,
      answer: setupCheck,
      handle: async ({ tenant, now, query }) => {
        const { accounts, datasets } = await parts.store.web(tenant.id, async (trx) => ({
          accounts: await accountStates(trx, tenant.id),
          datasets: (await listReached(trx, tenant.id)).filter(({ disconnectedAt }) => !disconnectedAt),
        }));
        const account = accountAmong(accounts, query.connection);
        const dataset = datasets.find(({ id }) => id === account?.datasetId) ?? datasets[0];
        const checks = await Promise.all([
          ...(account ? [checkCrm(tenant.id, account.id, parts)] : []),
          ...(dataset ? [checkMeta(dataset, parts)] : []),
        ]);
        return { asOf: now.toISOString(), checks: checks.flat() };
      },
    },
    parts,
  );

async function checkCrm(tenantId: TenantId, id: ConnectionId, parts: DatasetParts): Promise<readonly Check[]> {
  try {
    const { connector, access, setting } = await createSource(tenantId, id, { ...parts, lookOnly: true });
    const { crmName } = connector.manifest;
    const { ok, probes } = await connector.check(access);
    const wrong = probes.filter((probe) => !probe.ok);
    const fix = wrong.flatMap(({ hint }) => hint ?? []).join(" ");
    const words = ok ? `${crmName} answers, and shows what is needed.` : `${crmName} does not show all that is needed.`;
    const there = new Set(
      (await connector.pipelines(access)).flatMap(({ id: pipeline, stages }) =>
        stages.filter(({ active }) => active).map((stage) => JSON.stringify([pipeline, stage.id])),
      ),
    );
    const mapped = new Set(
      setting.mapping.mapping.rules.map(({ pipelineId, stageId }) => JSON.stringify([pipelineId, stageId])),
    );
    const fresh = [...there].filter((stage) => !mapped.has(stage)).length;
    return [
      { step: "crm", state: ok ? "ok" : "failed", words, ...(fix && { fix }) },
      {
        step: "mapping",
        state: fresh === 0 ? "ok" : "failed",
        words:
          fresh === 0
            ? `Every stage of ${crmName} has its row.`
            : `${crmName} has ${fresh === 1 ? "a stage that is" : `${fresh} stages that are`} not in the mapping.`,
        ...(fresh > 0 && { fix: "Choose what is sent of them, and save." }),
      },
    ];
  } catch (error) {
    return [{ step: "crm", ...failed(error) }];
  }
}

async function checkMeta(
  dataset: Pick<Dataset, "tenantId" | "id" | "metaId" | "name">,
  parts: DatasetParts,
): Promise<readonly Check[]> {
  const { store, vault, meta, clock } = parts;
  const destination = await destinations({ store, vault, metaAppSecret: meta.app?.secret })(dataset);
  if (!destination) {
    const { title, fix } = problemOf("meta_token");
    return [{ step: "meta", state: "failed", words: `${dataset.name}: ${title}.`, fix }];
  }
  const { ok, steps } = await checkDataset(dataset.metaId, destination, { graph: meta.graph, send: meta.send, clock });
  const wrong = steps.find(({ state }) => state === "failed");
  if (ok || !wrong) return [{ step: "meta", state: "ok", words: `Meta takes events for ${dataset.name}.` }];
  return [{ step: "meta", state: "failed", words: wrong.words, ...(wrong.fix !== undefined && { fix: wrong.fix }) }];
}

/** A vendor that does not answer just now speaks neither for nor against. */
function failed(error: unknown): Omit<Check, "step"> {
  if (!isFailure(error)) throw error;
  const { title, effect, fix } = problemOf(error.code);
  const passing = ["network_unreachable", "network_no_answer", "crm_unavailable", "crm_limit"].includes(error.code);
  return { state: passing ? "unseen" : "failed", words: `${title}. ${effect}`, fix };
}

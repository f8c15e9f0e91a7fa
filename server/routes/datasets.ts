import type { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Dataset } from "../../core/types.ts";
import {
  datasetConnected as connectedForm,
  datasetChecked,
  datasetChecking,
  type datasetConnected,
  datasetPasted,
  datasetsView,
} from "../api/datasets.ts";
import { checkDataset } from "../meta/check-dataset.ts";
import { type Checked, whyNot } from "../meta/check-words.ts";
import { keepDataset } from "../meta/keep-dataset.ts";
import type { MetaParts } from "../meta/parts.ts";
import { writeAudit } from "../store/audit.ts";
import { listReached, type Reach, sendThere } from "../store/datasets.ts";
import type { Vault } from "../store/vault.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

export interface DatasetParts extends ApiParts {
  readonly vault: Vault;
  readonly meta: MetaParts;
}

/** A dataset and the token that was made for it in Events Manager: looked at, and connected. */
export const datasetRoutes = (parts: DatasetParts): readonly Route[] => [
  apiRoute(
    {
      path: "/datasets",
      who: "viewer",
      summary: "The datasets of the workspace, how each is reached and until when",
      answer: datasetsView,
      handle: async ({ tenant }) => ({
        datasets: await parts.store.web(tenant.id, async (trx) =>
          (await listReached(trx, tenant.id)).map(({ disconnectedAt, ...dataset }) => ({
            ...viewOf(dataset, dataset),
            ...(disconnectedAt && { disconnectedAt: disconnectedAt.toISOString() }),
          })),
        ),
      }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/datasets/check",
      who: "admin",
      limit: "costly",
      summary: "Asks Meta whether a token may send to a dataset, step by step; leaves nothing there",
      body: datasetChecking,
      answer: datasetChecked,
      handle: async ({ body: { metaId, token } }) => checkedView(await checkDataset(metaId, { token }, partsOf(parts))),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/datasets",
      who: "admin",
      limit: "costly",
      summary: "Connects a dataset with a pasted token; again: replaces the token, and sends what waited for it",
      body: datasetPasted,
      answer: connectedForm,
      handle: async ({ tenant, who, now, body: { metaId, token, name } }) => {
        const checked = await checkDataset(metaId, { token }, partsOf(parts));
        if (!checked.ok) throw new Failure("input_invalid", whyNot(checked));
        const reach: Reach = {
          via: "pasted",
          connectedBy: who,
          ...(checked.endsAt && { accessEndsAt: checked.endsAt }),
        };
        const wanted = { tenantId: tenant.id, metaId, name: name ?? checked.name ?? `Dataset ${metaId}`, reach };
        const made = await parts.store.db.transaction().execute(async (trx) => {
          const dataset = await keepDataset(trx, wanted, { token }, parts.vault, now);
          await sendThere(trx, dataset);
          const about = { id: dataset.id, metaId, via: reach.via };
          await writeAudit(trx, tenant.id, { who, what: "dataset.connected", about }, now);
          return dataset;
        });
        parts.wake("send");
        return viewOf(made, reach);
      },
    },
    parts,
  ),
];

export const viewOf = (
  { id, metaId, name }: Dataset,
  { via, accessEndsAt }: Reach,
): z.infer<typeof datasetConnected> => ({
  id,
  metaId,
  name,
  via,
  ...(accessEndsAt && { accessEndsAt: accessEndsAt.toISOString() }),
});

const checkedView = ({ endsAt, ...checked }: Checked): z.infer<typeof datasetChecked> => ({
  ...checked,
  steps: [...checked.steps],
  ...(endsAt && { endsAt: endsAt.toISOString() }),
});

const partsOf = ({ meta: { graph, send }, clock }: DatasetParts) => ({ graph, send, clock });

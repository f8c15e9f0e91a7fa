import { Failure } from "../../core/errors.ts";
import {
  datasetConnected,
  type MetaChoice,
  metaBusinesses,
  metaChoice,
  metaDatasets,
  metaDatasetsQuery,
  metaLoginView,
} from "../api/datasets.ts";
import { createCrmDataset, listBusinessDatasets, listBusinesses } from "../meta/businesses.ts";
import { chooseDataset } from "../meta/choose-dataset.ts";
import type { Bearer } from "../meta/graph.ts";
import { findLogin, type MetaLogin } from "../meta/login.ts";
import { listReached } from "../store/datasets.ts";
import { apiRoute, type Call } from "./api-route.ts";
import { type DatasetParts, viewOf } from "./datasets.ts";
import { appOf } from "./meta-login.ts";
import type { Route } from "./route.ts";

/** After signing in at Meta: which business and which dataset. */
export const metaChooseRoutes = (parts: DatasetParts): readonly Route[] => [
  apiRoute(
    {
      path: "/meta/login",
      who: "admin",
      summary: "Whether signing in at Meta is set up, and whether a dataset is to be chosen after it",
      answer: metaLoginView,
      handle: async ({ tenant, now }) => ({
        offered: parts.meta.app !== undefined,
        waiting: (await findLogin(parts.store.db, tenant.id, parts.vault, now)) !== undefined,
      }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/meta/businesses",
      who: "admin",
      limit: "costly",
      summary: "The businesses at Meta that were opened to us",
      answer: metaBusinesses,
      handle: async (call) => {
        const { login, by } = await signedIn(call, parts);
        const businesses = await listBusinesses(parts.meta.graph, login, by);
        return { businesses: businesses.map(({ id, name }) => ({ id, name: name || `Business ${id}` })) };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/meta/datasets",
      who: "admin",
      limit: "costly",
      summary: "The datasets of a business, and whether we may send there",
      query: metaDatasetsQuery,
      answer: metaDatasets,
      handle: async (call) => {
        const { login, by } = await signedIn(call, parts);
        const business = mayChoose(login, call.query.business);
        const datasets = await listBusinessDatasets(parts.meta.graph, business, by);
        const known = await parts.store.web(call.tenant.id, (trx) => listReached(trx, call.tenant.id));
        const connected = new Set(known.filter((each) => !each.disconnectedAt).map(({ metaId }) => metaId));
        return { datasets: datasets.map((each) => ({ ...each, connected: connected.has(each.metaId) })) };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/meta/choose",
      who: "admin",
      limit: "costly",
      summary: "Connects a dataset of a business, or makes a new CRM dataset there and connects it",
      body: metaChoice,
      answer: datasetConnected,
      handle: async (call) => {
        const { login, by } = await signedIn(call, parts);
        const businessId = mayChoose(login, call.body.business);
        const metaId = await wanted(call.body, businessId, by, parts);
        const { tenant, who, now } = call;
        const chosen = { tenantId: tenant.id, businessId, metaId, who };
        const made = await chooseDataset(chosen, login, appOf(parts), parts, now);
        parts.wake("send");
        return viewOf(made, made.reach);
      },
    },
    parts,
  ),
];

/** @throws Failure `meta_login` when nobody of this workspace has signed in at Meta, or long ago */
async function signedIn(
  { tenant, now }: Pick<Call<unknown, unknown>, "tenant" | "now">,
  parts: DatasetParts,
): Promise<{ login: MetaLogin; by: Bearer }> {
  const app = appOf(parts);
  const login = await findLogin(parts.store.db, tenant.id, parts.vault, now);
  if (!login) throw new Failure("meta_login", "sign in at Meta first; a sign-in serves for an hour");
  return { login, by: { token: login.token, appSecret: app.secret } };
}

/** Where one business was opened to us there is no choice of another. */
function mayChoose({ businessId }: MetaLogin, asked: string): string {
  if (businessId !== undefined && businessId !== asked)
    throw new Failure("not_allowed", "this business was not opened");
  return asked;
}

/** Only what the business itself shows is chosen; a new one is made first. */
async function wanted(
  choice: MetaChoice,
  businessId: string,
  by: Bearer,
  { meta: { graph } }: DatasetParts,
): Promise<string> {
  if ("create" in choice) return await createCrmDataset(graph, businessId, choice.create.name, by);
  const found = (await listBusinessDatasets(graph, businessId, by)).find(({ metaId }) => metaId === choice.metaId);
  if (!found) throw new Failure("not_found", "the business shows no such dataset");
  if (!found.permitted) throw new Failure("meta_login", "the business does not let us send to this dataset");
  return found.metaId;
}

import { Failure } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { Dataset, PersonId, TenantId } from "../../core/types.ts";
import { writeAudit } from "../store/audit.ts";
import { type Reach, sendThere } from "../store/datasets.ts";
import { metaIssuer } from "../store/meta-grants.ts";
import type { Store } from "../store/open.ts";
import { knowPerson } from "../store/people.ts";
import type { Vault } from "../store/vault.ts";
import { checkDataset } from "./check-dataset.ts";
import { whyNot } from "./check-words.ts";
import { keepDataset } from "./keep-dataset.ts";
import { forgetLogin, type MetaLogin } from "./login.ts";
import type { MetaApp, MetaParts } from "./parts.ts";
import { appBearer } from "./sign-in.ts";
import { systemUserToken } from "./system-user-token.ts";
import { tokenFacts } from "./token-facts.ts";

export interface ChooseParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly meta: MetaParts;
}
interface Chosen {
  readonly tenantId: TenantId;
  readonly businessId: string;
  readonly metaId: string;
  readonly who: PersonId;
}

/**
 * Connects a dataset with what signing in at Meta gave us, which is forgotten by that: what stays is the business's own token.
 *
 * @throws Failure `meta_login`, in the words of the step that failed
 */
export async function chooseDataset(
  { tenantId, businessId, metaId, who }: Chosen,
  login: MetaLogin,
  app: MetaApp,
  { store, vault, clock, meta }: ChooseParts,
  now: Date,
): Promise<Dataset & { readonly reach: Reach }> {
  const { graph, send } = meta;
  const by = { token: login.token, appSecret: app.secret };
  const token = await systemUserToken(graph, { businessId, metaId, scopes: login.scopes }, by);
  const checked = await checkDataset(metaId, { token, appSecret: app.secret }, { graph, send, clock });
  if (!checked.ok) throw new Failure("meta_login", whyNot(checked));
  // Asked as the app: it alone is told of every token of its own.
  const endsAt = (await tokenFacts(graph, token, appBearer(app))).told?.endsAt;
  return await store.db.transaction().execute(async (trx) => {
    const person = await knowPerson(trx, { issuer: metaIssuer, subject: login.userId }, now);
    const reach: Reach = { via: "login", businessId, connectedBy: person.id, ...(endsAt && { accessEndsAt: endsAt }) };
    const name = checked.name ?? `Dataset ${metaId}`;
    const made = await keepDataset(trx, { tenantId, metaId, name, reach }, { token, client: "app" }, vault, now);
    await sendThere(trx, made);
    await forgetLogin(trx, tenantId);
    const about = { id: made.id, metaId, via: reach.via, business: businessId };
    await writeAudit(trx, tenantId, { who, what: "dataset.connected", about }, now);
    return { ...made, reach };
  });
}

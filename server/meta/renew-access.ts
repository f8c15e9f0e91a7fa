import { z } from "zod";
import { isFailure } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import { accessEnd, endingByLogin, noteAccessEnd, type ReachedDataset } from "../store/datasets.ts";
import type { Store } from "../store/open.ts";
import { leaseSecret, loadSecret, saveSecret } from "../store/secrets.ts";
import type { Vault } from "../store/vault.ts";
import { MetaAccess, metaAccessOf } from "../workers/sending.ts";
import type { Graph } from "./graph.ts";
import { forgetOldLogins } from "./login.ts";
import type { MetaApp, MetaParts } from "./parts.ts";
import { appBearer, refused } from "./sign-in.ts";
import { tokenFacts } from "./token-facts.ts";

export interface RenewParts {
  readonly store: Pick<Store, "db">;
  readonly vault: Vault;
  readonly meta: Pick<MetaParts, "graph" | "app">;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** Accesses of sixty days are renewed at half of their time: many tries are left before anybody has to be told. */
const aheadMs = 30 * dayMs;
const atOnce = 100;
/** Whoever renews has this long; then another may try. */
const renewalMs = 60_000;

/**
 * Renews what was granted by login and ends, long before it does; what cannot be renewed is told of 14 days before its end
 * (core/open-problems.ts). Forgets logins that nobody chose a dataset with. A chore.
 */
export const renewAccess =
  (parts: RenewParts) =>
  async (now: Date): Promise<void> => {
    const { store, meta, log } = parts;
    await forgetOldLogins(store.db, now);
    if (!meta.app) return;
    for (const dataset of await endingByLogin(store.db, new Date(now.getTime() + aheadMs), atOnce))
      try {
        await renewOne(dataset, meta.app, parts, now);
      } catch (error) {
        if (!isFailure(error) || error.code === "store_unavailable") throw error;
        // Tried again next time; the others are not kept from theirs.
        log.warn(`An access to Meta was not renewed: ${error.message}`, { dataset: dataset.id, code: error.code });
      }
  };

async function renewOne(dataset: ReachedDataset, app: MetaApp, { store, vault, meta }: RenewParts, now: Date) {
  const { db } = store;
  const place = metaAccessOf(dataset);
  const sealed = await loadSecret(db, place);
  // Both change in one transaction: with a secret of before, either this or the lease shows that somebody was faster.
  if (!endsSoon(await accessEnd(db, dataset), now)) return;
  const until = new Date(now.getTime() + renewalMs);
  if (!sealed || !(await leaseSecret(db, place, sealed.generation, now, until))) return;
  const access = MetaAccess.parse(JSON.parse(vault.open(place, sealed)));
  const token = await longer(meta.graph, access.token, app);
  const facts = await tokenFacts(meta.graph, token, appBearer(app));
  if (facts.refused) throw refused("the new token could not be looked at", facts.refused);
  const { endsAt } = facts.told;
  await db.transaction().execute(async (trx) => {
    const kept = await saveSecret(
      trx,
      place,
      vault.seal(place, JSON.stringify({ ...access, token })),
      sealed.generation,
      now,
    );
    // Connected anew meanwhile: that access has an end of its own.
    if (kept) await noteAccessEnd(trx, dataset, endsAt ?? null);
  });
}

const endsSoon = (endsAt: Date | undefined, now: Date): boolean =>
  endsAt !== undefined && endsAt.getTime() < now.getTime() + aheadMs;

/**
 * A token that lives for sixty days from now, for one that still lives ("Long-lived access tokens", "System users").
 *
 * @throws Failure `meta_login`
 */
async function longer(graph: Graph, token: string, app: MetaApp): Promise<string> {
  const form = z.looseObject({ access_token: z.string().min(1) });
  const asked = await graph.post(
    "oauth/access_token",
    { grant_type: "fb_exchange_token", client_id: app.id, client_secret: app.secret, fb_exchange_token: token },
    undefined,
    form,
  );
  if (asked.refused) throw refused("the exchange was refused", asked.refused);
  return asked.told.access_token;
}

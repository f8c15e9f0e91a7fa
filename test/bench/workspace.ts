import type { Connection, DatasetId, TenantId } from "../../core/types.ts";
import { createTokens, type Tokens } from "../../server/access/tokens.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import type { Store } from "../../server/store/open.ts";
import { createVault, type Vault } from "../../server/store/vault.ts";
import { connectCrm, connectMeta, ensureTenant } from "../../server/workspaces/workspace.ts";
import { setting } from "./people.ts";

export const clock = { now: () => new Date() };
export const metaToken = `EAA${"t".repeat(200)}`;

/** One customer with accounts numbered from 0, each with a dataset of its own whose number at Meta is `metaIdOf`. */
export interface Workspace {
  readonly tenantId: TenantId;
  readonly connections: readonly Connection[];
  readonly datasets: readonly DatasetId[];
}
export const metaIdOf = (account: number): string => String(1_000_000 + account);

export interface Keys {
  readonly vault: Vault;
  readonly tokens: Tokens;
}
/** Every process of a run has the same. */
export function keysTo({ db }: Store): Keys {
  const vault = createVault([{ id: "k", key: "0".repeat(64) }]);
  return { vault, tokens: createTokens({ db, vault, clock }) };
}

/** Connected as a customer would, live, and mapped; nothing is read yet. */
export async function openWorkspace(
  store: Store,
  accounts: number,
  meta: { metaId?: (account: number) => string; token?: string; connector?: string } = {},
): Promise<Workspace> {
  const { metaId = metaIdOf, token = metaToken, connector = "bench" } = meta;
  const parts = { store, clock, ...keysTo(store) };
  const { id: tenantId } = await ensureTenant("Bench", { defaultCountry: "US" }, parts);
  const connections: Connection[] = [];
  const datasets: DatasetId[] = [];
  for (let n = 0; n < accounts; n += 1) {
    const datasetId = await connectMeta(tenantId, { metaId: metaId(n), name: "x" }, { token }, parts);
    const account = { tenantId, connector, accountId: String(n), name: "x", config: {}, datasetId, sendFrom: longAgo };
    const made = await connectCrm(account, { type: "static", accessToken: "t" }, parts);
    const { version: _, ...mapping } = setting.mapping.mapping;
    await saveMapping(store.db, tenantId, made.id, { from: 0, mapping, savedBy: "bench" }, clock.now());
    connections.push(made);
    datasets.push(datasetId);
  }
  return { tenantId, connections, datasets };
}
const longAgo = new Date(0);

/** Events written to the log, and those that Meta has taken or that were given up. */
export async function progress({ pool }: Store, tenantId: TenantId): Promise<{ kept: number; settled: number }> {
  const { rows } = await pool.query(
    `select coalesce(sum(next_seq - 1), 0)::float8 as kept, coalesce(sum(cursor_seq), 0)::float8 as settled
     from lane where tenant_id = $1 and kind = 'send'`,
    [tenantId],
  );
  return rows[0];
}

/** Looks until it is so. */
export async function until(so: () => Promise<boolean>, everyMs = 25, withinMs = 180_000): Promise<void> {
  for (const giveUpAt = Date.now() + withinMs; !(await so()); await pause(everyMs))
    if (Date.now() > giveUpAt) throw new Error("it does not come to an end");
}
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

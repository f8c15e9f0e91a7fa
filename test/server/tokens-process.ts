// A process of its own that asks for one access token when it is told to, and says what it got. Killed at the worst moment if
// so wished: the vendor has answered, and nothing is written yet.
import { once } from "node:events";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import type { Tables } from "../../server/store/tables.ts";
import { createVault, type SecretPlace, type VaultKey } from "../../server/store/vault.ts";

export interface Errand {
  readonly databaseUrl: string;
  readonly vaultKey: VaultKey;
  readonly place: SecretPlace;
  readonly tokenUrl: string;
  readonly dies: boolean;
}

const { databaseUrl, vaultKey, place, tokenUrl, dies } = JSON.parse(process.argv[2] ?? "") as Errand;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
const tokens = createTokens({ db, vault: createVault([vaultKey]), clock: { now: () => new Date() } });
const agent = createAgent();
const { origin } = new URL(tokenUrl);
const call = createFetch(agent, { hosts: [], trustedOrigins: [origin], timeoutMs: 20_000, maxBytes: 100_000 });
const fetch: Fetch = async (request) => {
  const answer = await call(request);
  if (dies) process.kill(process.pid, "SIGKILL");
  return answer;
};

process.stdout.write("ready\n");
await once(process.stdin, "data");
const told = await tokens.accessToken(place, { url: tokenUrl, fetch, mayBeApi: () => true }).catch((error: unknown) => {
  if (isFailure(error)) return error.code;
  throw error;
});
process.stdout.write(`${told}\n`);
process.stdin.destroy();
await Promise.all([pool.end(), agent.close()]);

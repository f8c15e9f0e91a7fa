import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { ByTenant } from "../network/by-tenant.ts";
import { leaseSecret, loadSecret, releaseSecret, saveSecret, secretReader } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { SecretPlace, Vault } from "../store/vault.ts";
import { Grant, type RenewableGrant, renew, type TokenEndpoint } from "./grant.ts";

/** The one place that gives out access tokens. */
export interface Tokens {
  accessToken(place: SecretPlace, endpoint: TokenEndpoint): Promise<string>;
  /** The vendor has refused this token: it is not given out again, to whoever asks next. */
  spoil(place: SecretPlace, accessToken: string): void;
  load(place: SecretPlace): Promise<Grant>;
  /** Stores the grant of a new or renewed connection. */
  store(place: SecretPlace, grant: Grant, db?: Kysely<Tables>): Promise<void>;
}

/** A token is renewed this long before it runs out. */
const aheadMs = 5 * 60_000;
/** Whoever renews has this long; then another may try. */
const renewalMs = 30_000;
/** Whoever gets to it later than this (its machine slept) does not begin: its lease might end while it asks. */
const beginWithinMs = 5_000;
const lookAgainMs = 50;

export function createTokens(parts: { db: Kysely<Tables>; vault: Vault; clock: Clock }): Tokens {
  const { db, vault, clock } = parts;
  const read = secretReader(db);

  async function load(place: SecretPlace): Promise<{ grant: Grant; generation: number }> {
    const sealed = await read(place);
    if (!sealed) throw new Failure("crm_disconnected", "no access is stored");
    return { grant: Grant.parse(JSON.parse(vault.open(place, sealed))), generation: sealed.generation };
  }

  const usable = (grant: RenewableGrant, not: string | undefined): boolean =>
    grant.accessToken !== undefined &&
    grant.accessToken !== not &&
    (grant.expiresAt === undefined || Date.parse(grant.expiresAt) - clock.now().getTime() > aheadMs);

  /** Under way in this process: many who ask at once make one request, and hear together how it went. */
  const asked = new ByTenant<Promise<string>>();
  /** The token that was refused last. Forgotten with the process, which then learns it anew. */
  const spoilt = new ByTenant<string>();

  return {
    load: async (place) => (await load(place)).grant,

    async store(place, grant, into = db) {
      const seen = (await loadSecret(into, place))?.generation ?? 0;
      const kept = await saveSecret(into, place, vault.seal(place, JSON.stringify(grant)), seen, clock.now());
      if (!kept) throw new Failure("input_invalid", "the access was replaced meanwhile");
    },

    spoil: (place, accessToken) => spoilt.set(accessToken, ...keyOf(place)),

    accessToken(place, endpoint) {
      const not = spoilt.get(...keyOf(place));
      const key = [...keyOf(place), String(not)] as const;
      const answer = asked.get(...key) ?? obtain(place, endpoint, not).finally(() => asked.delete(...key));
      asked.set(answer, ...key);
      return answer;
    },
  };

  async function obtain(place: SecretPlace, endpoint: TokenEndpoint, not?: string): Promise<string> {
    const giveUpAt = performance.now() + renewalMs;
    while (performance.now() < giveUpAt) {
      const { grant, generation } = await load(place);
      if (grant.type === "static") {
        if (grant.accessToken !== not) return grant.accessToken;
        spoilt.delete(...keyOf(place)); // once a person has looked, it may be tried again
        throw new Failure("crm_disconnected", "the token is refused");
      }
      if (usable(grant, not) && grant.accessToken !== undefined) return grant.accessToken;
      const now = clock.now();
      const until = new Date(now.getTime() + renewalMs);
      const leasedAt = performance.now();
      if (!(await leaseSecret(db, place, generation, now, until))) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs)); // another one renews: its result serves us too
        continue;
      }
      if (performance.now() - leasedAt > beginWithinMs) {
        await releaseSecret(db, place, generation, until);
        continue;
      }
      const renewed = await renew(grant, endpoint, now).catch(async (error: unknown) => {
        if (await releaseSecret(db, place, generation, until)) throw error;
      });
      if (!renewed) continue; // connected anew meanwhile: what the old grant was told no longer counts
      // Stored before it is used: a refresh token that changed is never lost behind an access token that works.
      const sealed = vault.seal(place, JSON.stringify(renewed));
      if ((await saveSecret(db, place, sealed, generation, clock.now())) && renewed.accessToken)
        return renewed.accessToken;
    }
    throw new Failure("crm_unavailable", "the access token is still being renewed");
  }
}

const keyOf = ({ tenantId, ownerId, kind }: SecretPlace) => [tenantId, ownerId, kind] as const;

import { createHmac } from "node:crypto";
import { isFailure } from "../errors.ts";
import type { Clock, Fetch } from "../ports.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** Where one dataset's events go, and with whose access. */
export interface Destination {
  /** Meta's number of the dataset. */
  readonly metaId: string;
  readonly token: string;
  /** Only for tokens that Meta issued to our own app: proves that the request is ours. */
  readonly appSecret?: string;
}

/**
 * One request with these events, one verdict. Never throws for anything that Meta or the network does. `testCode`: from Events
 * Manager, Test events; Meta shows the events there and counts them all the same. No lane ever sends with one.
 */
export type Send = (destination: Destination, payloads: readonly string[], testCode?: string) => Promise<Verdict>;

/**
 * `POST <origin>/<version>/<dataset>/events` with up to 1,000 events (Meta, "Using the Conversions API"). The token travels in
 * the Authorization header only, where no proxy writes it down.
 */
export function createSender(options: {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** `https://graph.facebook.com`. */
  readonly origin: string;
  /** `v26.0`. */
  readonly version: string;
  /** Our name at Meta: under 23 characters, at least two letters. */
  readonly partnerAgent: string;
}): Send {
  const { fetch, clock, origin, version } = options;
  const agent = JSON.stringify(options.partnerAgent);
  return async ({ metaId, token, appSecret }, payloads, testCode) => {
    const test = testCode === undefined ? "" : `,"test_event_code":${JSON.stringify(testCode)}`;
    const proof = appSecret === undefined ? "" : `,"appsecret_proof":"${appSecretProof(appSecret, token)}"`;
    try {
      const answer = await fetch({
        method: "POST",
        url: `${origin}/${version}/${metaId}/events`,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" },
        body: `{"data":[${payloads.join(",")}],"partner_agent":${agent}${test}${proof}}`,
      });
      return verdictOf(answer, clock.now());
    } catch (error) {
      if (isFailure(error, "network_unreachable")) return { verdict: "retry", why: "meta_unreachable" };
      if (isFailure(error, "network_no_answer")) return { verdict: "unknown", why: "meta_no_answer" };
      throw error;
    }
  };
}

/** Hex HMAC-SHA256 of the token under the app secret (Meta, "Securing Graph API requests"). */
export const appSecretProof = (appSecret: string, token: string): string =>
  createHmac("sha256", appSecret).update(token).digest("hex");

import type { z } from "zod";
import { Failure, isFailure } from "./errors.ts";
import type { Fetch, HttpRequest } from "./ports.ts";

/** The vendor that says who connects, asked at hosts of its own. */
export interface IdentitySource {
  /** As people call it. */
  readonly vendor: string;
  readonly fetch: Fetch;
}

/** @throws Failure `oauth_identity`, for each request that would leave the vendor's own hosts */
export const identitySource = (vendor: string, fetch: Fetch): IdentitySource => ({
  vendor,
  fetch: async (request) => {
    try {
      return await fetch(request);
    } catch (error) {
      throw isFailure(error, "host_not_allowed") ? new Failure("oauth_identity", `not ${vendor}'s own host`) : error;
    }
  },
});

/** @throws Failure `crm_unavailable` when the vendor cannot answer now, `oauth_identity` when it answers anything else than this */
export async function askIdentity<Value>(
  { vendor, fetch }: IdentitySource,
  request: HttpRequest,
  schema: z.ZodType<Value>,
  what: string,
): Promise<Value> {
  const { status, text } = await fetch(request);
  if (status === 429 || status >= 500) throw new Failure("crm_unavailable", `${vendor} answered ${status}`);
  if (status !== 200) throw new Failure("oauth_identity", `${vendor} answered ${status}`);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Failure("oauth_identity", `${vendor} answered no JSON`); // without its cause, which may quote the answer
  }
  return parseIdentity(schema, answer, what);
}

/** @throws Failure `oauth_identity`, which names the first field that is wrong and quotes nothing */
export function parseIdentity<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Failure("oauth_identity", `${what}: ${result.error.issues[0]?.path.join(".") ?? ""}`);
}

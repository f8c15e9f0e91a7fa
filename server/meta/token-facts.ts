import { z } from "zod";
import type { Bearer, Graph, Told } from "./graph.ts";

/** What Meta tells of a token (Graph API, "/debug_token"). */
export interface TokenFacts {
  readonly valid: boolean;
  /** `SYSTEM_USER`, `USER`, `PAGE`, `APP` … */
  readonly type: string;
  readonly appId?: string;
  /** App-scoped: of the person, or of the system user. */
  readonly userId?: string;
  /** When it, or its right to data, ends; absent: never. */
  readonly endsAt?: Date;
  readonly scopes: readonly string[];
  /** Why it is not valid, in Meta's numbers. */
  readonly subcode?: number;
}

const id = z.union([z.string(), z.int()]).transform(String);
/** Unix seconds; 0: never. */
const seconds = z.int().nonnegative().optional();
const DebugToken = z.looseObject({
  data: z.looseObject({
    is_valid: z.boolean(),
    type: z.string().default(""),
    app_id: id.optional(),
    user_id: id.optional(),
    expires_at: seconds,
    data_access_expires_at: seconds,
    scopes: z.array(z.string()).default([]),
    error: z.looseObject({ subcode: z.number().optional() }).optional(),
  }),
});

/** @param by the token itself, or our app (`id|secret`) */
export async function tokenFacts(graph: Graph, token: string, by: Bearer): Promise<Told<TokenFacts>> {
  const asked = await graph.getHidden("debug_token", { input_token: token }, by, DebugToken);
  if (asked.refused) return asked;
  const { is_valid: valid, type, app_id, user_id, scopes, error, ...times } = asked.told.data;
  const ends = [times.expires_at, times.data_access_expires_at].filter((at) => at !== undefined && at > 0);
  const endsAt = ends.length > 0 ? new Date(Math.min(...ends.map(Number)) * 1000) : undefined;
  return {
    told: {
      valid,
      type,
      scopes,
      ...(app_id !== undefined && { appId: app_id }),
      ...(user_id !== undefined && { userId: user_id }),
      ...(endsAt && { endsAt }),
      ...(error?.subcode !== undefined && { subcode: error.subcode }),
    },
  };
}

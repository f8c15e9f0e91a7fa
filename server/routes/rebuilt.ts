import { isFailure } from "../../core/errors.ts";
import { type Explanation, explainAll } from "../../core/explain.ts";
import { readEvent } from "../../core/meta/read-event.ts";
import type { FailureCode, SkipReason } from "../../core/problems.ts";
import type { TenantId } from "../../core/types.ts";
import { createSource } from "../access/source.ts";
import type { EventOrigin } from "../store/refused.ts";
import type { ApiParts } from "./api-route.ts";
import { explainPorts } from "./explain.ts";

/** What the same event would be, of the CRM's data and the mapping as they are now: exactly one of these. */
export interface Rebuilt {
  readonly payload?: string;
  /** The rule under which it would not be sent now. */
  readonly heldBack?: SkipReason;
  /** Why nobody can tell. */
  readonly unknown?: string;
  /** The CRM is away: the code of a failure that passes by itself. */
  readonly later?: FailureCode;
}

export type RebuildParts = Pick<ApiParts, "store" | "connectors" | "access" | "clock" | "log">;

const passing: ReadonlySet<FailureCode> = new Set([
  "crm_unavailable",
  "crm_limit",
  "crm_token_stale",
  "network_unreachable",
  "network_no_answer",
]);

/** Makes events anew, in their order; the CRM is asked for all of one connection together. */
export async function rebuiltAll(
  tenantId: TenantId,
  origins: readonly EventOrigin[],
  parts: RebuildParts,
): Promise<readonly Rebuilt[]> {
  const made = new Map<EventOrigin, Rebuilt>();
  for (const [connectionId, of] of Map.groupBy(origins, (origin) => origin.connectionId)) {
    try {
      const source = await createSource(tenantId, connectionId, { ...parts, lookOnly: true });
      const records = of.map(({ record }) => record);
      const explanations = await explainAll(records, source, explainPorts(tenantId, connectionId, parts));
      for (const [n, origin] of of.entries()) made.set(origin, rebuilt(origin, explanations[n]));
    } catch (error) {
      if (!isFailure(error)) throw error;
      const { code, message: unknown } = error;
      for (const origin of of) made.set(origin, { unknown, ...(passing.has(code) && { later: code }) });
    }
  }
  return origins.map((origin) => made.get(origin) ?? { unknown: "nobody looked" });
}

function rebuilt({ place, payload: before }: EventOrigin, explanation: Explanation | undefined): Rebuilt {
  const entry = explanation?.entries.find(({ ledger }) => ledger?.place === place);
  if (!entry) return { unknown: "its stage entry is no longer known" };
  const { ifNew, payload } = entry;
  if (!ifNew) return { unknown: "the person was pushed to us and is no longer kept; push the change again" };
  if (ifNew !== "event") return { heldBack: ifNew };
  if (payload === undefined || readEvent(payload).event_id !== readEvent(before).event_id)
    return { unknown: "it would be another event" };
  return { payload };
}

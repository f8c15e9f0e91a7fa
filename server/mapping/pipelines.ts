import type { Clock } from "../../core/ports.ts";
import type { Connection, Pipeline } from "../../core/types.ts";
import { ByTenant } from "../network/by-tenant.ts";
import { type AskParts, askCrm, type CrmAnswer } from "./ask-crm.ts";

/** The pipelines of CRMs, as pages ask for them. */
export interface Pipelines {
  /** As the CRM has them now. */
  now(connection: Connection): Promise<CrmAnswer<readonly Pipeline[]>>;
  /** As they were a moment ago, where somebody asked; for what is asked at every keystroke. */
  recent(connection: Connection): Promise<CrmAnswer<readonly Pipeline[]>>;
}

/** So old may an answer be that is given again. */
const freshMs = 60_000;
/** Answers kept before the old ones are thrown out. */
const most = 500;

export function createPipelines(parts: AskParts & { readonly clock: Clock }): Pipelines {
  const known = new ByTenant<{ readonly at: number; readonly pipelines: readonly Pipeline[] }>();
  const isFresh = ({ at }: { readonly at: number }): boolean => parts.clock.now().getTime() - at < freshMs;
  const now: Pipelines["now"] = async (connection) => {
    const found = await askCrm(connection, parts, (connector, access) => connector.pipelines(access));
    if ("answer" in found) {
      if (known.size >= most) known.sweep((one) => !isFresh(one));
      const at = parts.clock.now().getTime();
      if (known.size < most) known.set({ at, pipelines: found.answer }, connection.tenantId, connection.id);
    }
    return found;
  };
  return {
    now,
    async recent(connection) {
      const found = known.get(connection.tenantId, connection.id);
      return found && isFresh(found) ? { answer: found.pipelines } : await now(connection);
    },
  };
}

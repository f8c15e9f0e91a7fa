import { Failure } from "../../core/errors.ts";
import { problemOf } from "../../core/problems.ts";
import type { ConnectionId } from "../../core/types.ts";
import { type ReconciliationView, reconciliationView } from "../api/operations.ts";
import { findConnection } from "../store/connections.ts";
import { type DayState, reconciledDays } from "../store/reconciliation.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

const mostDays = 60;

/** Whether all that was read adds up. */
export const accountRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/reconciliation",
      who: "viewer",
      summary: "Whether all that was read of a connection adds up, day by day",
      answer: reconciliationView,
      handle: async ({ tenant, params }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        return await parts.store.web(tenant.id, async (trx) => {
          if (!(await findConnection(trx, tenant.id, id))) throw new Failure("not_found", `connection ${id}`);
          return { days: (await reconciledDays(trx, tenant.id, id, mostDays)).map(day) };
        });
      },
    },
    parts,
  ),
];

function day({ notSent, checkedAt, ...counts }: DayState): ReconciliationView["days"][number] {
  const reasons = Object.entries(notSent)
    .map(([reason, count]) => ({ reason, title: problemOf(reason).title, count }))
    .sort((a, b) => b.count - a.count);
  const { seen, accepted, waiting, refused } = counts;
  const accounted = accepted + waiting + refused + reasons.reduce((sum, { count }) => sum + count, 0);
  return { ...counts, notSent: reasons, addsUp: seen === accounted, checkedAt: checkedAt.toISOString() };
}

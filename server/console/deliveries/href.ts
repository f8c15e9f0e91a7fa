import { addresses } from "../../api/addresses.ts";
import type { DeliveriesFilter } from "../../api/deliveries.ts";
import { stringifySearch } from "../route/search.ts";

/** Which deliveries: as the API has it, with reasons as a list too. */
export interface Deliveries extends Omit<DeliveriesFilter, "reason"> {
  readonly reason?: string | readonly string[] | undefined;
}

/** Where the page shows exactly these. */
export function deliveriesHref({ reason, ...filter }: Deliveries = {}): string {
  const reasons = typeof reason === "string" ? reason : reason?.join(",");
  return `${addresses.deliveries}${stringifySearch({ ...filter, reason: reasons })}`;
}

import { addresses } from "../../api/addresses.ts";
import type { DeliveriesFilter } from "../../api/deliveries.ts";
import { stringifySearch } from "../route/search.ts";

/** Where the page shows exactly these. */
export const deliveriesHref = (filter: DeliveriesFilter): string => `${addresses.deliveries}${stringifySearch(filter)}`;

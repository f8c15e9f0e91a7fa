import type { DeliveriesFilter } from "../../api/deliveries.ts";
import type { Figures } from "../../api/figures.ts";
import { deliveriesHref } from "../deliveries/href.ts";
import type { Choice } from "./choice.ts";

/** Whose rows a number leads to. */
export type Chosen = Pick<Choice, "connection" | "pipeline"> & Pick<Figures, "from" | "to">;

/** The deliveries that a number counts. */
export const rowsHref = ({ connection, pipeline, from, to }: Chosen, rows: DeliveriesFilter): string =>
  deliveriesHref({ ...rows, connection, pipeline, from, to });

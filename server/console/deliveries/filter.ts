import type { DeliveriesFilter, ListedDelivery, ViewFilter } from "../../api/deliveries.ts";
import { type Search, stringifySearch } from "../route/search.ts";

const states: readonly string[] = ["accepted", "waiting", "refused", "not_sent"] satisfies ListedDelivery["state"][];
/** Steps of the overview that a change can have come to, each further than the one before. */
export const steps = ["read", "mapped", "in_time", "identified", "sent"] as const;
const kept = ["state", "step", "reason", "connection", "dataset", "pipeline", "stage", "event"] as const;
const all = [...kept, "from", "to", "q"] as const;

/** What is looked for, as it stands in the address. What our server would not take is left to it to refuse, in its words. */
export function filterIn(search: Search): DeliveriesFilter {
  const found = Object.fromEntries(all.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
  const { state, step, ...others } = found;
  const known = steps.find((one) => one === step);
  return {
    ...others,
    ...(state && states.includes(state) && { state: state as ListedDelivery["state"] }),
    ...(known && { step: known }),
  };
}

/** As a query, the same for the same filter. */
export const queryOf = (filter: DeliveriesFilter): string =>
  stringifySearch(Object.fromEntries(all.map((name) => [name, filter[name]])));

/** What a view keeps of it. */
export const viewOf = ({ from: _, to: __, q: ___, ...view }: DeliveriesFilter): ViewFilter => view;

export const sameView = (a: ViewFilter, b: ViewFilter): boolean => kept.every((name) => a[name] === b[name]);

/** Every part of the query that is a filter, taken out. */
export const cleared: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...all, "show"].map((name) => [name, undefined]),
);

/** Whether it is more than one of the states. */
export const isNarrowed = ({ state, step, ...more }: DeliveriesFilter): boolean =>
  Object.keys(more).length > 0 || (step !== undefined && step !== usualStep(state));

/** What was there before going live is no news among what was not sent. */
export const usualStep = (state: DeliveriesFilter["state"]): DeliveriesFilter["step"] =>
  state === "not_sent" ? "read" : undefined;

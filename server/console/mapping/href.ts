import { addresses } from "../../api/addresses.ts";
import { stringifySearch } from "../route/search.ts";

/** The mapping of a connection; `version` opens one of its versions, `pipeline` the stages of one pipeline. */
export function mappingHref(
  connection?: string,
  search: { readonly pipeline?: string; readonly version?: number } = {},
): string {
  const path =
    connection === undefined
      ? addresses.mapping
      : addresses.mappingOf.replace("$connection", encodeURIComponent(connection));
  return `${path}${stringifySearch(search)}`;
}

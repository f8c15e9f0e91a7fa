/** What lies open beside the page. It stands in the address, so that it can be linked to and Back closes it. */
export type Inspected =
  | { readonly what: "delivery"; readonly dataset: string; readonly seq: number }
  | {
      readonly what: "record";
      readonly connection: string;
      readonly object: string;
      readonly record: string;
      /** When it entered the stage that is asked about. */
      readonly at?: string;
    }
  | { readonly what: "days"; readonly connection: string };

export function hrefOf(inspected: Inspected): string {
  const { what, ...which } = inspected;
  const named = what === "days" ? { days: inspected.connection } : which;
  return `/?${new URLSearchParams(Object.entries(named).map(([name, value]): [string, string] => [name, String(value)]))}`;
}

/** What an address names; undefined: the page alone. */
export function inspectedIn(search: string): Inspected | undefined {
  const query = new URLSearchParams(search);
  const named = (name: string) => query.get(name) ?? "";
  const [dataset, connection, object, record] = [
    named("dataset"),
    named("connection"),
    named("object"),
    named("record"),
  ];
  const seq = Number(named("seq"));
  if (dataset && Number.isSafeInteger(seq) && seq > 0) return { what: "delivery", dataset, seq };
  if (connection && object && record)
    return { what: "record", connection, object, record, ...(query.has("at") && { at: named("at") }) };
  return named("days") ? { what: "days", connection: named("days") } : undefined;
}

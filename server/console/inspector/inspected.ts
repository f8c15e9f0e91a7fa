/** What lies open beside the page. It stands in the address, as `show`, so that it can be linked to and Back closes it. */
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

/** `delivery/dst_1/12`, `record/con_1/deal/9911/2026-11-23T09:00:00.000Z`, `days/con_1` */
export function showOf(inspected: Inspected): string {
  return [inspected.what, ...partsOf(inspected)].map((part) => encodeURIComponent(part)).join("/");
}

function partsOf(inspected: Inspected): readonly (string | number)[] {
  switch (inspected.what) {
    case "delivery":
      return [inspected.dataset, inspected.seq];
    case "record": {
      const { connection, object, record, at } = inspected;
      return [connection, object, record, ...(at === undefined ? [] : [at])];
    }
    case "days":
      return [inspected.connection];
  }
}

/** What `show` names; undefined: nothing that there is. */
export function inspectedIn(name: string): Inspected | undefined {
  const [what, ...which] = name.split("/").map(decoded);
  const [first = "", second = "", third = "", at] = which;
  const seq = Number(second);
  if (what === "delivery" && first && Number.isSafeInteger(seq) && seq > 0)
    return { what: "delivery", dataset: first, seq };
  if (what === "record" && first && second && third)
    return { what: "record", connection: first, object: second, record: third, ...(at !== undefined && { at }) };
  return what === "days" && first ? { what: "days", connection: first } : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return ""; // a link that somebody shortened names nothing
  }
}

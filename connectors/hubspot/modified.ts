import { Failure } from "../../core/errors.ts";
import type { Client, Filter } from "./client.ts";
import type { ObjectKind } from "./objects.ts";
import type { Row } from "./shapes.ts";

/** Unix milliseconds; with an id: inside that one millisecond, after that id. */
export interface Place {
  readonly at: number;
  readonly id?: string;
}

export interface Step {
  readonly ids: readonly string[];
  /** Everything before it is read; absent at the end. */
  readonly next: Place | undefined;
  /** The last modification met so far. */
  readonly newest: number;
  readonly answeredAt: Date;
}

const pageSize = 200;

/**
 * The ids of all records modified at or after a place, in order of modification.
 *
 * Never turns pages by `after`: offsets shift when a record behind them is modified, and end at 10,000. Each page asks anew
 * from the last instant of the page before. Where one millisecond fills a page (bulk edits write thousands at once), it is
 * read by id.
 */
export async function* modifiedSince(client: Client, kind: ObjectKind, start: Place): AsyncGenerator<Step> {
  let place: Place | undefined = start;
  let newest = start.at;
  while (place !== undefined) {
    const { at, id }: Place = place;
    const { rows, more, answeredAt } = await client.search(kind, {
      filters: id === undefined ? [filter(kind.modified, "GTE", at)] : within(kind.modified, at, id),
      sortBy: id === undefined ? kind.modified : "hs_object_id",
      properties: [kind.modified],
      limit: pageSize,
    });
    const last = rows.at(-1);
    // Without a row there is nothing to go on from; the next round asks from here again.
    const full = more && last !== undefined;
    newest = Math.max(newest, ...rows.map((row) => modifiedAt(kind, row)));
    if (full && id !== undefined && BigInt(last.id) <= BigInt(id))
      throw new Failure("crm_schema", `search of ${kind.path} by id does not move on`);
    if (id !== undefined) place = full ? { at, id: last.id } : { at: at + 1 };
    else if (!full) place = undefined;
    else if (newest > at) place = { at: newest };
    else {
      place = { at, id: "0" }; // a page of one instant: begin it again, by id
      continue;
    }
    yield { ids: rows.map((row) => row.id), next: place, newest, answeredAt };
  }
}

const filter = (propertyName: string, operator: Filter["operator"], value: string | number): Filter => ({
  propertyName,
  operator,
  value: String(value),
});
const within = (modified: string, at: number, id: string) => [
  filter(modified, "EQ", at),
  filter("hs_object_id", "GT", id),
];

function modifiedAt(kind: ObjectKind, row: Row): number {
  const at = Date.parse(row.properties[kind.modified] ?? "");
  if (Number.isNaN(at)) throw new Failure("crm_schema", `${kind.modified} of a ${kind.name} is no instant`);
  return at;
}

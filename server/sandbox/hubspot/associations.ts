import { DurableMap } from "../durable-map.ts";
import { type Answer, errorBody, invalid } from "./answer.ts";
import { type ObjectType, type TypeId, typeOf } from "./objects.ts";
import type { CrmRecord } from "./record.ts";

interface Link {
  readonly id: string;
  readonly typeIds: readonly number[];
}

/** HubSpot's own association types (docs: associate-records); 578 marks a lead's primary contact. */
const PRIMARY_CONTACT = 578;
const typeIds: Readonly<Record<string, number>> = {
  "0-3>0-1": 3,
  "0-1>0-3": 4,
  "0-136>0-1": 608,
  "0-1>0-136": 609,
  "0-136>0-3": 1037,
  "0-3>0-136": 1038,
};
const labels: Readonly<Record<number, string>> = { [PRIMARY_CONTACT]: "Primary" };

export class Associations {
  readonly #map: DurableMap<readonly Link[]>;
  constructor(path: string) {
    this.#map = new DurableMap(path);
  }

  /** Links both ways, earliest first; gives the type id of the way there. */
  link(from: CrmRecord, to: CrmRecord, primary = false): number {
    const there = this.#add(from, to, primary ? [PRIMARY_CONTACT] : []);
    this.#add(to, from, []);
    return there;
  }

  of(from: { readonly type: TypeId; readonly id: string }, to: TypeId): readonly Link[] {
    return this.#map.get(`${from.type}:${from.id}>${to}`) ?? [];
  }

  /** The winner of a merge takes over the links of the other record. */
  move(from: CrmRecord, into: CrmRecord): void {
    for (const key of [...this.#map.keys()]) {
      const [holder, to] = key.split(">") as [string, TypeId];
      const links = this.#map.get(key) ?? [];
      if (holder === `${from.type}:${from.id}`) {
        for (const link of links)
          if (!this.of(into, to).some(({ id }) => id === link.id))
            this.#map.set(`${into.type}:${into.id}>${to}`, [...this.of(into, to), link]);
        this.#map.delete(key);
      } else if (to === from.type && links.some(({ id }) => id === from.id))
        this.#map.set(
          key,
          links
            .filter(({ id }) => id !== into.id)
            .map((link) => (link.id === from.id ? { ...link, id: into.id } : link)),
        );
    }
  }

  close(): void {
    this.#map.close();
  }

  #add(from: CrmRecord, to: CrmRecord, more: readonly number[]): number {
    const typeId = typeIds[`${from.type}>${to.type}`];
    if (typeId === undefined) throw new Error(`no association from ${from.type} to ${to.type}`);
    const links = this.of(from, to.type).filter(({ id }) => id !== to.id);
    this.#map.set(`${from.type}:${from.id}>${to.type}`, [...links, { id: to.id, typeIds: [...more, typeId] }]);
    return typeId;
  }
}

/** `POST /crm/associations/2026-09/{from}/{to}/batch/read`: up to 1000 inputs, each with its own cursor. */
export function readAssociations(
  associations: Associations,
  [from, to]: readonly [ObjectType, ObjectType],
  body: unknown,
  pageSize: number,
): Answer {
  const { inputs } = (body ?? {}) as { inputs?: unknown };
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw invalid("Invalid input JSON: some required fields were not set: [inputs]");
  if (inputs.length > 1000)
    throw invalid(
      `The maximum number of inputs supported in a batch request is 1000. There were ${inputs.length} inputs.`,
    );
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { id, after } of inputs as { id?: unknown; after?: string }[]) {
    const links = associations.of({ type: from.id, id: String(id) }, to.id);
    const start = Number(after ?? 0);
    const page = links.slice(start, start + pageSize);
    if (links.length === 0) errors.push(unlinked(from, to, String(id)));
    else
      results.push({
        from: { id: String(id) },
        to: page.map((link) => ({
          toObjectId: objectId(link.id),
          associationTypes: link.typeIds.map((typeId) => ({
            category: "HUBSPOT_DEFINED",
            typeId,
            label: labels[typeId] ?? null,
          })),
        })),
        ...(start + page.length < links.length ? { paging: { next: { after: String(start + page.length) } } } : {}),
      });
  }
  const at = new Date().toISOString();
  const done = { status: "COMPLETE", results, startedAt: at, completedAt: at };
  return errors.length === 0
    ? { status: 200, body: done }
    : { status: 207, body: { ...done, numErrors: errors.length, errors } };
}

/** A number in the vendor's examples, a string in its 2026-09 schema: callers must take both, so both are given. */
const objectId = (id: string): string | number => (Number(id) % 2 === 0 ? id : Number(id));

const unlinked = (from: ObjectType, to: ObjectType, id: string): unknown =>
  errorBody("OBJECT_NOT_FOUND", `No ${to.name} is associated with ${from.name} ${id}.`, {
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    context: { fromObjectId: [id], fromObjectType: [from.name], toObjectType: [to.name] },
  });

/** `GET /crm/associations/2026-09/{from}/{to}/labels`. */
export function associationLabels(from: ObjectType, to: ObjectType): Answer {
  const typeId = typeIds[`${from.id}>${to.id}`];
  const all =
    typeId === undefined
      ? []
      : typeOf(from.id).name === "lead" && to.name === "contact"
        ? [PRIMARY_CONTACT, typeId]
        : [typeId];
  return {
    status: 200,
    body: { results: all.map((each) => ({ category: "HUBSPOT_DEFINED", typeId: each, label: labels[each] ?? null })) },
  };
}

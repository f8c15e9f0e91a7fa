import type { Instance } from "../instance.ts";
import { noteLeadChange } from "./lead.ts";
import type { Fields, Moment } from "./org.ts";
import { ownObject } from "./schema.ts";

/** Into the recycle bin, with what belongs to it. */
export const deleteRecord = (instance: Instance, id: string, moment: Moment): void =>
  setDeleted(instance, id, true, moment);
export const undeleteRecord = (instance: Instance, id: string, moment: Moment): void =>
  setDeleted(instance, id, false, moment);

/** Out of the recycle bin: no query finds it any more. */
export function eraseRecord({ org }: Instance, id: string): void {
  org.transaction(() => {
    for (const child of children({ org }, id)) org.erase(String(child.Id));
    org.erase(id);
  });
}

/** The loser goes to the recycle bin and names the winner; the winner counts as changed. */
export function mergeLeads(instance: Instance, winner: string, loser: string, moment: Moment): void {
  const { org, settings } = instance;
  if (winner === loser) throw new Error("a lead cannot be merged with itself");
  for (const id of [winner, loser])
    if (org.objectOf(id) !== "Lead" || org.current(id)?.IsDeleted !== false) throw new Error(`no lead ${id}`);
  org.transaction(() => {
    setDeleted(instance, loser, true, moment, { MasterRecordId: winner });
    org.update(winner, {}, moment);
    if (settings.now.tracking) noteLeadChange(instance, winner, "leadMerged", null, null, moment);
  });
}

function setDeleted(instance: Instance, id: string, deleted: boolean, moment: Moment, also: Fields = {}): void {
  const { org } = instance;
  if (!org.current(id)) throw new Error(`no record ${id}`);
  org.transaction(() => {
    for (const child of children(instance, id)) org.update(String(child.Id), { IsDeleted: deleted }, moment);
    org.update(id, { ...also, IsDeleted: deleted }, moment);
  });
}

/** History rows and contact roles go the way of their record. */
function children({ org }: Pick<Instance, "org">, id: string): readonly Fields[] {
  const parent = org.objectOf(id);
  return ["LeadHistory", "OpportunityHistory", "OpportunityContactRole"].flatMap((name) => {
    const way = ownObject(name).fields.find((field) => field.referenceTo === parent && field.relationship === parent);
    return way ? [...org.all(name)].filter((fields) => fields[way.name] === id) : [];
  });
}

import type { Instance } from "../instance.ts";
import { nextPerson } from "../life.ts";
import { DAY, formatDate } from "../times.ts";
import { createLead, setStatus } from "./lead.ts";
import { changeOpportunity, createOpportunity } from "./opportunity.ts";
import type { Fields, Moment } from "./org.ts";

/** A data load: moves `count` records to `stage` in one transaction under one stamp, and makes those that are missing. */
export function bulkMove(
  instance: Instance,
  object: "Lead" | "Opportunity",
  count: number,
  stage: string,
  moment: Moment,
): { object: string; ids: readonly string[] } {
  const { org } = instance;
  const isElsewhere = (fields: Fields) =>
    !fields.IsDeleted && !fields.IsConverted && (object === "Lead" ? fields.Status : fields.StageName) !== stage;
  const existing = [...org.all(object)]
    .filter(isElsewhere)
    .slice(0, count)
    .map((fields) => String(fields.Id));
  return org.transaction(() => {
    for (const id of existing)
      if (object === "Lead") setStatus(instance, id, stage, moment);
      else changeOpportunity(instance, id, { StageName: stage }, moment);
    const made = Array.from({ length: count - existing.length }, () =>
      object === "Lead"
        ? createLead(instance, nextPerson(instance), { status: stage }, moment)
        : createOpportunity(
            instance,
            { Name: "Loaded", StageName: stage, CloseDate: formatDate(moment.at + 30 * DAY) },
            moment,
          ),
    );
    return { object, ids: [...existing, ...made] };
  });
}

import type { Access } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { RecordRef, StageObservation } from "../../core/types.ts";
import { inBatches } from "./batches.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { isObjectName, type ObjectKind, objectNames, objects } from "./objects.ts";
import { gone, observe } from "./translate.ts";

/** HubSpot reads at most 50 records with their history at once. */
const withHistory = 50;
/** Text of ids separated by semicolons, on the record that others were merged into. */
const mergedIds = "hs_merged_object_ids";

export async function read(
  access: Access<HubspotConfig>,
  records: readonly RecordRef[],
): Promise<readonly StageObservation[]> {
  const client = openClient(access);
  const observations: StageObservation[] = [];
  for (const name of objectNames) {
    const ids = idsOf(records, name);
    if (ids.length === 0 || !access.config.objects.includes(name)) continue;
    try {
      observations.push(...(await readStages(client, objects[name], ids, access.clock.now())));
    } catch (error) {
      // An account without Sales Hub has no leads; a late doorbell about one must not keep the others waiting.
      if (name !== "lead" || !isFailure(error, "crm_forbidden")) throw error;
      access.log.warn("hubspot leads are withheld", { records: ids.length });
    }
  }
  return observations;
}

/** The ids of one kind of record, each once. What is not a HubSpot id is of no record. */
export const idsOf = (records: readonly RecordRef[], object: string): string[] =>
  isObjectName(object)
    ? [...new Set(records.filter((record) => record.object === object && /^\d+$/.test(record.id)).map(({ id }) => id))]
    : [];

/** Every stage entry of these records; those that HubSpot no longer has come back as gone. */
export async function readStages(
  client: Client,
  kind: ObjectKind,
  ids: readonly string[],
  now: Date,
): Promise<StageObservation[]> {
  const history = kind.pipeline === undefined ? [kind.stage] : [kind.stage, kind.pipeline];
  const rows = await inBatches(ids, withHistory, (batch) => client.read(kind, batch, [...history, mergedIds], history));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const merged = new Set(rows.flatMap(({ properties }) => properties[mergedIds]?.split(";") ?? []));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row) return observe(kind, row);
    return gone({ object: kind.name, id }, merged.has(id) ? "merged" : "deleted", now);
  });
}

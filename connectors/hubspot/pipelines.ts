import type { Access } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { Pipeline, Stage } from "../../core/types.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { lifecyclePipeline, type ObjectKind, objectNames, objects } from "./objects.ts";
import type { PipelineRow } from "./shapes.ts";

export async function pipelines(access: Access<HubspotConfig>): Promise<readonly Pipeline[]> {
  const client = openClient(access);
  const found: Pipeline[] = [];
  for (const name of objectNames.filter((name) => access.config.objects.includes(name)))
    if (name === "contact") found.push(await lifecycle(client));
    else found.push(...(await ofObject(client, objects[name])));
  return found;
}

async function ofObject(client: Client, kind: ObjectKind): Promise<Pipeline[]> {
  try {
    const rows = await client.pipelines(kind);
    return rows
      .filter(({ archived }) => !archived)
      .toSorted(inOrder)
      .map((row) => ({
        id: row.id,
        label: row.label,
        object: kind.name,
        stages: row.stages.toSorted(inOrder).map((stage) => ({
          id: stage.id,
          label: stage.label,
          outcome: outcome(kind, stage),
          active: !stage.archived,
        })),
      }));
  } catch (error) {
    // Leads need Sales Hub Professional and an optional scope: without them there are none.
    if (kind.name === "lead" && isFailure(error, "crm_forbidden")) return [];
    throw error;
  }
}

/** Contacts have no pipeline: the options of `lifecyclestage` are their stages. */
async function lifecycle(client: Client): Promise<Pipeline> {
  const { label, options } = await client.property(objects.contact, lifecyclePipeline);
  return {
    id: lifecyclePipeline,
    label,
    object: "contact",
    stages: options
      .toSorted((a, b) => (a.displayOrder ?? 0) - (b.displayOrder ?? 0))
      .map(({ value, label: name, hidden }) => ({
        id: value,
        label: name,
        outcome: lifecycleOutcomes[value] ?? "open",
        active: !hidden,
      })),
  };
}

/** `other` is where HubSpot puts people who left the funnel or were never in it; as an open stage it would be its far end. */
const lifecycleOutcomes: Readonly<Record<string, Stage["outcome"]>> = {
  customer: "won",
  evangelist: "won",
  other: "lost",
};

/** A qualified lead becomes a deal. These two stages cannot be removed; HubSpot gives lead stages no probability. */
const leadOutcomes: Readonly<Record<string, Stage["outcome"]>> = {
  "qualified-stage-id": "won",
  "unqualified-stage-id": "lost",
};

/** Labels are free text ("Closed won" may well be open), so only the metadata speaks. */
function outcome(kind: ObjectKind, { id, metadata = {} }: PipelineRow["stages"][number]): Stage["outcome"] {
  if (kind.name === "lead" && leadOutcomes[id]) return leadOutcomes[id];
  if (metadata.isClosed === "false") return "open";
  const probability = Number.parseFloat(metadata.probability ?? "");
  if (metadata.isClosed === "true") return probability > 0 ? "won" : "lost";
  if (probability === 1) return "won";
  return probability === 0 ? "lost" : "open";
}

const inOrder = (a: { displayOrder: number }, b: { displayOrder: number }): number => a.displayOrder - b.displayOrder;

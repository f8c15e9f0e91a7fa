import { DurableMap } from "../durable-map.ts";
import type { TypeId } from "./objects.ts";

export interface Stage {
  readonly id: string;
  label: string;
  readonly outcome: "open" | "won" | "lost";
  readonly probability?: string;
  archived?: boolean;
}
export interface Pipeline {
  readonly id: string;
  label: string;
  readonly stages: readonly Stage[];
}

/** Contacts have no pipeline; the truth calls theirs by the property that holds the stage. */
export const LIFECYCLE = "lifecyclestage";

const stage = (id: string, label: string, probability?: string, outcome: Stage["outcome"] = "open"): Stage => ({
  id,
  label,
  outcome,
  ...(probability === undefined ? {} : { probability }),
});

/** Labels were renamed over the years, ids were not: names, numbers and hyphens side by side. */
const first: Readonly<Record<TypeId, readonly Pipeline[]>> = {
  "0-1": [
    {
      id: LIFECYCLE,
      label: "Lifecycle stage",
      stages: [
        stage("subscriber", "Subscriber"),
        stage("lead", "Lead"),
        stage("marketingqualifiedlead", "Marketing Qualified Lead"),
        stage("salesqualifiedlead", "Sales Qualified Lead"),
        stage("opportunity", "Opportunity"),
        stage("198400771", "Trial"),
        stage("customer", "Customer", undefined, "won"),
        stage("evangelist", "Evangelist", undefined, "won"),
        stage("other", "Other", undefined, "lost"),
      ],
    },
  ],
  "0-3": [
    {
      id: "default",
      label: "New business",
      stages: [
        stage("appointmentscheduled", "Appointment scheduled", "0.2"),
        stage("qualifiedtobuy", "Discovery call done", "0.4"),
        stage("presentationscheduled", "Demo booked", "0.6"),
        stage("decisionmakerboughtin", "Proposal sent", "0.8"),
        stage("contractsent", "Contract sent", "0.9"),
        stage("closedwon", "Customer", "1.0", "won"),
        stage("closedlost", "Not now", "0.0", "lost"),
      ],
    },
    {
      id: "75118022",
      label: "Partner projects",
      stages: [
        stage("1167445770", "Enquiry", "0.1"),
        stage("site-visit", "Site visit", "0.3"),
        stage("1167445772", "Quote sent", "0.6"),
        stage("1167445773", "Won", "1.0", "won"),
        stage("1167445774", "Lost", "0.0", "lost"),
      ],
    },
  ],
  "0-136": [
    {
      id: "lead-pipeline-id",
      label: "Lead pipeline",
      stages: [
        stage("new-stage-id", "New"),
        stage("attempting-stage-id", "Attempting"),
        stage("connected-stage-id", "Connected"),
        stage("1841452734", "Meeting booked"),
        stage("qualified-stage-id", "Qualified", undefined, "won"),
        stage("unqualified-stage-id", "Disqualified", undefined, "lost"),
      ],
    },
  ],
};

export class Pipelines {
  readonly #map: DurableMap<readonly Pipeline[]>;
  /** Rises with every change, so that what is derived from pipelines can be kept until then. */
  revision = 0;

  constructor(path: string) {
    this.#map = new DurableMap(path);
    for (const [type, pipelines] of Object.entries(first))
      if (!this.#map.has(type)) this.#map.set(type, structuredClone(pipelines));
  }

  of(type: TypeId): readonly Pipeline[] {
    return this.#map.get(type) ?? [];
  }

  stage(type: TypeId, stageId: string): { pipeline: Pipeline; stage: Stage } | undefined {
    for (const pipeline of this.of(type)) {
      const found = pipeline.stages.find(({ id }) => id === stageId);
      if (found) return { pipeline, stage: found };
    }
    return undefined;
  }

  /** An admin renames or archives a stage; records keep its id. */
  change(type: TypeId, stageId: string, part: { label?: string; archived?: boolean }): void {
    const pipelines = structuredClone(this.of(type));
    for (const { stages } of pipelines) for (const each of stages) if (each.id === stageId) Object.assign(each, part);
    this.#map.set(type, pipelines);
    this.revision += 1;
  }

  close(): void {
    this.#map.close();
  }
}

/** Built-in stages can have been created at the epoch (spec: pipelines). */
const EPOCH = "1970-01-01T00:00:00Z";

interface PipelineJson {
  readonly id: string;
  readonly stages: readonly { readonly id: string }[];
  readonly [more: string]: unknown;
}

/** As `GET /crm/pipelines/2026-09/{type}` shows it: archived stages are left out; metadata values are strings. */
export function pipelineJson(pipeline: Pipeline, displayOrder: number): PipelineJson {
  return {
    label: pipeline.label,
    displayOrder,
    id: pipeline.id,
    archived: false,
    stages: pipeline.stages.flatMap((each, order) =>
      each.archived
        ? []
        : [
            {
              label: each.label,
              displayOrder: order,
              id: each.id,
              archived: false,
              metadata: {
                isClosed: String(each.outcome !== "open"),
                ...(each.probability === undefined ? {} : { probability: each.probability }),
              },
              createdAt: EPOCH,
              updatedAt: EPOCH,
              writePermissions: "CRM_PERMISSIONS_ENFORCEMENT",
            },
          ],
    ),
    createdAt: EPOCH,
    updatedAt: EPOCH,
  };
}

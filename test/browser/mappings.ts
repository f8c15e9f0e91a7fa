import { suggest } from "../../core/mapping.ts";
import { changesOf } from "../../core/mapping-changes.ts";
import { draft, rowsOf } from "../../core/mapping-rows.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { Connection, Pipeline, Stage, StageMapping } from "../../core/types.ts";
import {
  type CoverageView,
  type LeadFieldsAsked,
  type LeadFieldsView,
  leadCoverage,
} from "../../server/api/lead-fields.ts";
import type { MappingDraft, MappingView, SavedBy } from "../../server/api/mapping.ts";
import { sizeOf, versionOf, viewOf, wholeVersionOf } from "../../server/mapping/mapping-view.ts";
import type { SavedMapping } from "../../server/store/mappings.ts";
import { ago, day, hour } from "./ago.ts";
import type { Answer, Api, Refusal } from "./api.ts";

const stage = (label: string, more: Partial<Stage> = {}): Stage => ({
  id: label.toLowerCase().replaceAll(/\W+/g, "_"),
  label,
  outcome: "open",
  active: true,
  ...more,
});

export const pipelines: readonly Pipeline[] = [
  {
    id: "sales",
    label: "Home sales",
    object: "deal",
    stages: [
      stage("New enquiry"),
      stage("Appointment scheduled"),
      stage("Viewing done"),
      stage("Offer made"),
      stage("Contract signed", { outcome: "won" }),
      stage("Closed lost", { outcome: "lost" }),
    ],
  },
  {
    id: "rentals",
    label: "Rentals",
    object: "deal",
    stages: [stage("Enquiry"), stage("Viewing"), stage("Disqualified"), stage("Let", { outcome: "won" })],
  },
];

const counts: Readonly<Record<string, number>> = {
  new_enquiry: 412,
  appointment_scheduled: 187,
  viewing_done: 96,
  offer_made: 41,
  contract_signed: 17,
  closed_lost: 133,
  enquiry: 58,
  viewing: 22,
  let: 6,
};
const entries = pipelines.flatMap(({ id, stages }) =>
  stages.map((one) => ({ pipelineId: id, stageId: one.id, count: counts[one.id] ?? 0 })),
);

const connection = {
  tenantId: "ten_1",
  id: "con_hub",
  connector: "hubspot",
  accountId: "1",
  name: "Northwind Homes EU",
  config: {},
  datasetId: "dst_1",
  sendFrom: new Date(0),
} as Connection;

/** The mapping of an account behind the API's answers, by the product's own rules. */
export class Mappings {
  /** What the CRM has now, or why it does not answer. */
  crm: readonly Pipeline[] | FailureCode = pipelines;
  account: Connection = connection;
  crmName = "HubSpot";
  readonly versions: { readonly saved: SavedMapping; readonly by: SavedBy }[] = [];

  constructor(first: readonly Pipeline[] = pipelines) {
    if (first.length > 0) this.add(suggest(first), { by: "suggestion" }, 3 * day);
  }
  get newest(): StageMapping {
    return this.versions[0]?.saved.mapping ?? { version: 0, rules: [], fillSkipped: true, sendValue: false };
  }
  /** Somebody saves a version; the first is nobody's. */
  add(mapping: Omit<StageMapping, "version">, by: SavedBy = ana, since = 0): void {
    const saved = { ...mapping, version: this.newest.version + 1 };
    this.versions.unshift({ saved: { mapping: saved, savedAt: new Date(ago(since)), savedBy: "" }, by });
  }
  /** Somebody saves the newest version with this changed. */
  change(rules: MappingDraft["rules"], by: SavedBy = ana, since = 0): void {
    const { fillSkipped, sendValue } = this.newest;
    this.add(draft(rules, this.#rows(), { fillSkipped, sendValue }).mapping, by, since);
  }
  view(): MappingView {
    const [newest] = this.versions;
    const crm = typeof this.crm === "string" ? { silent: this.crm } : { answer: this.crm };
    const standing = { connection: this.account, crm, mapping: this.newest, rows: this.#rows() };
    const beside = {
      now: new Date(ago(4)),
      crmName: this.crmName,
      savedBy: newest?.by,
      entries,
      namesInUse: [...new Set(this.newest.rules.filter(({ send }) => send).map(({ eventName }) => eventName))],
    };
    return viewOf({ ...standing, ...(newest && { saved: newest.saved }) }, beside);
  }
  #rows() {
    return rowsOf(typeof this.crm === "string" ? undefined : this.crm, this.newest);
  }
  #version(n: number) {
    const { saved, by } = this.versions[n] ?? {};
    return saved && by && { saved, by, before: this.versions[n + 1]?.saved.mapping };
  }
  answer(api: Pick<Api, "on">): void {
    api.on("GET /connections/:id/mapping", () => this.view());
    api.on("POST /connections/:id/mapping/check", ({ body }) => {
      const { rules, ...switches } = body as MappingDraft;
      const made = draft(rules, this.#rows(), switches);
      const { version } = this.newest;
      const changes = [...changesOf(this.newest, { ...made.mapping, version })];
      return { version, issues: [...made.issues], changes, ...sizeOf(made.mapping) };
    });
    api.on("POST /connections/:id/mapping", ({ body }): Answer => {
      const { from, rules, ...switches } = body as MappingDraft & { from: number };
      if (from !== this.newest.version) return conflict;
      this.add(draft(rules, this.#rows(), switches).mapping, { by: "person", name: "Olivia Owner" });
      const made = this.#version(0);
      return made ? versionOf(made.saved, made.before, made.by) : conflict;
    });
    api.on("GET /connections/:id/mapping/versions", () => ({
      versions: this.versions.flatMap((_, n) => {
        const one = this.#version(n);
        return one ? [versionOf(one.saved, one.before, one.by)] : [];
      }),
    }));
    api.on("GET /connections/:id/mapping/versions/:version", ({ params }): Answer => {
      const one = this.#version(this.versions.findIndex(({ saved }) => `${saved.mapping.version}` === params.version));
      return one ? wholeVersionOf(one.saved, one.before, one.by) : { ...conflict, refused: 404, code: "not_found" };
    });
    api.on("GET /connections/:id/lead-fields", () => fields());
    api.on("POST /connections/:id/lead-fields/check", () => ({ crm: { answered: true }, coverage: coverage(121, 31) }));
    api.on("POST /connections/:id/lead-fields", ({ body }) => {
      const { from: _, ...chosen } = body as LeadFieldsAsked;
      return { version: "2", chosen };
    });
  }
}
const ana: SavedBy = { by: "person", name: "Ana Ruiz" };

const conflict: Refusal = {
  refused: 409,
  code: "conflict",
  title: "It is not as you last saw it",
  detail: "Ana Ruiz saved version 3 meanwhile; look at it first",
  fix: "Load it again.",
};

/** A mapping as a customer has it: looked at by a person, while the CRM has gone on. */
export function customers(): Mappings {
  const made = new Mappings();
  const sales = (stageId: string, eventName: string, more: object = {}) => ({
    pipelineId: "sales",
    stageId,
    eventName,
    send: true,
    entries: "first" as const,
    ...more,
  });
  made.change([sales("new_enquiry", "Lead"), sales("viewing_done", "Viewing", { entries: "every" })], ana, 2 * day);
  made.change([sales("offer_made", "Opportunity"), sales("contract_signed", "Customer")], ana, 5 * hour);
  return made;
}

/** The CRM has one stage more, one less, and one that is open and sounds lost. */
export function changed(): Mappings {
  const made = customers();
  made.crm = pipelines.map((pipeline) =>
    pipeline.id === "sales"
      ? {
          ...pipeline,
          stages: [
            ...pipeline.stages.slice(0, 2),
            stage("Second viewing"),
            stage("Not qualified"),
            ...pipeline.stages.slice(3),
          ],
        }
      : pipeline,
  );
  return made;
}

const keys = leadCoverage.shape.keys.element.shape.key.options;

export function coverage(leadIds = 88, worth = 38): CoverageView {
  const have: Partial<Record<(typeof keys)[number], number>> = {
    lead_id: leadIds,
    fbc: 41,
    em: 139,
    ph: 117,
    fn: 140,
    ln: 138,
    ct: 61,
    st: 12,
    zp: 58,
    country: 92,
    external_id: 141,
  };
  return {
    records: 150,
    people: 141,
    keys: keys.map((key) => ({ key, have: have[key] ?? 0, unusable: key === "ph" ? 9 : 0, allowed: key !== "zp" })),
    matchable: 140,
    worth: [{ object: "deal", of: 50, have: worth, noCurrency: 0, unusable: 3 }],
  };
}

export const fields = (more: Partial<LeadFieldsView> = {}): LeadFieldsView => ({
  asOf: ago(4),
  choosable: true,
  fields: [
    {
      object: "contact",
      name: "meta_lead_id",
      label: "Meta lead ID",
      type: "string",
      tells: ["person"],
      suggests: "leadId",
    },
    {
      object: "contact",
      name: "leadgen_id",
      label: "Leadgen ID (import)",
      type: "string",
      tells: ["person"],
      suggests: "leadId",
    },
    {
      object: "contact",
      name: "hs_facebook_click_id",
      label: "Facebook click id",
      type: "string",
      tells: ["person"],
      suggests: "clickId",
    },
    {
      object: "contact",
      name: "ads_consent",
      label: "Consent to advertising",
      type: "enumeration",
      tells: ["person"],
      suggests: "consent",
    },
    { object: "contact", name: "jobtitle", label: "Job title", type: "string", tells: ["person"] },
    { object: "deal", name: "amount", label: "Amount", type: "number", tells: ["worth"], suggests: "value" },
    {
      object: "deal",
      name: "hs_acv",
      label: "Annual contract value",
      type: "number",
      tells: ["worth"],
      suggests: "value",
    },
    { object: "deal", name: "contract_months", label: "Contract months", type: "number", tells: ["worth"] },
    {
      object: "contact",
      name: "lifetime_value",
      label: "Lifetime value",
      type: "number",
      tells: ["person", "worth"],
      suggests: "value",
    },
  ],
  version: "1",
  chosen: { leadId: "meta_lead_id", clickId: "hs_facebook_click_id", value: { deal: "amount" } },
  standard: { deal: "amount" },
  crm: { answered: true },
  coverage: coverage(),
  ...more,
});

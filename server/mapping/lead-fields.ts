import { hash } from "node:crypto";
import type { AnyConnector, Field } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { coverageOf } from "../../core/lead-coverage.ts";
import type { Connection, LeadFields, RecordRef, Tenant } from "../../core/types.ts";
import type { CoverageView, LeadFieldsDraft } from "../api/lead-fields.ts";
import { type AskParts, askCrm, type CrmAnswer } from "./ask-crm.ts";

interface WithFields {
  readonly fields: LeadFields;
  readonly currency?: string;
}

/** Whether there is anything to choose: a CRM that pushes its changes sends the people along. */
export const isChoosable = ({ manifest }: AnyConnector): boolean => manifest.auth !== "signed_http";

/** The choice that holds now, the connector's own defaults included. */
export function chosenOf(connector: AnyConnector, config: unknown): LeadFieldsDraft {
  const { fields, currency } = connector.config.parse(config) as WithFields;
  const { leadId, clickId, consent, value } = fields;
  return {
    ...(leadId !== undefined && { leadId }),
    ...(clickId !== undefined && { clickId }),
    ...(consent !== undefined && { consent }),
    ...(value !== undefined && { value: { ...value } }),
    ...(currency !== undefined && { currency }),
  };
}

/** What tells one choice from another, for those who choose at the same time. */
export const versionOf = (chosen: LeadFieldsDraft): string => hash("sha256", JSON.stringify(chosen)).slice(0, 16);

/**
 * The connection's config with this choice in it; all else in it stays.
 *
 * @throws Failure `conflict` where there is nothing to choose, `input_invalid` where the connector's own schema says no
 */
export function configWith(
  connector: AnyConnector,
  config: unknown,
  { leadId, clickId, consent, value, currency }: LeadFieldsDraft,
): unknown {
  if (!isChoosable(connector))
    throw new Failure(
      "conflict",
      `${connector.manifest.crmName} sends people's data itself; there is nothing to choose`,
    );
  const { fields, currency: _, ...rest } = Object(config) as Partial<WithFields>;
  const wanted = {
    ...rest,
    fields: {
      ...(fields?.hashed && { hashed: fields.hashed }),
      ...(leadId !== undefined && { leadId }),
      ...(clickId !== undefined && { clickId }),
      ...(consent !== undefined && { consent }),
      ...(value !== undefined && { value }),
    },
    ...(currency !== undefined && { currency }),
  };
  const checked = connector.config.safeParse(wanted);
  if (checked.success) return wanted;
  const [issue] = checked.error.issues;
  throw new Failure("input_invalid", `${issue?.path.join(".") ?? "fields"}: ${issue?.message ?? "not as expected"}`);
}

/** @throws Failure `input_invalid` where a field is newly chosen that the CRM does not have, or that cannot hold it */
export function mustExist(fields: readonly Field[], before: LeadFieldsDraft, after: LeadFieldsDraft): void {
  const ofPerson = new Set(fields.filter(({ tells }) => tells.includes("person")).map(({ name }) => name));
  for (const use of ["leadId", "clickId", "consent"] as const) {
    const name = after[use];
    if (name !== undefined && name !== before[use] && !ofPerson.has(name))
      throw new Failure("input_invalid", `${use}: the CRM has no field ${name} that could hold it`);
  }
  for (const [object, name] of Object.entries(after.value ?? {})) {
    const there = fields.some(
      (field) => field.object === object && field.name === name && field.tells.includes("worth"),
    );
    if (name !== before.value?.[object] && !there)
      throw new Failure("input_invalid", `value: the CRM's ${object} has no number field ${name}`);
  }
}

/** What Meta would get of the people behind these records. They are asked of the CRM, counted and forgotten. */
export async function coverageBy(
  connection: Connection,
  tenant: Tenant,
  records: readonly RecordRef[],
  parts: AskParts,
  now: Date,
): Promise<CrmAnswer<CoverageView>> {
  const found = await askCrm(connection, parts, async (connector, access) => ({
    leads: records.length === 0 ? new Map() : await connector.leads(access, records),
    valued: Object.keys(chosenOf(connector, connection.config).value ?? {}),
  }));
  if ("silent" in found) return found;
  const { leads, valued } = found.answer;
  const { consent, ...counted } = coverageOf(leads, valued, tenant, now);
  const asked = consent.yes + consent.no > 0;
  const [keys, worth] = [[...counted.keys], [...counted.worth]];
  return { answer: { records: records.length, ...counted, keys, worth, ...(asked && { consent }) } };
}

import type { AnyConnector, Field } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { coverageOf } from "../../core/lead-coverage.ts";
import type { Connection, LeadFields, RecordRef, Tenant } from "../../core/types.ts";
import type { CoverageView, LeadFieldsAsked } from "../api/lead-fields.ts";
import { type AskParts, askCrm, type CrmAnswer } from "./ask-crm.ts";

interface WithFields {
  readonly fields: LeadFields;
  readonly currency?: string;
}

/** Whether there is anything to choose: a CRM that pushes its changes sends the people along. */
export const isChoosable = ({ manifest }: AnyConnector): boolean => manifest.auth !== "signed_http";

/** The choice that holds now, the connector's own defaults included. */
export function chosenOf(connector: AnyConnector, config: unknown): LeadFieldsAsked {
  const { fields, currency } = connector.config.parse(config) as WithFields;
  const { leadId, clickId, consent } = fields;
  return {
    ...(leadId !== undefined && { leadId }),
    ...(clickId !== undefined && { clickId }),
    ...(consent !== undefined && { consent }),
    ...(currency !== undefined && { currency }),
  };
}

/** Whether this connector wants to be told the currency of accounts that name none. */
export function takesCurrency(connector: AnyConnector, config: unknown): boolean {
  const tried = connector.config.safeParse({ ...Object(config), currency: "EUR" });
  return tried.success && (tried.data as Partial<WithFields>).currency === "EUR";
}

/**
 * The connection's config with this choice in it; all else in it stays.
 *
 * @throws Failure `conflict` where there is nothing to choose, `input_invalid` where the connector's own schema says no
 */
export function configWith(
  connector: AnyConnector,
  config: unknown,
  { leadId, clickId, consent, currency }: LeadFieldsAsked,
): unknown {
  if (!isChoosable(connector))
    throw new Failure(
      "conflict",
      `${connector.manifest.crmName} sends people's data itself; there is nothing to choose`,
    );
  const { fields, currency: _, ...rest } = Object(config) as Partial<WithFields>;
  const { leadId: __, clickId: ___, consent: ____, ...kept } = fields ?? {};
  const wanted = {
    ...rest,
    fields: {
      ...kept,
      ...(leadId !== undefined && { leadId }),
      ...(clickId !== undefined && { clickId }),
      ...(consent !== undefined && { consent }),
    },
    ...(currency !== undefined && { currency }),
  };
  const checked = connector.config.safeParse(wanted);
  if (checked.success) return wanted;
  const [issue] = checked.error.issues;
  throw new Failure("input_invalid", `${issue?.path.join(".") ?? "fields"}: ${issue?.message ?? "not as expected"}`);
}

/** @throws Failure `input_invalid` where a field is newly chosen that the CRM does not have */
export function mustExist(fields: readonly Field[], before: LeadFieldsAsked, after: LeadFieldsAsked): void {
  const names = new Set(fields.map(({ name }) => name));
  for (const use of ["leadId", "clickId", "consent"] as const) {
    const name = after[use];
    if (name !== undefined && name !== before[use] && !names.has(name))
      throw new Failure("input_invalid", `${use}: the CRM has no field ${name} that could hold it`);
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
  const found = await askCrm(connection, parts, async (connector, access) =>
    records.length === 0 ? new Map() : await connector.leads(access, records),
  );
  if ("silent" in found) return found;
  const { consent, ...counted } = coverageOf([...found.answer.values()], tenant, now);
  const asked = consent.yes + consent.no > 0;
  return { answer: { records: records.length, ...counted, keys: [...counted.keys], ...(asked && { consent }) } };
}

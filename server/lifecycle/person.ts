import { Failure } from "../../core/errors.ts";
import { leadId } from "../../core/meta/lead-id.ts";
import { matchKeys } from "../../core/meta/match-keys.ts";
import type { ConnectionId, Lead, MatchKey, RecordRef, Tenant } from "../../core/types.ts";
import type { Store } from "../store/open.ts";
import { type Found, type Held, heldOf, namesIn, recordsNaming } from "../store/person-search.ts";

/** Whom somebody asks about. */
export type Wanted =
  | { readonly by: "record"; readonly connection: ConnectionId; readonly record: RecordRef }
  | { readonly by: "mail" | "phone" | "lead_id"; readonly value: string; readonly connection?: ConnectionId };

/** The same as it may be stored while it is looked for: hashes and numbers, no address. */
export interface Search {
  readonly by: Wanted["by"];
  readonly connection?: ConnectionId;
  readonly record?: RecordRef;
  /** What stands in events that name the person. */
  readonly texts: readonly string[];
}

/** @throws Failure `input_invalid` when nobody can be called so */
export function searchOf(wanted: Wanted, tenant: Pick<Tenant, "defaultCountry">): Search {
  const { by, connection } = wanted;
  const where = connection === undefined ? {} : { connection };
  // Contact data tells the connectors' own name of a person too.
  if (wanted.by === "record")
    return { by, ...where, record: wanted.record, texts: hashesOf("external_id", wanted.record.id, tenant) };
  if (wanted.by === "lead_id") return { by, ...where, texts: leadIdsOf(wanted.value) };
  const texts = hashesOf(wanted.by === "mail" ? "em" : "ph", wanted.value, tenant);
  if (texts.length === 0) throw new Failure("input_invalid", `value: no ${by} that Meta could have been sent`);
  return { by, ...where, texts };
}

function hashesOf(key: MatchKey, value: string, { defaultCountry }: Pick<Tenant, "defaultCountry">): readonly string[] {
  const lead: Lead = { contact: { [key]: [value] } };
  const { keys } = matchKeys(lead, { allowedKeys: [key], ...(defaultCountry !== undefined && { defaultCountry }) });
  return (keys[key] ?? []).map((digest) => `"${digest}"`);
}

/** As events have it, and as pushes that are not read yet. */
function leadIdsOf(value: string): readonly string[] {
  const found = leadId(value);
  if (!found || !("leadId" in found)) throw new Failure("input_invalid", "value: no lead id of Meta's");
  const { leadId: id } = found;
  return [`"lead_id":${id},`, `"lead_id":${id}}`, `"leadId":"${id}"`];
}

/**
 * Every record that is this person's: the one that is named, and those whose events name the same person. Events name people for
 * 30 days; older entries are found by their record alone.
 */
export async function recordsOf(
  tenant: Pick<Tenant, "id">,
  { record, connection, texts }: Search,
  { db }: Pick<Store, "db">,
): Promise<readonly Found[]> {
  if (!record || !connection) return await recordsNaming(db, tenant.id, texts, connection);
  const names = [...texts, ...(await namesIn(db, tenant.id, connection, record))];
  const others = await recordsNaming(db, tenant.id, names, connection);
  const same = (found: Found): boolean => found.record.object === record.object && found.record.id === record.id;
  return [{ connectionId: connection, record }, ...others.filter((found) => !same(found))];
}

/** What is held of them, by connection. */
export async function heldByConnection(
  tenant: Pick<Tenant, "id">,
  found: readonly Found[],
  { db }: Pick<Store, "db">,
): Promise<readonly (Held & { readonly connectionId: ConnectionId; readonly records: number })[]> {
  const all = [];
  for (const [connectionId, of] of Map.groupBy(found, (one) => one.connectionId)) {
    const records = of.map(({ record }) => record);
    all.push({ connectionId, records: of.length, ...(await heldOf(db, tenant.id, connectionId, records)) });
  }
  return all;
}

import { type Kysely, sql } from "kysely";
import type { MatchKey, Tenant, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** What admins decide for their workspace. */
export interface TenantSettings extends Pick<Tenant, "name" | "defaultCountry" | "allowedKeys" | "alertTo"> {
  /** Counts what was saved; whoever saves names the one they saw. */
  readonly version: number;
}
/** Absent: as it was. */
export interface SettingsChange {
  readonly name?: string | undefined;
  /** null: none. */
  readonly defaultCountry?: string | null | undefined;
  readonly allowedKeys?: readonly MatchKey[] | undefined;
  readonly alertTo?: readonly string[] | undefined;
}

export async function findTenantSettings(db: Kysely<Tables>, id: TenantId): Promise<TenantSettings | undefined> {
  const row = await db
    .selectFrom("tenant")
    .select(["settings_version", "name", "default_country", "allowed_keys", "alert_to"])
    .where("id", "=", id)
    .executeTakeFirst();
  return (
    row && {
      version: row.settings_version,
      name: row.name,
      ...(row.default_country !== null && { defaultCountry: row.default_country }),
      allowedKeys: row.allowed_keys as MatchKey[],
      alertTo: row.alert_to,
    }
  );
}

/** Only what is named changes. False: somebody has saved since `seen`, and nothing was done. */
export async function saveTenantSettings(
  db: Kysely<Tables>,
  id: TenantId,
  seen: number,
  { name, defaultCountry, allowedKeys, alertTo }: SettingsChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tenant")
    .set({
      settings_version: sql`settings_version + 1`,
      ...(name !== undefined && { name }),
      ...(defaultCountry !== undefined && { default_country: defaultCountry }),
      ...(allowedKeys !== undefined && { allowed_keys: [...allowedKeys] }),
      ...(alertTo !== undefined && { alert_to: [...alertTo] }),
    })
    .where("id", "=", id)
    .where("settings_version", "=", seen)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

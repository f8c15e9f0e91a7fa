import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import { countries, countryByCode } from "../../core/meta/match-keys/countries.ts";
import { keptForDays, maskEmail } from "../../core/privacy.ts";
import { matchKeyNames, type TenantId } from "../../core/types.ts";
import { type SettingsAsked, type SettingsView, settingsAsked, settingsView } from "../api/settings.ts";
import { isAtLeast, type Role } from "../sign-in/roles.ts";
import { type Deed, writeAudit } from "../store/audit.ts";
import type { Tables } from "../store/tables.ts";
import { findTenantSettings, saveTenantSettings, type TenantSettings } from "../store/tenant-settings.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

/** What admins decide for their workspace. */
export const settingsRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/settings",
      who: "viewer",
      summary: "What is decided for the workspace, and how long what is kept",
      answer: settingsView,
      handle: async ({ tenant, role }) =>
        view(await parts.store.web(tenant.id, (trx) => found(trx, tenant.id)), role, parts),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/settings",
      who: "admin",
      summary: "Change settings of the workspace; from then on",
      body: settingsAsked,
      answer: settingsView,
      handle: async ({ tenant, who, role, now, body }) => {
        const { version, ...wanted } = cleaned(body);
        return await parts.store.web(tenant.id, async (trx) => {
          const before = await found(trx, tenant.id);
          if (before.version !== version || !(await saveTenantSettings(trx, tenant.id, version, wanted)))
            throw new Failure("conflict", "somebody else has saved the settings since; look at them as they are now");
          const after = await found(trx, tenant.id);
          for (const about of changes(before, after))
            await writeAudit(trx, tenant.id, { who, what: "settings.changed", about }, now);
          return view(after, role, parts);
        });
      },
    },
    parts,
  ),
];

async function found(trx: Kysely<Tables>, tenantId: TenantId): Promise<TenantSettings> {
  const settings = await findTenantSettings(trx, tenantId);
  if (!settings) throw new Failure("not_found", "the workspace is gone");
  return settings;
}

const view = (
  { allowedKeys, alertTo, ...settings }: TenantSettings,
  role: Role,
  { sendMail }: ApiParts,
): SettingsView => ({
  ...settings,
  allowedKeys: [...allowedKeys],
  alertTo: isAtLeast(role, "admin") ? [...alertTo] : alertTo.map(maskEmail),
  mail: sendMail() !== undefined,
  countries: countries.map(({ iso }) => iso.toUpperCase()),
  kept: keptForDays,
});

/** Each thing once, and what is chosen from a list in the list's order. */
function cleaned({ allowedKeys, alertTo, ...asked }: SettingsAsked): SettingsAsked {
  const { defaultCountry } = asked;
  if (typeof defaultCountry === "string" && !countryByCode(defaultCountry))
    throw new Failure("input_invalid", "defaultCountry: there is no country of this code");
  return {
    ...asked,
    ...(allowedKeys && { allowedKeys: matchKeyNames.filter((key) => allowedKeys.includes(key)) }),
    ...(alertTo && { alertTo: [...new Map(alertTo.map((mail) => [mail.toLowerCase(), mail])).values()] }),
  };
}

/** What was changed, field by field; of addresses only how many came and went. */
function changes(before: TenantSettings, after: TenantSettings): readonly Deed["about"][] {
  const told = ({ name, defaultCountry, allowedKeys }: TenantSettings) => ({
    name,
    country: defaultCountry ?? null,
    contact_data: allowedKeys.join(" "),
  });
  const [was, is] = [told(before), told(after)];
  const fields = (["name", "country", "contact_data"] as const)
    .filter((field) => was[field] !== is[field])
    .map((field) => ({ field, before: was[field], after: is[field] }));
  const added = after.alertTo.filter((mail) => !before.alertTo.includes(mail)).length;
  const removed = before.alertTo.filter((mail) => !after.alertTo.includes(mail)).length;
  return added + removed > 0 ? [...fields, { field: "alert_to", added, removed }] : fields;
}

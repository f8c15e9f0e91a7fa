import type { Access, Account, CheckReport } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import { openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { type ObjectName, objectNames, objects } from "./objects.ts";
import type { PropertyRow } from "./shapes.ts";

type Probe = CheckReport["probes"][number];

const testAccounts = ["DEVELOPER_TEST", "SANDBOX", "STANDARD_SANDBOX", "DEVELOPMENT_SANDBOX", "APP_DEVELOPER"];
export const isTestAccount = (accountType: string): boolean => testAccounts.includes(accountType);

export async function account(access: Access<HubspotConfig>): Promise<Account> {
  const { portalId, accountType } = await openClient(access).account();
  return { id: portalId, name: `HubSpot ${portalId}`, sandbox: isTestAccount(accountType) };
}

/** Asks for each thing that we need and says what is missing. Leads may be missing: not every HubSpot plan has them. */
export async function check(access: Access<HubspotConfig>): Promise<CheckReport> {
  const client = openClient(access);
  const probes: (Probe & { needed: boolean })[] = [];
  const probe = async (name: string, needed: boolean, hint: string, call: () => Promise<boolean>) => {
    const ok = await call().catch((error: unknown) => {
      if (isFailure(error, "crm_forbidden")) return false;
      throw error;
    });
    probes.push({ name, ok, needed, ...(ok ? {} : { hint }) });
  };

  await probe(
    "account",
    true,
    "Connect HubSpot again.",
    async () => (await client.account()).portalId === access.accountId,
  );
  for (const name of objectNames.filter((candidate) => access.config.objects.includes(candidate)))
    await probe(`${name}s`, name !== "lead", readHint(name), async () => {
      const { modified } = objects[name];
      await client.search(objects[name], { filters: [], sortBy: modified, properties: [modified], limit: 1 });
      return true;
    });

  const { leadId, clickId, consent, value } = access.config.fields;
  const names = new Map<ObjectName, Promise<ReadonlySet<string>>>();
  const has = async (object: ObjectName, property: string): Promise<boolean> => {
    const known = names.get(object) ?? client.properties(objects[object]).then(namesOf);
    names.set(object, known);
    return (await known).has(property);
  };
  for (const [what, object, property, needed] of [
    ["lead id", "contact", leadId, false],
    ["click id", "contact", clickId, false],
    ["consent", "contact", consent, true], // without it nobody consents, and nothing is sent
    ...access.config.objects.map((object) => [`${object} value`, object, value[object], false] as const),
  ] as const)
    if (property !== undefined) {
      const hint = `HubSpot has no ${object} property "${property}": choose the one that holds the ${what}.`;
      await probe(`${what} property`, needed, hint, () => has(object, property));
    }

  return { ok: probes.every(({ ok, needed }) => ok || !needed), probes: probes.map(({ needed, ...rest }) => rest) };
}

const namesOf = (rows: readonly PropertyRow[]): ReadonlySet<string> => new Set(rows.map(({ name }) => name));

const readHint = (name: ObjectName): string =>
  name === "lead"
    ? `Leads are left out. To read them the account needs Sales Hub Professional and the scope ${objects.lead.scope}.`
    : `Connect HubSpot again and agree to ${objects[name].scope}.`;

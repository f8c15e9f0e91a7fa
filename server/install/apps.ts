import type { AppCredentials } from "../access/grant.ts";
import type { Config } from "../config.ts";
import type { Addresses, Simulated } from "../simulated.ts";
import type { SimulatedPlaces } from "./places.ts";

/** Our app at a vendor, by the connector's id; undefined where none is configured. */
export type Apps = (provider: string) => AppCredentials | undefined;

export function appsOf(config: Config): Apps {
  const { HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET, SALESFORCE_APP_CLIENT_ID, SALESFORCE_APP_CLIENT_SECRET } = config;
  const apps = new Map([
    ["hubspot", [HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET]],
    ["salesforce", [SALESFORCE_APP_CLIENT_ID, SALESFORCE_APP_CLIENT_SECRET]],
  ] as const);
  return (provider) => {
    const [clientId, clientSecret] = apps.get(provider as "hubspot" | "salesforce") ?? [];
    return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined;
  };
}

const crms = ["hubspot", "salesforce"] as const;

/** The app as the simulated vendors know it. */
export async function simulatedApps({ act }: Pick<Simulated, "act">): Promise<Apps> {
  const apps = new Map<string, AppCredentials>();
  for (const crm of crms) {
    const { clientId, clientSecret } = await act<AppCredentials>(crm, "app", {});
    apps.set(crm, { clientId, clientSecret });
  }
  return (provider) => apps.get(provider);
}

/** Says at the simulated vendors where their marketplaces and consent pages lead back to, as a developer does in theirs. */
export async function registerCallbacks({ act }: Pick<Simulated, "act">, publicUrl: string): Promise<void> {
  await act("hubspot", "app", { redirectUrls: [`${publicUrl}/oauth/hubspot/callback`] });
  await act("salesforce", "app", { redirectUris: [`${publicUrl}/oauth/salesforce/callback`] });
}

type CrmAddresses = Pick<Addresses, "hubspot" | "salesforce" | "salesforceSecond" | "salesforceTest">;

/** Where people sign in at the simulated vendors. */
export function simulatedPlaces(addresses: CrmAddresses): Readonly<Record<string, SimulatedPlaces>> {
  const { hubspot, salesforce, salesforceSecond: second, salesforceTest: test } = addresses;
  return {
    hubspot,
    salesforce: { places: { production: salesforce, ...(test && { sandbox: test }) }, own: second ? [second] : [] },
  };
}

/** Where the accounts of the simulated vendors are, the usual place first. */
export const simulatedOrigins = (addresses: CrmAddresses): Readonly<Record<string, readonly string[]>> => {
  const { hubspot, salesforce, salesforceSecond: second, salesforceTest: test } = addresses;
  return { hubspot: [hubspot], salesforce: [salesforce, ...(second ? [second] : []), ...(test ? [test] : [])] };
};

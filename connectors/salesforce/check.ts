import type { Access, CheckReport } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import { account } from "./account.ts";
import { type Client, openClient } from "./client.ts";
import type { Config, Kind } from "./config.ts";
import { statusIsTracked } from "./histories.ts";
import { sources } from "./rows.ts";

type Probe = CheckReport["probes"][number];

export async function check(access: Access<Config>): Promise<CheckReport> {
  const client = openClient(access);
  const probes: Probe[] = [
    await probe(
      "Use the API",
      async () => (await account(access)).id === access.accountId,
      "The connected user needs the permission “API Enabled”, in an edition with API access (Professional: as an add-on), and must belong to the org that was connected.",
    ),
  ];
  for (const kind of access.config.objects) probes.push(...(await probeObject(client, access, kind)));
  const required = probes.filter(({ name }) => !optionalProbes.includes(name));
  return { ok: required.every(({ ok }) => ok), probes };
}

const leadIdProbe = "See the Meta lead id";
const copyProbe = "See the Meta lead id on opportunities";
const trackingProbe = "Know when a lead's status changed";
const worthProbes: Readonly<Record<Kind, string>> = {
  lead: "See what a lead is worth",
  opportunity: "See what an opportunity is worth",
};
/** Without these less can be sent, or less exactly; but it works. */
const optionalProbes: readonly string[] = [leadIdProbe, copyProbe, trackingProbe, ...Object.values(worthProbes)];

async function probeObject(client: Client, { config }: Access<Config>, kind: Kind): Promise<readonly Probe[]> {
  const { sobject } = sources[kind];
  const sees = async (field: string): Promise<boolean> =>
    (await client.describe(sobject)).fields.some(({ name }) => name.toLowerCase() === field.toLowerCase());
  const readable = await probe(
    `Read ${kind === "lead" ? "leads" : "opportunities"}`,
    async () => (await client.count({ from: sobject })) >= 0,
    `Give the connected user read access to ${sobject} and “View All” on it: records that are not shared with the user stay unseen.`,
  );
  if (!readable.ok) return [readable];
  const grant = `Create the field ${config.fields.leadId} on ${sobject}, or let the connected user see it (field-level security).`;
  const field = config.fields.value[kind];
  const worth = field === undefined ? [] : [await probe(worthProbes[kind], () => sees(field), noField(field, sobject))];
  if (kind === "opportunity") {
    const hint = `${grant} Then map it at Setup > Lead > Fields > Map Lead Fields; until then the converted lead's own id is used.`;
    return [readable, await probe(copyProbe, () => sees(config.fields.leadId), hint), ...worth];
  }
  return [
    readable,
    await probe(leadIdProbe, () => sees(config.fields.leadId), grant),
    await probe(
      trackingProbe,
      () => statusIsTracked(client),
      "Switch on Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking > Lead Status. Until then the time of a change is that of the lead's last modification, and two changes between two polls are seen as one.",
    ),
    ...worth,
  ];
}

const noField = (field: string, sobject: string): string =>
  `Let the connected user see the field ${field} of ${sobject} (field-level security), or choose another for the value.`;

async function probe(name: string, works: () => Promise<boolean>, hint: string): Promise<Probe> {
  try {
    if (await works()) return { name, ok: true };
  } catch (error) {
    if (!isFailure(error, "crm_forbidden", "crm_schema")) throw error; // says nothing about rights
  }
  return { name, ok: false, hint };
}

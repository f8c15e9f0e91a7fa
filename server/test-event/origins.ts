import type { FieldSource, Sourced } from "../../core/connector.ts";
import type { Source } from "../../core/ingest.ts";
import { type MatchKey, matchKeyNames } from "../../core/types.ts";
import type { Origin, PreviewView } from "../api/preview.ts";

/** Where each line of an event about such a record comes from. What a line holds is no part of it. */
export function originsOf(
  { connector, access }: Pick<Source, "connector" | "access">,
  object: string,
): PreviewView["origins"] {
  const sources = connector.sources?.(access.config, object);
  const user = (["lead_id", "fbc", ...matchKeyNames] as const).flatMap((key) => {
    const origin = ofKey(key, sources, hashedIn(access.config));
    return origin ? [{ path: `user_data.${key}`, origin }] : [];
  });
  const worth = worthOf(sources, isObject(access.config) && access.config.currency !== undefined);
  return [
    { path: "event_name", origin: { from: "mapping" } },
    { path: "event_time", origin: { from: "stage_time" } },
    { path: "event_id", origin: { from: "entry" } },
    { path: "action_source", origin: { from: "fixed" } },
    ...user,
    { path: "custom_data.event_source", origin: { from: "fixed" } },
    { path: "custom_data.lead_event_source", origin: { from: "crm" } },
    ...worth.map(([name, origin]) => ({ path: `custom_data.${name}`, origin })),
  ];
}

type Sources = Readonly<Partial<Record<Sourced, FieldSource>>> | undefined;

/** `chosen`: an admin named one currency for all records (core/types.ts, LeadFields; the connectors' `currency`). */
function worthOf(sources: Sources, chosen: boolean): readonly (readonly [name: string, origin: Origin])[] {
  if (!sources)
    return [
      ["value", pushed("no")],
      ["currency", pushed("no")],
    ];
  const { value, currency } = sources;
  if (!value) return [];
  const named: Origin | undefined = chosen ? { from: "choice" } : currency && field(currency, "no");
  return [["value", field(value, "no")], ...(named ? [["currency", named] as const] : [])];
}

/** Lead id and click id leave as they are; every other key as its SHA-256 (Meta, "Customer information parameters"). */
function ofKey(key: MatchKey | "lead_id" | "fbc", sources: Sources, hashed: readonly string[]): Origin | undefined {
  const how = key === "lead_id" || key === "fbc" ? "no" : hashed.includes(key) ? "before" : "here";
  if (!sources) return pushed(how);
  const source = sources[key];
  return source && field(source, how);
}

type Hashed = Extract<Origin, { from: "field" }>["hashed"];
const field = ({ of, names, ofAccount }: FieldSource, hashed: Hashed): Origin => ({
  from: "field",
  of,
  names: [...names],
  ...(ofAccount !== undefined && { ofAccount }),
  hashed,
});
const pushed = (hashed: Hashed): Origin => ({ from: "pushed", hashed });

/** Keys whose fields hold SHA-256 already; connectors that let the admin say so name them alike (core/types.ts, LeadFields). */
function hashedIn(config: unknown): readonly string[] {
  const fields: unknown = isObject(config) ? config.fields : undefined;
  const hashed: unknown = isObject(fields) ? fields.hashed : undefined;
  return Array.isArray(hashed) ? hashed.filter((key) => typeof key === "string") : [];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

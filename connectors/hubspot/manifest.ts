import type { Manifest } from "../../core/connector.ts";
import { oauth } from "./oauth.ts";
import { type ObjectName, objects } from "./objects.ts";

export const manifest: Manifest = {
  id: "hubspot",
  crmName: "HubSpot",
  auth: "oauth",
  origin: "https://api.hubapi.com",
  tokenPath: "/oauth/2026-09/token",
  oauth,
  scopes: [
    { scope: "oauth", required: true, reason: "Names the connected account, and lets us uninstall ourselves." },
    {
      scope: objects.contact.scope,
      required: true,
      reason: "Reads lifecycle stages, and the Meta lead id and contact data of the people behind each stage change.",
    },
    {
      scope: objects.deal.scope,
      required: true,
      reason: "Reads deals, their pipelines and when each stage was entered.",
    },
    {
      scope: objects.lead.scope,
      required: false,
      reason: "Reads lead records and their pipelines, where Sales Hub Professional has them.",
    },
  ],
  // One host for every data region; developers' tokens are exchanged there too.
  hosts: { api: [/^api\.hubapi\.com$/], token: [/^api\.hubapi\.com$/] },
  // An account gives an app 110 requests in 10 s, and 5 searches a second for all its apps together.
  limits: { pollEveryMs: 60_000, requestsPerSecond: 4 },
  can: { history: "full", push: true, backfill: true },
  recordUrl({ accountId }, { object, id }) {
    const kind = Object.hasOwn(objects, object) ? objects[object as ObjectName] : undefined;
    if (!kind || !/^\d+$/.test(id)) return undefined;
    return `https://app.hubspot.com/contacts/${encodeURIComponent(accountId)}/record/${kind.typeId}/${id}`;
  },
};

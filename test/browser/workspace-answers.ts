import type { AuditView } from "../../server/api/audit.ts";
import type { ConnectionsView } from "../../server/api/connections.ts";
import type { DevelopersView } from "../../server/api/developers.ts";
import type { IngestKeyMade, IngestKeyView } from "../../server/api/ingest-keys.ts";
import type { MembersView } from "../../server/api/members.ts";
import type { PersonErased, PersonExported, PersonFound } from "../../server/api/people.ts";
import type { SettingsView } from "../../server/api/settings.ts";
import type { WorkspaceView } from "../../server/api/workspace.ts";
import { ago, day, hour, minute } from "./ago.ts";

/** What the pages about the workspace are answered, to go with the overview `live`. */

const ana = { id: "usr_ana", name: "Ana Admin" };

type Scopes = ConnectionsView["connections"][number]["scopes"];
const scopes: Scopes = [
  { scope: "oauth", reason: "Names the connected account.", required: true, granted: true },
  { scope: "crm.objects.deals.read", reason: "Reads deals and their pipelines.", required: true, granted: true },
  { scope: "crm.objects.leads.read", reason: "Reads lead records.", required: false, granted: false },
];

export const connections = (): ConnectionsView => ({
  connections: [
    {
      id: "con_hub",
      connector: "hubspot",
      crmName: "HubSpot",
      name: "Northwind Homes EU",
      accountId: "24708123",
      sandbox: false,
      since: ago(40 * day),
      grantedBy: ana,
      liveSince: ago(39 * day),
      dataset: "dst_1",
      scopes,
      startPath: "/install/hubspot",
    },
    {
      id: "con_sf",
      connector: "salesforce",
      crmName: "Salesforce",
      name: "Northwind Homes Sales",
      accountId: "00D3c000000Wxyz1EAA",
      sandbox: true,
      since: ago(12 * day),
      grantedBy: { id: "usr_gone" },
      scopes: [{ scope: "api", reason: "Reads leads and opportunities.", required: true, granted: true }],
      startPath: "/sign-in",
    },
  ],
  datasets: [
    {
      id: "dst_1",
      metaId: "738140291665012",
      name: "Northwind CRM events",
      via: "login",
      accessEndsAt: ago(-50 * day),
      since: ago(40 * day),
      businessId: "561872340019",
      grantedBy: ana,
    },
  ],
});

export const members = (): MembersView => ({
  members: [
    {
      id: "usr_1",
      name: "Olivia Owner",
      mail: "olivia@acme.example",
      role: "owner",
      joinedAt: ago(40 * day),
      you: true,
    },
    { ...ana, mail: "ana@acme.example", role: "admin", joinedAt: ago(3 * day), you: false },
    { id: "usr_v", mail: "val@acme.example", role: "viewer", joinedAt: ago(2 * hour), you: false },
  ],
});

export const settings = (change: Partial<SettingsView> = {}): SettingsView => ({
  version: 4,
  name: "Acme",
  defaultCountry: "DE",
  allowedKeys: ["em", "ph", "fn", "ln"],
  alertTo: ["ops@acme.example", "ana@acme.example"],
  mail: true,
  countries: ["DE", "NL", "US"],
  kept: { payloads: 30, outcomes: 90, ledger: 400, proofs: 1_095 },
  ...change,
});

const held = { records: 2, entries: 7, sent: 4, waiting: 1, givenUp: 0, pushes: 0 };
export const found = (): PersonFound => ({
  connections: [{ id: "con_hub", name: "Northwind Homes EU", ...held }],
  records: [
    { connection: "con_hub", object: "contact", masked: "•••••0311" },
    { connection: "con_hub", object: "deal", masked: "•••••9911" },
  ],
});
export const nobody = (): PersonFound => ({ connections: [], records: [] });
export const erased = (): PersonErased => ({ receipt: "http://localhost/receipts/rcp_1", ...held });
export const exported = (): PersonExported => ({
  workspace: "Acme",
  at: ago(0),
  complete: true,
  notes: ["Contact data is held as SHA-256 only."],
  records: [],
});

export const workspace = (change: Partial<WorkspaceView> = {}): WorkspaceView => ({
  name: "Acme",
  holds: { connections: 2, datasets: 1, members: 3, changes: 18_204, waiting: 3 },
  ...change,
});

type Entry = AuditView["entries"][number];
const entry = (n: number, what: string, words: string, more: Partial<Entry> = {}): Entry => ({
  id: `aud_${n}`,
  at: ago(n * 7 * minute),
  who: ana.id,
  what,
  words,
  about: {},
  ...more,
});
export const audit = (): AuditView => ({
  entries: [
    entry(1, "settings.changed", "A setting of the workspace was changed", {
      change: { what: "Country of phone numbers that name none", before: "US", after: "DE" },
      about: { field: "country", before: "US", after: "DE" },
    }),
    entry(2, "dataset.paused", "Sending to a dataset was paused", { about: { id: "dst_1" } }),
    entry(3, "member.role", "A member was given another role", {
      change: { before: "viewer", after: "admin" },
      about: { member: "usr_1", before: "viewer", role: "admin" },
    }),
    entry(4, "person.erased", "A person was erased", {
      who: "hubspot",
      about: { receipt: "rcp_1", by: "record", records: 1, entries: 3 },
    }),
    entry(5, "account.farewell", "The vendor of a disconnected account was told", {
      who: "upkeep",
      about: { connection: "con_sf", told: true },
    }),
    entry(6, "workspace.made", "The workspace was installed", { who: "usr_gone" }),
  ],
  names: { [ana.id]: ana.name, usr_1: "Olivia Owner", dst_1: "Northwind CRM events", con_sf: "Northwind Homes Sales" },
  people: [ana.id, "hubspot", "upkeep", "usr_gone"],
});

export const key = (change: Partial<IngestKeyView> = {}): IngestKeyView => ({
  id: "key_erp",
  name: "ERP",
  createdBy: ana.id,
  createdAt: ago(9 * day),
  usedAt: ago(4 * minute),
  state: "live",
  ...change,
});
export const keyMade = (change: Partial<IngestKeyMade> = {}): IngestKeyMade => ({
  id: "key_new",
  name: "Web forms",
  createdBy: "usr_1",
  createdAt: ago(0),
  state: "live",
  key: "swk_shownonce_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  ...change,
});

export const developers = (): DevelopersView => ({
  url: "https://stagewire.acme.example",
  workspace: { id: "ten_1", name: "Acme" },
  connections: [
    {
      id: "con_own",
      name: "In-house CRM",
      address: "https://stagewire.acme.example/ingest/v1/stage-changes/con_own",
      outcomesAddress: "https://stagewire.acme.example/ingest/v1/outcomes/con_own",
      secretSince: ago(9 * day),
      liveKeys: 1,
      examples: [
        {
          id: "curl_key",
          language: "shell",
          code: "curl 'https://stagewire.acme.example' \\\n  --data-binary \"$BODY\"",
        },
        { id: "node_signed", language: "javascript", code: 'import { createHmac } from "node:crypto";' },
      ],
    },
  ],
  webhooks: [{ crmName: "HubSpot", address: "https://stagewire.acme.example/webhooks/hubspot" }],
  ids: [
    { kind: "connection", id: "con_own", name: "In-house CRM" },
    { kind: "dataset", id: "dst_1", name: "Northwind CRM events" },
  ],
  addresses: {
    health: "https://stagewire.acme.example/healthz",
    ready: "https://stagewire.acme.example/readyz",
    openapi: "https://stagewire.acme.example/api/v1/openapi.json",
    reference: "https://stagewire.acme.example/api/reference",
  },
});

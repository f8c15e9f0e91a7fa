import type { DatasetChecked, DatasetStep } from "../../server/api/datasets.ts";
import type { InstallView } from "../../server/api/installs.ts";
import type { ProvidersView } from "../../server/api/providers.ts";
import type { SessionView } from "../../server/api/session.ts";
import { support } from "./console-server.ts";

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

export const nobody: SessionView = { signedIn: false, sandbox: false, support };

export const providers: ProvidersView = {
  providers: [
    {
      id: "hubspot",
      crmName: "HubSpot",
      configured: true,
      startPath: "/install/hubspot",
      places: [{ id: "production", label: "HubSpot" }],
      scopes: [
        { scope: "crm.objects.deals.read", required: true, reason: "Reads deals and the stages they enter." },
        { scope: "crm.objects.leads.read", required: false, reason: "Reads leads and their stages." },
      ],
    },
    {
      id: "salesforce",
      crmName: "Salesforce",
      configured: false,
      startPath: "/install/salesforce",
      places: [{ id: "production", label: "Production" }],
      scopes: [{ scope: "api", required: true, reason: "Reads leads and opportunities." }],
    },
  ],
};

export const install = (change: Partial<InstallView> = {}): InstallView => ({
  id: "ins_1",
  provider: "hubspot",
  crmName: "HubSpot",
  account: { id: "1234567", name: "Brightside Solar", sandbox: false },
  person: { name: "Jana Weiß", mail: "jana@brightside-solar.example" },
  asked: true,
  scopes: [
    {
      scope: "crm.objects.deals.read",
      required: true,
      granted: true,
      reason: "Reads deals and the stages they enter.",
    },
    { scope: "crm.objects.leads.read", required: false, granted: false, reason: "Reads leads and their stages." },
  ],
  state: "new",
  workspace: null,
  sharesDataset: null,
  grants: 1,
  manyGrants: false,
  createdAt: new Date().toISOString(),
  endsAt: inAnHour,
  ...change,
});

/** Whose every label tries to be markup, or to push the page apart. */
export const hostileInstall = install({
  account: { id: "9".repeat(60), name: `<img src=x onerror="window.hacked=1">${"W".repeat(120)}`, sandbox: true },
  person: { name: "<b>bold</b>", mail: `${"m".repeat(200)}@example.com` },
  workspace: { id: "ten_1", name: `<script>window.hacked=1</script>${"V".repeat(90)}` },
  sharesDataset: "D".repeat(90),
  grants: 4,
  manyGrants: true,
});

/** What a check found, which went wrong at `failed`. */
export function checked(failed?: DatasetStep["step"]): DatasetChecked {
  const names = ["form", "alive", "found", "crm", "send"] as const;
  const at = failed ? names.indexOf(failed) : names.length;
  return {
    ok: failed === undefined,
    steps: names.map((step, n) => ({
      step,
      state: n < at ? "ok" : n === at ? "failed" : "not_reached",
      words: n < at ? `The ${step} is right.` : n === at ? `The ${step} is wrong.` : "",
      ...(n === at && { fix: `Mend the ${step}.` }),
    })),
    ...(failed === undefined && { name: "Brightside leads", endsAt: inAnHour }),
  };
}

import { defineConnector } from "../../core/connector.ts";
import { account } from "./account.ts";
import { check } from "./check.ts";
import { checkpoint, config, kinds } from "./config.ts";
import { fields } from "./fields.ts";
import { identify } from "./identity.ts";
import { leads } from "./leads.ts";
import { myDomain, oauth } from "./oauth.ts";
import { personSources } from "./person.ts";
import { pipelines } from "./pipelines.ts";
import { read } from "./read.ts";
import { isId } from "./soql.ts";
import { baseline, changes, history } from "./walk.ts";
import { worthSources } from "./worth.ts";

export const salesforce = defineConnector({
  manifest: {
    id: "salesforce",
    crmName: "Salesforce",
    auth: "oauth",
    tokenPath: "/services/oauth2/token",
    oauth,
    scopes: [
      { scope: "api", required: true, reason: "Read leads, opportunities and the history of their stages." },
      {
        scope: "refresh_token",
        required: true,
        reason: "Go on reading after the session of the connecting user ends.",
      },
      { scope: "openid", required: true, reason: "Know which org and which user was connected." },
    ],
    hosts: { api: [myDomain], token: [/^(login|test)\.salesforce\.com$/, myDomain] },
    // Two calls per poll of an idle org: 1,440 of the 100,000 or more that an org has per day.
    limits: { pollEveryMs: 120_000, requestsPerSecond: 5 },
    can: { history: "full", push: false, backfill: true },
    // So admins link records, in Lightning and in Classic; Salesforce's own documents name no address for both.
    recordUrl: ({ apiUrl }, { object, id }) =>
      apiUrl && kinds.some((kind) => kind === object) && isId(id) ? `${apiUrl}/${id}` : undefined,
  },
  config,
  checkpoint,
  account,
  check,
  pipelines,
  fields,
  baseline,
  changes,
  history,
  read,
  leads,
  sources: (config, object) => ({ ...personSources(config, object), ...worthSources(config, object) }),
  identify,
  async uninstall() {
    return {
      removed: [],
      left: [
        {
          what: "The installed package with its External Client App",
          howTo: "Setup > Installed Packages > Uninstall; this also ends every access of the app.",
        },
        {
          what: "The fields Meta_Lead_ID__c and Meta_Click_ID__c with what is in them, where you made them yourself",
          howTo: "Setup > Object Manager > Lead (and Opportunity) > Fields & Relationships > Delete.",
        },
        {
          what: "History tracking of Lead Status, where it was switched on for this",
          howTo: "Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking.",
        },
      ],
    };
  },
});

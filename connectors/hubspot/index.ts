import { defineConnector } from "../../core/connector.ts";
import { account, check } from "./check.ts";
import { hubspotCheckpoint } from "./checkpoint.ts";
import { hubspotConfig } from "./config.ts";
import { sources } from "./contacts.ts";
import { fields } from "./fields.ts";
import { identify } from "./identity.ts";
import { leads } from "./leads.ts";
import { manifest } from "./manifest.ts";
import { pipelines } from "./pipelines.ts";
import { read } from "./read.ts";
import { baseline, changes, history } from "./rounds.ts";
import { verifySettingsPage } from "./settings-page.ts";
import { uninstall } from "./uninstall.ts";
import { verify } from "./webhook.ts";

export const hubspot = defineConnector({
  manifest,
  config: hubspotConfig,
  checkpoint: hubspotCheckpoint,
  account,
  check,
  pipelines,
  fields,
  baseline,
  changes,
  history,
  read,
  leads,
  sources,
  doorbell: { kind: "webhook", verify },
  settingsPage: { verify: verifySettingsPage },
  uninstall,
  identify,
});

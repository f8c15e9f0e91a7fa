import type { Access, UninstallReport } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import { openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";

/** Takes the app out of the account; HubSpot then tells the account's admins by mail. Harmless when done already. */
export async function uninstall(access: Access<HubspotConfig>): Promise<UninstallReport> {
  const property = access.config.fields.leadId;
  const left = property
    ? [{ what: `The contact property ${property}`, howTo: "Keep it, or archive it in HubSpot: Settings, Properties." }]
    : [];
  try {
    await openClient(access).uninstall();
    return { removed: ["The app, its access and its webhooks"], left };
  } catch (error) {
    if (!isFailure(error, "crm_token_stale", "crm_disconnected", "crm_forbidden")) throw error;
    const howTo = "If it is still listed in HubSpot under Settings, Integrations, Connected apps: uninstall it there.";
    return { removed: [], left: [{ what: "The connected app", howTo }, ...left] };
  }
}

import { z } from "zod";
import { count, instant, statusView } from "./schema.ts";

/** `GET /hubspot/settings`: what our page in HubSpot's own settings shows, as HubSpot asks for it. */
export const hubspotSettings = z.object({
  asOf: instant,
  workspace: z.string(),
  status: statusView,
  sent: count.describe("Events that Meta has accepted in the last `days` days."),
  days: count,
  waiting: count.describe("Events that are to be sent."),
  consoleUrl: z.url().describe("Where everything is shown and done."),
  reconnectUrl: z.url().optional().describe("There only while the account does not let us in any more."),
});
export type HubspotSettings = z.infer<typeof hubspotSettings>;

import { z } from "zod";
import { datasetConnected } from "./datasets.ts";
import { instant } from "./schema.ts";

/** Who did it: a member, or who else acts here: `upkeep`, `operator`. */
const somebody = z.object({ id: z.string(), name: z.string().optional().describe("Absent: nobody knows any more.") });
const paused = z
  .object({ at: instant, by: somebody })
  .describe("By an admin; absent: it is not, or something else is in the way.");

const connectionFacts = z.object({
  id: z.string(),
  connector: z.string(),
  crmName: z.string().describe("The CRM as people call it."),
  name: z.string().describe("The account, as its owner calls it."),
  accountId: z.string().describe("The vendor's number of the account."),
  sandbox: z.boolean().describe("A test account of the vendor."),
  since: instant.describe("When it was connected first."),
  grantedBy: somebody.optional().describe("Whose consent it lives on."),
  disconnectedAt: instant.optional(),
  liveSince: instant.optional().describe("What entered its stage from then on is sent; absent: nothing is."),
  dataset: z.string().optional().describe("Where its events go."),
  paused: paused.optional(),
  scopes: z.array(
    z.object({
      scope: z.string(),
      reason: z.string(),
      required: z.boolean(),
      granted: z.boolean().optional().describe("Absent: the access was given without telling."),
    }),
  ),
  startPath: z.string().optional().describe("Where its access is renewed; absent: it has none that could end."),
});
export type ConnectionFacts = z.infer<typeof connectionFacts>;

const datasetFacts = datasetConnected.extend({
  since: instant,
  businessId: z.string().optional().describe("Meta's number of the business that granted the access."),
  grantedBy: somebody.optional(),
  disconnectedAt: instant.optional(),
  paused: paused.optional(),
});
export type DatasetFacts = z.infer<typeof datasetFacts>;

/** `GET /api/v1/connections`: what does not change by itself; how each fares is in the overview. */
export const connectionsView = z.object({ connections: z.array(connectionFacts), datasets: z.array(datasetFacts) });
export type ConnectionsView = z.infer<typeof connectionsView>;

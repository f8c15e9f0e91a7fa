import { z } from "zod";

/** `GET /api/v1/providers`: the CRMs that can be connected by their own consent page, as the install page shows them. */
export const providersView = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      crmName: z.string().describe("As people call it."),
      configured: z.boolean().describe("Our app is set up there; else nobody can be sent to its consent page."),
      startPath: z.string().describe("Where the consent begins: `?place=` or `?host=` say at which place."),
      places: z
        .array(z.object({ id: z.string(), label: z.string() }))
        .describe("Where an admin may sign in, the usual one first."),
      ownHosts: z
        .object({
          pattern: z.string().describe("A regular expression that the whole host name fits."),
          simulated: z.array(z.string()).describe("Only where vendors are simulated: the accounts that are there."),
        })
        .optional()
        .describe("Addresses of an account's own that may be named instead."),
      scopes: z
        .array(z.object({ scope: z.string(), required: z.boolean(), reason: z.string() }))
        .describe("What is asked for, each with its reason."),
    }),
  ),
});
export type ProvidersView = z.infer<typeof providersView>;

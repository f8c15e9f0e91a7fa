import { z } from "zod";
import { count, instant } from "./schema.ts";

/** What those need who program against us. */

const example = z.object({
  id: z.enum(["curl_key", "curl_signed", "node_signed", "curl_outcomes"]),
  language: z.enum(["shell", "javascript"]),
  code: z.string().describe("It runs as it is, once the variable it names is set; it holds no secret."),
});
export type Example = z.infer<typeof example>;

const pushed = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().describe("Where stage changes are pushed."),
  outcomesAddress: z.string().describe("Where is asked what became of them."),
  secretSince: instant.optional().describe("Since when its signing secret holds; absent: it has none."),
  liveKeys: count.describe("Keys that may push just now."),
  examples: z.array(example),
});
export type PushedConnection = z.infer<typeof pushed>;

/** `GET /api/v1/developers` */
export const developersView = z.object({
  url: z.string().describe("Our address, as the world knows it."),
  workspace: z.object({ id: z.string(), name: z.string() }),
  connections: z.array(pushed).describe("Those that are pushed to."),
  webhooks: z
    .array(z.object({ crmName: z.string(), address: z.string() }))
    .describe("Where vendors tell us of changes; set up with our app there."),
  ids: z
    .array(z.object({ kind: z.enum(["connection", "dataset"]), id: z.string(), name: z.string() }))
    .describe("Of what is connected, for calls that name it."),
  addresses: z.object({
    health: z.string().describe("Answers 200 while the process lives."),
    ready: z.string().describe("Answers 200 while it can work, and 503 while it cannot."),
    openapi: z.string().describe("The API, as OpenAPI 3.1."),
    reference: z.string().describe("The API, to be read."),
  }),
});
export type DevelopersView = z.infer<typeof developersView>;

/** `POST /api/v1/connections/:id/signing-secret` */
export const signingSecretMade = z.object({
  secret: z
    .string()
    .describe("Standard Webhooks: `whsec_…`. It is shown now and never again; the one before has ended."),
  since: instant,
});
export type SigningSecretMade = z.infer<typeof signingSecretMade>;

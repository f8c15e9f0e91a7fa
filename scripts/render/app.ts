import { z } from "zod";
import manifest from "../../app.json" with { type: "json" };

const https = z.url({ protocol: /^https$/, hostname: z.regexes.domain });
const path = z.string().regex(/^(\/[a-z0-9-]+)+$/);
const text = z.string().trim().min(1);
const scopes = z.array(z.strictObject({ scope: text, required: z.boolean(), reason: text }));
/** HubSpot's file names what a component is called for ever: 1 to 64 of these (project-parsing-lib). */
const uid = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
/** Salesforce's names of what a package brings: letters, digits and single underscores. */
const developerName = z.string().regex(/^[A-Za-z](_?[A-Za-z0-9])*$/);

const subscription = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("object.propertyChange"), object: text, property: text }),
  z.strictObject({
    type: z.enum(["object.creation", "object.deletion", "object.merge", "object.restore", "object.associationChange"]),
    object: text,
  }),
  z.strictObject({ type: z.literal("contact.privacyDeletion") }),
]);

/** A field that the package brings, so that admins have where to keep what Meta sent. */
const field = z.strictObject({
  name: z.string().regex(/^[A-Za-z](_?[A-Za-z0-9])*__c$/),
  label: text.max(40),
  length: z.int().min(1).max(255),
  externalId: z.boolean(),
  description: text.max(1_000),
  help: text.max(510),
});

/** `app.json`: the app as marketplaces and reviewers see it. Every file for a marketplace is rendered from it. */
export const App = z.strictObject({
  /** Also in sources that are rendered: letters, digits and spaces need no quoting in any of them. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9 ]{1,29}$/),
  description: text.max(255),
  /** Where the hosted service is reached. */
  url: https.refine((url) => new URL(url).origin === url, "an origin, without a slash at the end"),
  support: z.strictObject({ url: https, email: z.email() }),
  documentation: https,
  privacy: https,
  terms: https,
  meta: z.strictObject({ graphVersion: z.string().regex(/^v\d+\.0$/), partnerAgent: text }),
  connectors: z.strictObject({
    hubspot: z.strictObject({
      redirectPath: path,
      webhookPath: path,
      /** Where its settings page asks for what it shows. */
      settingsPath: path,
      scopes,
      subscriptions: z.array(subscription),
      project: z.strictObject({
        name: uid,
        platformVersion: z.string().regex(/^20\d\d\.\d\d$/),
        uids: z.strictObject({ app: uid, webhooks: uid, settings: uid }),
        /** Deliveries that HubSpot has in flight for one account at most; more than 5. */
        maxConcurrentRequests: z.int().min(6),
      }),
    }),
    salesforce: z.strictObject({
      redirectPath: path,
      scopes,
      package: z.strictObject({
        name: developerName,
        apiVersion: z.string().regex(/^\d\d\.0$/),
        versionNumber: z.string().regex(/^\d+\.\d+\.\d+\.NEXT$/),
        fieldsOn: z.array(z.enum(["Lead", "Contact", "Opportunity"])).min(1),
        fields: z.array(field).min(1),
      }),
    }),
    http: z.strictObject({ ingestPath: path.or(z.literal("/ingest/v1/stage-changes")), scopes }),
  }),
});
export type App = z.infer<typeof App>;

/** @throws ZodError, naming what in app.json is not in order */
export const readApp = (): App => App.parse(manifest);

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type ObjectName, objects } from "../../connectors/hubspot/objects.ts";
import { verify } from "../../connectors/hubspot/webhook.ts";
import { connectors } from "../../connectors/index.ts";
import { servedRoutes } from "../../scripts/render/api.ts";
import { App, readApp } from "../../scripts/render/app.ts";
import { hubspotProject } from "../../scripts/render/hubspot.ts";
import { salesforcePackage } from "../../scripts/render/salesforce.ts";

const app = readApp();
const { hubspot, salesforce, http } = app.connectors;

describe("app.json", () => {
  test.each<[string, (broken: App) => void]>([
    ["an address with a path", (broken) => void Object.assign(broken, { url: "https://a.example/x" })],
    ["an address without TLS", (broken) => void Object.assign(broken, { url: "http://a.example" })],
    [
      "a scope without a reason",
      (broken) => void Object.assign(broken.connectors.hubspot.scopes[0] ?? {}, { reason: " " }),
    ],
    ["a subscription to nothing", (broken) => void broken.connectors.hubspot.subscriptions.push({} as never)],
    ["a name that is code", (broken) => void Object.assign(broken, { name: "{alert(1)}" })],
    ["a word that nobody knows", (broken) => void Object.assign(broken, { supprot: {} })],
  ])("is refused with %s", (_what, breaking) => {
    const broken = structuredClone(app);
    breaking(broken);
    expect(App.safeParse(broken).success).toBe(false);
  });

  test("names the addresses that the server serves", () => {
    const served = servedRoutes().map(({ method, path }) => `${method} ${path}`);
    const named = [
      ...[hubspot, salesforce].map(({ redirectPath }) => `get ${redirectPath}`),
      `post ${hubspot.webhookPath}`,
      `post ${http.ingestPath}{/:connection}`,
    ];
    expect(served).toEqual(expect.arrayContaining([...named, `get ${hubspot.settingsPath}`]));
    const callbacks = served.filter((route) => /^get \/oauth\/(?!meta\/)/.test(route));
    expect(callbacks.sort()).toEqual(named.filter((route) => route.startsWith("get ")).sort());
    const webhooks = served.filter((route) => /^post \/webhooks\/(?!meta\/)/.test(route));
    expect(webhooks).toEqual([`post ${hubspot.webhookPath}`]);
  });

  test("asks of every CRM what its manifest asks, and has an address to come back to for each consent page", () => {
    for (const [id, { manifest }] of connectors) {
      const said = app.connectors[id as keyof typeof app.connectors];
      expect(said.scopes, id).toEqual(manifest.scopes);
      expect("redirectPath" in said, id).toBe(manifest.oauth !== undefined);
    }
  });

  test("subscribes to every property that moves a record, and to nothing that is not understood", () => {
    const watched = hubspot.subscriptions.flatMap((one) =>
      "property" in one ? [`${one.object}.${one.property}`] : [],
    );
    const moving = Object.values(objects).flatMap(({ name, stage, pipeline }) => [
      `${name}.${stage}`,
      ...(pipeline ? [`${name}.${pipeline}`] : []),
    ]);
    expect(watched.sort()).toEqual(moving.sort());
    for (const one of hubspot.subscriptions) expect(rings(one), JSON.stringify(one)).toHaveLength(1);
  });
});

/** What the connector makes of a notification of this kind, signed as HubSpot signs. */
function rings(one: (typeof hubspot.subscriptions)[number]) {
  const object = "object" in one ? one.object : "contact";
  const typeId = objects[object as ObjectName].typeId;
  const about = {
    subscriptionType: one.type,
    portalId: 1,
    ...(one.type === "object.associationChange" ? { fromObjectId: 7, fromObjectTypeId: typeId } : { objectId: 7 }),
    ...(one.type.startsWith("object.") && { objectTypeId: typeId }),
    ...("property" in one && { propertyName: one.property, propertyValue: "x" }),
  };
  const body = Buffer.from(JSON.stringify([about]));
  const receivedAt = new Date("2026-11-23T09:00:00Z");
  const timestamp = String(receivedAt.getTime());
  const url = app.url + hubspot.webhookPath;
  const signed = createHmac("sha256", "secret").update(`POST${url}${body}${timestamp}`).digest("base64");
  const headers = { "x-hubspot-request-timestamp": timestamp, "x-hubspot-signature-v3": signed };
  return verify({ method: "POST", url, headers, body, receivedAt }, ["secret"]);
}

const uid = z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/);
const https = z.string().regex(/^https:\/\/[^/\s]+/);
const scope = z.string().regex(/^[a-z][a-z0-9_.-]*$/);
/** HubSpot publishes no schemas; these accept its own templates (reference/hubspot.md, 6.5). */
const appMeta = z.strictObject({
  uid,
  type: z.literal("app"),
  config: z.strictObject({
    name: z.string().min(1),
    description: z.string().min(1),
    distribution: z.literal("marketplace"),
    auth: z.strictObject({
      type: z.literal("oauth"),
      redirectUrls: z.array(https).min(1),
      requiredScopes: z.array(scope).refine((scopes) => scopes.includes("oauth")),
      optionalScopes: z.array(scope),
      conditionallyRequiredScopes: z.array(scope),
    }),
    permittedUrls: z.strictObject({ fetch: z.array(https), iframe: z.array(https), img: z.array(https) }),
    support: z.strictObject({ supportEmail: z.email(), documentationUrl: z.url(), supportUrl: z.url() }),
  }),
});
const kinds = ["creation", "deletion", "merge", "restore", "propertyChange", "associationChange"] as const;
const webhooksMeta = z.strictObject({
  uid,
  type: z.literal("webhooks"),
  config: z.strictObject({
    settings: z.strictObject({ targetUrl: https, maxConcurrentRequests: z.int().min(6) }),
    subscriptions: z.strictObject({
      crmObjects: z.array(
        z
          .strictObject({
            subscriptionType: z.enum(kinds.map((kind) => `object.${kind}` as const)),
            objectType: z.enum(["contact", "deal", "lead"]),
            propertyName: z.string().optional(),
            active: z.literal(true),
          })
          .refine((one) => (one.subscriptionType === "object.propertyChange") === (one.propertyName !== undefined)),
      ),
      legacyCrmObjects: z.array(z.never()),
      hubEvents: z.array(
        z.strictObject({ subscriptionType: z.literal("contact.privacyDeletion"), active: z.literal(true) }),
      ),
    }),
  }),
});
const settingsMeta = z.strictObject({
  uid,
  type: z.literal("settings"),
  config: z.strictObject({ entrypoint: z.string() }),
});

describe("HubSpot's project", () => {
  const files = new Map(hubspotProject(app));
  const root = "connectors/hubspot/marketplace/";
  const text = (path: string): string => {
    const found = files.get(root + path);
    if (found === undefined) throw new Error(`${path} is not rendered`);
    return found;
  };
  const json = (path: string): unknown => JSON.parse(text(path));

  test("has each component once, in the folder of its type", () => {
    const metas = [...files.keys()]
      .filter((path) => path.endsWith("-hsmeta.json"))
      .map((path) => path.slice(root.length));
    expect(metas.sort()).toEqual([
      "src/app/app-hsmeta.json",
      "src/app/settings/settings-hsmeta.json",
      "src/app/webhooks/webhooks-hsmeta.json",
    ]);
    const uids = metas.map((path) => (json(path) as { readonly uid: string }).uid);
    expect(new Set(uids).size).toBe(3);
    expect(json("hsproject.json")).toEqual({ name: "stagewire", srcDir: "src", platformVersion: "2026.09" });
  });

  test("is in the form that HubSpot takes, and asks for the scopes that the connector asks for", () => {
    const { config } = appMeta.parse(json("src/app/app-hsmeta.json"));
    const scopes = connectors.get("hubspot")?.manifest.scopes ?? [];
    const named = (required: boolean) => scopes.filter((one) => one.required === required).map((one) => one.scope);
    expect(config.auth.requiredScopes).toEqual(named(true));
    expect(config.auth.optionalScopes).toEqual(named(false));
    expect(config.auth.redirectUrls).toEqual(["https://stagewire.example/oauth/hubspot/callback"]);
    const hooks = webhooksMeta.parse(json("src/app/webhooks/webhooks-hsmeta.json"));
    const { crmObjects, hubEvents } = hooks.config.subscriptions;
    expect(crmObjects.length + hubEvents.length).toBe(hubspot.subscriptions.length);
    const settings = settingsMeta.parse(json("src/app/settings/settings-hsmeta.json"));
    const page = text(`src${settings.config.entrypoint}`);
    expect(page).toContain("hubspot.extend");
    const [, asked = ""] = /address = "([^"]+)"/.exec(page) ?? [];
    expect(asked).toBe(app.url + hubspot.settingsPath);
    expect(config.permittedUrls.fetch).toContain(new URL(asked).origin);
  });

  test("would be found out if it were not", () => {
    const broken = (change: (meta: z.infer<typeof appMeta>) => void): boolean => {
      const meta = appMeta.parse(json("src/app/app-hsmeta.json"));
      change(meta);
      return appMeta.safeParse(meta).success;
    };
    expect(broken(() => {})).toBe(true);
    expect(broken(({ config }) => void config.auth.requiredScopes.splice(0, 1))).toBe(false);
    expect(broken(({ config }) => void config.auth.redirectUrls.push("http://a.example/callback"))).toBe(false);
    expect(broken((meta) => void Object.assign(meta, { uid: "x".repeat(65) }))).toBe(false);
    expect(broken(({ config }) => void config.permittedUrls.fetch.push("http://localhost:3000"))).toBe(false);
  });
});

/** The elements of a file as `parent/child`, each with its text; throws where a tag is not closed. */
function elementsOf(xml: string): readonly (readonly [path: string, text: string])[] {
  const open: string[] = [];
  const found: (readonly [string, string])[] = [];
  const tag = /<(\/?)([A-Za-z]+)(?: xmlns="[^"<]*")?>([^<]*)/g;
  const [head = "", ...rest] = xml.split("\n");
  if (head !== '<?xml version="1.0" encoding="UTF-8"?>') throw new Error("there is no declaration");
  const body = rest.join("\n");
  if (/&(?!amp;|lt;|gt;)/.test(body)) throw new Error("a bare &");
  let end = 0;
  for (const match of body.matchAll(tag)) {
    if (match.index !== end) throw new Error(`unexpected text at ${end}`);
    end = match.index + match[0].length;
    const [, closing, name = "", text = ""] = match;
    if (closing) {
      if (open.pop() !== name) throw new Error(`${name} was not open`);
    } else {
      open.push(name);
      found.push([open.join("/"), text.trim()]);
    }
  }
  if (open.length > 0 || end !== body.length) throw new Error("something was not closed");
  return found;
}
const all = (xml: string, path: string): readonly string[] =>
  elementsOf(xml).flatMap(([at, text]) => (at === path ? [text] : []));

describe("Salesforce's package", () => {
  const files = new Map(salesforcePackage(app));
  const root = "connectors/salesforce/package/";
  const xmls = [...files].filter(([path]) => path.endsWith(".xml"));
  const textAt = (end: string): string => xmls.find(([path]) => path.endsWith(end))?.[1] ?? "";

  test("is well-formed, each file named for what it holds", () => {
    expect(xmls.length).toBeGreaterThan(10);
    for (const [path, xml] of xmls) {
      const [[type = ""] = []] = elementsOf(xml);
      const folders: Readonly<Record<string, string>> = {
        CustomField: "fields",
        CustomObject: "Lead",
        ExternalClientApplication: "externalClientApps",
        ExtlClntAppOauthSettings: "extlClntAppOauthSettings",
        PermissionSet: "permissionsets",
      };
      expect(path.split("/").at(-2), path).toBe(folders[type]);
      if (type === "CustomField")
        expect(all(xml, "CustomField/fullName")).toEqual([path.split("/").at(-1)?.split(".")[0]]);
    }
  });

  test("a broken file would be noticed", () => {
    for (const broken of ["<A>", "<A></B>", "<A>&</A>", "<A></A></A>", "<A>", "x<A></A>"])
      expect(() => elementsOf(`<?xml version="1.0" encoding="UTF-8"?>\n${broken}`), broken).toThrow();
  });

  test("has words for words in it, whatever app.json says", () => {
    const client = new Map(salesforcePackage({ ...app, description: "Leads & <deals>" }));
    const [, xml = ""] = [...client].find(([path]) => path.endsWith(".eca-meta.xml")) ?? [];
    expect(all(xml, "ExternalClientApplication/description")).toEqual(["Leads &amp; &lt;deals&gt;"]);
  });

  test("refers only to what it brings", () => {
    const client = textAt(".eca-meta.xml");
    expect(all(client, "ExternalClientApplication/distributionState")).toEqual(["Packaged"]);
    const [named] = all(textAt(".ecaOauth-meta.xml"), "ExtlClntAppOauthSettings/externalClientApplication");
    expect(xmls.map(([path]) => path)).toContain(`${root}base/main/default/externalClientApps/${named}.eca-meta.xml`);
    const brought = xmls.flatMap(([path]) => {
      const [, object, field] = /base\/.*\/objects\/(\w+)\/fields\/(\w+__c)\./.exec(path) ?? [];
      return object ? [`${object}.${field}`] : [];
    });
    const granted = all(textAt("Integration.permissionset-meta.xml"), "PermissionSet/fieldPermissions/field");
    expect(granted.toSorted()).toEqual(brought.toSorted());
    expect(brought.length).toBe(6);
  });

  test("asks for the scopes that the connector asks for, under their other names", () => {
    const [scopes = ""] = all(textAt(".ecaOauth-meta.xml"), "ExtlClntAppOauthSettings/commaSeparatedOauthScopes");
    const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
    const asked = connectors.get("salesforce")?.manifest.scopes.map((one) => plain(one.scope));
    expect(scopes.split(", ").map(plain)).toEqual(asked);
  });

  test("brings the fields that the connector reads unless told otherwise", () => {
    const config = connectors.get("salesforce")?.config.parse({}) as { readonly fields: Record<string, string> };
    const brought = salesforce.package.fields.map(({ name }) => name);
    expect(brought).toEqual([config.fields.leadId, config.fields.clickId]);
  });

  test("T36: PKCE, rotation and the consumer's secret are in no file of it: they stay in the owning org", () => {
    for (const [path, text] of files) {
      expect(path).not.toMatch(/ecaGlblOauth|ecaOauthPlcy/);
      expect(text, path).not.toMatch(/consumerSecret|consumerKey|oauthLink/);
    }
    expect(files.get(`${root}.forceignore`)).toMatch(/ecaGlblOauth/);
  });

  test("brings into no managed package what only an admin may deploy", () => {
    const managed = xmls.filter(([path]) => path.startsWith(`${root}base/`)).map(([, xml]) => xml);
    expect(
      managed.filter((xml) => /objectPermissions|userPermissions|enableHistory|trackHistory>true/.test(xml)),
    ).toEqual([]);
    const directories = (JSON.parse(files.get(`${root}sfdx-project.json`) ?? "{}") as Record<string, unknown>)
      .packageDirectories as readonly { path: string; default?: boolean }[];
    expect(directories.filter((one) => one.default).map(({ path }) => path)).toEqual(["base"]);
  });
});

import type { App } from "./app.ts";
import { jsonText } from "./json.ts";
import { metadata } from "./xml.ts";

const folder = "connectors/salesforce/package";
const base = `${folder}/base/main/default`;
/** What no managed package may bring: an admin who wants it deploys it. */
const unmanaged = `${folder}/unmanaged/main/default`;

/** Scopes as the Metadata API calls them (developer guide: ExtlClntAppOauthSettings). */
const scopeNames: Readonly<Record<string, string>> = { api: "Api", refresh_token: "RefreshToken", openid: "OpenID" };

/**
 * Sources of the second-generation managed package (sf project). Consumer key, secret and callback are in the settings that
 * stay in the owning org and are never packaged. Path and text.
 */
export function salesforcePackage(app: App): readonly (readonly [string, string])[] {
  const { name, fields, fieldsOn } = app.connectors.salesforce.package;
  return [
    [`${folder}/README.md`, readme(app)],
    [`${folder}/sfdx-project.json`, jsonText(project(app))],
    [`${folder}/config/project-scratch-def.json`, jsonText(scratchOrg(app))],
    [`${folder}/.forceignore`, "**/*.ecaGlblOauth*\n**/*.ecaPlcy*\n**/*.ecaOauthPlcy*\n"],
    [`${base}/externalClientApps/${name}.eca-meta.xml`, clientApp(app)],
    [`${base}/extlClntAppOauthSettings/${name}.ecaOauth-meta.xml`, oauthSettings(app)],
    [`${base}/permissionsets/${name}_Integration.permissionset-meta.xml`, fieldAccess(app)],
    ...fieldsOn.flatMap((object) =>
      fields.map(
        (field) => [`${base}/objects/${object}/fields/${field.name}.field-meta.xml`, customField(field)] as const,
      ),
    ),
    [`${unmanaged}/permissionsets/${name}_Read_All.permissionset-meta.xml`, recordAccess(app)],
    [`${unmanaged}/objects/Lead/Lead.object-meta.xml`, metadata("CustomObject", [["enableHistory", true]])],
    [`${unmanaged}/objects/Lead/fields/Status.field-meta.xml`, trackedStatus],
  ];
}

const project = ({ url, connectors: { salesforce } }: App) => {
  const { name, apiVersion, versionNumber } = salesforce.package;
  return {
    packageDirectories: [
      {
        path: "base",
        package: name,
        versionName: `${name} ${versionNumber.replace(".NEXT", "")}`,
        versionNumber,
        default: true,
        definitionFile: "config/project-scratch-def.json",
        postInstallUrl: `${url}/sign-in`,
      },
      { path: "unmanaged" },
    ],
    name: name.toLowerCase(),
    namespace: "",
    sfdcLoginUrl: "https://login.salesforce.com",
    sourceApiVersion: apiVersion,
    packageAliases: {},
  };
};

const scratchOrg = ({ name }: App) => ({
  orgName: name,
  edition: "Developer",
  features: ["ExternalClientApps"],
  settings: {
    externalClientAppSettings: { enableExternalClientApps: true, enablePackageEcaOauthFromDevOrg: true },
  },
});

const clientApp = ({ name, description, support }: App): string =>
  metadata("ExternalClientApplication", [
    ["contactEmail", support.email],
    ["description", description],
    ["distributionState", "Packaged"],
    ["isProtected", false],
    ["label", name],
  ]);

const oauthSettings = ({ connectors: { salesforce } }: App): string =>
  metadata("ExtlClntAppOauthSettings", [
    ["commaSeparatedOauthScopes", salesforce.scopes.map(({ scope }) => nameOf(scope)).join(", ")],
    ["externalClientApplication", salesforce.package.name],
    ["label", `${salesforce.package.name} OAuth`],
  ]);

function nameOf(scope: string): string {
  const name = scopeNames[scope];
  if (!name) throw new TypeError(`how the Metadata API calls the scope ${scope} is not known`);
  return name;
}

type Field = App["connectors"]["salesforce"]["package"]["fields"][number];
const customField = ({ name, label, length, externalId, description, help }: Field): string =>
  metadata("CustomField", [
    ["fullName", name],
    ["label", label],
    ["type", "Text"],
    ["length", length],
    ["externalId", externalId],
    ["unique", false],
    ["required", false],
    // Standard objects track 20 fields at most: these are not worth one of them.
    ["trackHistory", false],
    ["description", description],
    ["inlineHelpText", help],
  ]);

/** Managed permission sets grant what the package itself brings. */
const fieldAccess = ({ name, connectors: { salesforce } }: App): string =>
  metadata("PermissionSet", [
    ["label", `${name} Integration`],
    ["description", `Reads the fields that ${name} brings. For the user who connects it.`],
    ["hasActivationRequired", false],
    ...salesforce.package.fieldsOn.flatMap((object) =>
      salesforce.package.fields.map(
        (field) =>
          [
            "fieldPermissions",
            [
              ["editable", false],
              ["field", `${object}.${field.name}`],
              ["readable", true],
            ],
          ] as const,
      ),
    ),
  ]);

/** Without it the connected user reads only what is shared with it, and stage changes of other records are missed. */
const recordAccess = ({ name }: App): string =>
  metadata("PermissionSet", [
    ["label", `${name} Read All`],
    [
      "description",
      `Reads every lead, contact, account and opportunity, and changes none. For the user who connects ${name}.`,
    ],
    ["hasActivationRequired", false],
    [
      "userPermissions",
      [
        ["enabled", true],
        ["name", "ApiEnabled"],
      ],
    ],
    ...["Account", "Contact", "Lead", "Opportunity"].map(
      (object) =>
        [
          "objectPermissions",
          [
            ["allowCreate", false],
            ["allowDelete", false],
            ["allowEdit", false],
            ["allowRead", true],
            ["modifyAllRecords", false],
            ["object", object],
            ["viewAllRecords", true],
          ],
        ] as const,
    ),
  ]);

/** With the history of `Status`, entering a stage has an exact time; opportunities keep theirs by themselves. */
const trackedStatus = metadata("CustomField", [
  ["fullName", "Status"],
  ["trackHistory", true],
  ["type", "Picklist"],
]);

const readme = ({ name, url, connectors: { salesforce } }: App): string => `# ${name} at Salesforce

Rendered from \`app.json\` by \`npm run render\`: change it there.

\`base\` is the managed package: the external client app, fields for Meta's lead and click ids, and a permission set for them.
\`unmanaged\` is for admins who want it: reading every record, and the history of \`Lead.Status\`, which no package may bring.

Once, in the org that owns the app (Dev Hub): make the external client app with PKCE, refresh token rotation and the callback
\`${url}${salesforce.redirectPath}\`. Its key and secret are \`SALESFORCE_APP_CLIENT_ID\` and \`SALESFORCE_APP_CLIENT_SECRET\`;
they stay there and here, and in no file.

\`\`\`sh
sf package create --name ${salesforce.package.name} --package-type Managed --path base
sf package version create --package ${salesforce.package.name} --code-coverage --installation-key-bypass --wait 30
sf package version promote --package 04t…
sf project deploy start --source-dir unmanaged    # by an admin, in their own org
\`\`\`

What an admin does, in this order:

1. Install the package, for admins only: \`https://login.salesforce.com/packaging/installPackage.apexp?p0=04t…\`
   (\`test.salesforce.com\` for a sandbox).
2. Setup > External Client App Manager > ${name} > Policies: who may use it, and from where.
3. Assign \`${salesforce.package.name}_Integration\` to the user who will connect, and let that user read all leads and opportunities.
4. Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking: Lead Status. Map the fields for conversion.
5. Connect in ${name}: Production, Sandbox or My Domain.

| Scope | Why |
|---|---|
${salesforce.scopes.map(({ scope, reason }) => `| \`${scope}\` | ${reason} |`).join("\n")}
`;

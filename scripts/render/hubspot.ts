import type { App } from "./app.ts";
import { jsonText } from "./json.ts";

const folder = "connectors/hubspot/marketplace";

/**
 * HubSpot's developer project (docs: apps/developer-platform/build-apps): each `-hsmeta.json` in the folder of its type, for
 * one in another is skipped without a word. Path and text.
 */
export const hubspotProject = (app: App): readonly (readonly [string, string])[] => {
  const { project } = app.connectors.hubspot;
  const { name, platformVersion } = project;
  return [
    [`${folder}/README.md`, readme(app)],
    [`${folder}/hsproject.json`, jsonText({ name, srcDir: "src", platformVersion })],
    [`${folder}/src/app/app-hsmeta.json`, jsonText(appMeta(app))],
    [`${folder}/src/app/webhooks/webhooks-hsmeta.json`, jsonText(webhooksMeta(app))],
    [`${folder}/src/app/settings/settings-hsmeta.json`, jsonText(settingsMeta(app))],
    [`${folder}/src/app/settings/SettingsPage.jsx`, settingsPage(app)],
    [`${folder}/src/app/settings/package.json`, jsonText(settingsPackage)],
  ];
};

/** A marketplace app lets people in by OAuth, and every required scope has to be in each install link. */
const appMeta = ({ name, description, url, support, documentation, connectors: { hubspot } }: App) => ({
  uid: hubspot.project.uids.app,
  type: "app",
  config: {
    name,
    description,
    distribution: "marketplace",
    auth: {
      type: "oauth",
      redirectUrls: [url + hubspot.redirectPath],
      requiredScopes: hubspot.scopes.filter(({ required }) => required).map(({ scope }) => scope),
      optionalScopes: hubspot.scopes.filter(({ required }) => !required).map(({ scope }) => scope),
      conditionallyRequiredScopes: [],
    },
    // The settings page asks us for what it shows.
    permittedUrls: { fetch: [url], iframe: [], img: [] },
    support: { supportEmail: support.email, documentationUrl: documentation, supportUrl: support.url },
  },
});

const webhooksMeta = ({ url, connectors: { hubspot } }: App) => ({
  uid: hubspot.project.uids.webhooks,
  type: "webhooks",
  config: {
    settings: { targetUrl: url + hubspot.webhookPath, maxConcurrentRequests: hubspot.project.maxConcurrentRequests },
    subscriptions: {
      crmObjects: hubspot.subscriptions
        .filter((one) => "object" in one)
        .map((one) => ({
          subscriptionType: one.type,
          objectType: one.object,
          ...("property" in one && { propertyName: one.property }),
          active: true,
        })),
      legacyCrmObjects: [],
      hubEvents: hubspot.subscriptions
        .filter((one) => !("object" in one))
        .map(({ type }) => ({ subscriptionType: type, active: true })),
    },
  },
});

const settingsMeta = ({ connectors: { hubspot } }: App) => ({
  uid: hubspot.project.uids.settings,
  type: "settings",
  config: { entrypoint: "/app/settings/SettingsPage.jsx" },
});

const settingsPackage = {
  name: "settings",
  private: true,
  dependencies: { "@hubspot/ui-extensions": "latest", react: "^18.2.0" },
};

/**
 * What HubSpot shows under Connected apps: how it stands, in our own sentence, and two numbers. HubSpot fetches it of our
 * server and signs for the account (docs: ui-extensions/fetching-data); everything is done in the console.
 */
const settingsPage = ({
  name,
  url,
  documentation,
  support,
  connectors: { hubspot },
}: App): string => `// Rendered from app.json.
import {
  Button,
  Divider,
  ErrorState,
  Flex,
  hubspot,
  Link,
  LoadingSpinner,
  Statistics,
  StatisticsItem,
  StatusTag,
  Text,
} from "@hubspot/ui-extensions";
import { useCallback, useEffect, useState } from "react";

const address = ${JSON.stringify(url + hubspot.settingsPath)};
const colours = { live: "success", waiting: "warning", problem: "danger", setup: "info", paused: "default" };
const words = { live: "Live", waiting: "Waiting", problem: "Needs you", setup: "Not set up", paused: "Paused" };

hubspot.extend(() => <SettingsPage />);

function SettingsPage() {
  const [told, setTold] = useState(undefined);
  const [failed, setFailed] = useState(false);
  const load = useCallback(async () => {
    setFailed(false);
    try {
      const answer = await hubspot.fetch(address, { method: "GET", timeout: 10_000 });
      if (!answer.ok) throw new Error(String(answer.status));
      setTold(await answer.json());
    } catch {
      setFailed(true);
    }
  }, []);
  useEffect(() => void load(), [load]);
  return (
    <Flex direction="column" gap="small">
      {failed ? <Failed again={load} /> : told ? <Standing {...told} /> : <LoadingSpinner label="Asking ${name}" />}
      <Divider />
      <Link href={{ url: told?.consoleUrl ?? ${JSON.stringify(`${url}/`)}, external: true }}>Open ${name}</Link>
      <Link href={{ url: ${JSON.stringify(documentation)}, external: true }}>Setup guide</Link>
      <Link href={{ url: ${JSON.stringify(support.url)}, external: true }}>Support</Link>
    </Flex>
  );
}

function Standing({ status, sent, days, waiting, reconnectUrl }) {
  return (
    <Flex direction="column" gap="small">
      <StatusTag variant={colours[status.tone]}>{words[status.tone]}</StatusTag>
      <Text>{status.sentence}</Text>
      <Statistics>
        <StatisticsItem label={\`Accepted by Meta in \${days} days\`} number={sent} />
        <StatisticsItem label="Waiting" number={waiting} />
      </Statistics>
      {reconnectUrl && (
        <Button variant="primary" href={{ url: reconnectUrl, external: true }}>
          Reconnect HubSpot
        </Button>
      )}
    </Flex>
  );
}

function Failed({ again }) {
  return (
    <ErrorState title="${name} could not be asked">
      <Text>What is sent goes on being sent. Try again, or open ${name} to see how it stands.</Text>
      <Button onClick={again}>Try again</Button>
    </ErrorState>
  );
}
`;

const readme = ({ name, url, connectors: { hubspot } }: App): string => `# ${name} at HubSpot

Rendered from \`app.json\` by \`npm run render\`: change it there.

\`\`\`sh
hs account auth
hs project validate
hs project upload
\`\`\`

HubSpot then shows the app's client id and secret: \`HUBSPOT_CLIENT_ID\` and \`HUBSPOT_CLIENT_SECRET\`. People come back to
\`${url}${hubspot.redirectPath}\`, and webhooks go to \`${url}${hubspot.webhookPath}\`. Under another address, change \`url\`
in \`app.json\` and render again.

| Scope | | Why |
|---|---|---|
${hubspot.scopes.map(({ scope, required, reason }) => `| \`${scope}\` | ${required ? "required" : "optional"} | ${reason} |`).join("\n")}
`;

import type { Action, Faults } from "../simulator.ts";
import type { FaultSwitch } from "./faults.ts";
import type { Hub } from "./hub.ts";
import { usualScopes } from "./scopes.ts";
import type { Settings } from "./settings.ts";
import { fetchForPage } from "./settings-page.ts";

interface InPortal {
  /** Hub id, or place from 1. */
  readonly portal?: number | string;
}
interface Configuration {
  readonly redirectUrls?: readonly string[];
  readonly partnerSignIn?: boolean;
}

/** What happens to the app at HubSpot, and to its installs. */
export function appActions(hub: Hub, faults: FaultSwitch): Readonly<Record<string, Action>> {
  const { tokens, settings, webhooks } = hub;
  const portal = hub.portal.bind(hub);
  /** Adds the portal to a list of the settings, or takes it off. */
  const listed = (name: "governed" | "deleted") => (input: InPortal & { on?: boolean }) => {
    const { hubId } = portal(input.portal);
    const others = settings.now[name].filter((each) => each !== hubId);
    return { [name]: settings.change({ [name]: (input.on ?? true) ? [...others, hubId] : others })[name] };
  };
  return {
    /** As if an admin had agreed. */
    grant({ scopes = usualScopes, ...input }: InPortal & { scopes?: readonly string[] }) {
      const { hubId, users } = portal(input.portal);
      const { clientId, clientSecret } = tokens.app;
      const refreshToken = tokens.install({ hubId, userId: users[0].id, scopes });
      return { accountId: String(hubId), clientId, clientSecret, refreshToken };
    },
    /** The portal's admin uninstalls the app: all its tokens there end. */
    revoke: (input: InPortal) => tokens.uninstall(portal(input.portal).hubId),
    uninstall: (input: InPortal) => tokens.uninstall(portal(input.portal).hubId),
    expire: (input: InPortal) => tokens.expire(portal(input.portal).hubId),
    rotation: ({ on }: { on: boolean }) => settings.change({ rotate: on }),
    /** The app's keys and configuration; what is given is changed. */
    app({ redirectUrls, partnerSignIn }: Configuration) {
      if (redirectUrls) settings.change({ redirectUrls });
      if (partnerSignIn !== undefined) settings.change({ partnerSignIn });
      const { clientId, clientSecret, appId } = tokens.app;
      const { redirectUrls: registered, partnerSignIn: first } = settings.now;
      const marketplacePath = `/marketplace/${appId}`;
      return { clientId, clientSecret, appId, redirectUrls: registered, partnerSignIn: first, marketplacePath };
    },
    /** What the app's page in a portal's settings is told when it asks for `path`. */
    fetched: async ({ path, ...input }: InPortal & { path: string }) =>
      (await fetchForPage(hub, portal(input.portal), path)) ?? { status: 0 },
    /** App Governance of a portal: with `on` the app has to be approved there first. */
    governance: listed("governed"),
    /** A portal is deleted: its refresh tokens answer BAD_HUB. */
    deleted: listed("deleted"),

    subscribe({ targetUrl }: { targetUrl: string | null }) {
      settings.change({ targetUrl });
      if (targetUrl === null) webhooks.drop();
      return { targetUrl };
    },
    /** How many notifications wait to be delivered. */
    webhooks: () => ({ waiting: webhooks.waiting }),
    lag: ({ ms }: { ms: number }) => settings.change({ lagMs: ms }),
    limits(input: Partial<Settings>) {
      const { perTenSeconds, searchesPerSecond, associationsPerTenSeconds, associationsPage } = input;
      const given = { perTenSeconds, searchesPerSecond, associationsPerTenSeconds, associationsPage };
      return settings.change(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
    },
    life: ({ perMinute }: { perMinute: number }) => settings.change({ perMinute }),
    fault: (input: Faults) => faults.set(input ?? {}),
    state: () => ({
      perMinute: settings.now.perMinute,
      faults: faults.now,
      marketplacePath: `/marketplace/${tokens.app.appId}`,
      portals: tokens.portals.map(({ place, hubId, name, accountType, users }) => ({
        place,
        accountId: String(hubId),
        name,
        test: accountType !== "STANDARD",
        users,
        installed: tokens.installed(hubId),
        settingsPath: `/connected-apps/${tokens.app.appId}/${hubId}`,
      })),
    }),
  };
}

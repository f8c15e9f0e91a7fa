import type { Action } from "../simulator.ts";
import type { Token } from "./accounts.ts";
import type { LoginSettings } from "./login.ts";
import type { Meta } from "./routes.ts";
import { post, signedRequest } from "./signed-request.ts";

interface Whom {
  /** One of the app's tokens: its holder, as debug_token names them. */
  readonly token?: string;
  readonly userId?: string;
}
const DAY_MS = 86_400_000;

/** What the back door can do with logins and the callbacks that follow from them. */
export function loginActions({ accounts, login, now }: Meta): Readonly<Record<string, Action>> {
  const app = accounts.app("proof");
  const userOf = ({ token, userId }: Whom): string =>
    userId ?? (token ? accounts.holder(accounts.token(token)).id : accounts.people[0].id);
  const sign = (whom: Whom, more: Readonly<Record<string, unknown>> = {}): string => {
    const issued_at = Math.floor(now().getTime() / 1000);
    return signedRequest(app.secret, {
      algorithm: "HMAC-SHA256",
      expires: 0,
      issued_at,
      user_id: userOf(whom),
      ...more,
    });
  };
  /** All that this holder has of the app: with the app removed, every one of its tokens ends. */
  const tokensOf = (userId: string): Token[] =>
    accounts.tokens().filter((each) => each.app === "proof" && accounts.holder(each).id === userId);
  return {
    /** The app of Facebook Login for Business, which signs every call, and its configuration; what is given is changed. */
    app({ redirectUris, tokenLife }: Partial<LoginSettings>) {
      if (tokenLife !== undefined && !["never", "60days"].includes(tokenLife))
        throw new Error('tokenLife must be "never" or "60days"');
      if (redirectUris || tokenLife)
        login.change({ ...(redirectUris && { redirectUris }), ...(tokenLife && { tokenLife }) });
      return { appId: app.id, appSecret: app.secret, configId: login.configId, ...login.settings };
    },
    /** Businesses with their datasets, and the people who can log in. */
    businesses: () => ({
      businesses: accounts.businesses.map((business) => ({
        ...business,
        datasets: accounts.datasets().filter((each) => (each.business ?? accounts.businesses[0].id) === business.id),
      })),
      people: accounts.people,
    }),
    /** The token ends after so many days; null: never. */
    lifetime({ token, days }: { token: string; days: number | null }) {
      const { expiresAt: _, ...rest } = accounts.token(token);
      const expiresAt = days === null ? undefined : new Date(now().getTime() + days * DAY_MS).toISOString();
      accounts.change({ ...rest, ...(expiresAt && { expiresAt }) });
      return { expiresAt: expiresAt ?? null };
    },
    /** A signed request to do with as one likes; `claims` outweigh what Meta would say. */
    signedRequest: ({ claims, ...whom }: Whom & { claims?: Readonly<Record<string, unknown>> }) => ({
      signedRequest: sign(whom, claims),
      userId: userOf(whom),
    }),
    /** The app is removed: its tokens of this holder end, and the callback at `url` is told. */
    async deauthorize({ url, ...whom }: Whom & { url: string }) {
      const userId = userOf(whom);
      for (const { token } of tokensOf(userId)) accounts.setState(token, "revoked");
      return { userId, ...(await post(url, sign(whom))) };
    },
    /** A person asks for their data to be deleted: the callback at `url` is told. */
    dataDeletion: async ({ url, ...whom }: Whom & { url: string }) => ({
      userId: userOf(whom),
      ...(await post(url, sign(whom))),
    }),
  };
}

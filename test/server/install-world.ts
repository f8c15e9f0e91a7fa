import { rm } from "node:fs/promises";
import { registerCallbacks } from "../../server/install/apps.ts";
import { purgeInstalls } from "../../server/install/purge.ts";
import { createHubspot } from "../../server/sandbox/hubspot/index.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { temporaryFolder } from "../postgres.ts";
import { backDoor, openFront } from "./front.ts";

export type Crm = "hubspot" | "salesforce";

/** The front with several simulated accounts behind it, and browsers that go to them and come back. */
export async function openInstalls() {
  const dir = await temporaryFolder();
  const simulators = { hubspot: createHubspot, salesforce: createSalesforce, meta: createMeta };
  const sandbox = await startSandbox({ dir, life: { perMinute: 0 }, simulators });
  const front = await openFront(() => ({}), sandbox);
  const { act } = backDoor(sandbox.control);
  await registerCallbacks({ act }, front.url);
  const urls: string[] = [];
  const called: { readonly url: string; readonly body: string }[] = [];
  const { agent } = front.parts.api.access;
  const dispatch = agent.dispatch.bind(agent);
  agent.dispatch = (options, handler) => {
    called.push({ url: `${options.origin}${options.path}`, body: String(options.body ?? "") });
    return dispatch(options, handler);
  };

  /** A browser with cookies of its own for our address; `urls` are all that it was ever sent to. */
  function browser(start: readonly string[] = []) {
    const jar = new Map(start.map((pair) => pair.split("=") as [string, string]));
    async function get(url: string, init: RequestInit = {}): Promise<Response> {
      const target = new URL(url, front.url);
      const ours = target.origin === front.url;
      const headers = new Headers(init.headers);
      if (ours && jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
      const answer = await fetch(target, { redirect: "manual", ...init, headers });
      for (const line of ours ? answer.headers.getSetCookie() : []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === "") jar.delete(name);
        else jar.set(name, value);
      }
      const location = answer.headers.get("location");
      if (location) urls.push(new URL(location, target).href);
      return answer;
    }
    /** Where a GET of this address leads to. */
    async function led(url: string): Promise<string> {
      const answer = await get(url);
      return answer.headers.get("location") ?? `no redirect: ${answer.status} ${await answer.text()}`;
    }
    const post = async <Answer = { code?: string }>(path: string, body: unknown = {}) => {
      const headers = { "content-type": "application/json" };
      const answer = await get(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as Answer };
    };
    const ask = async <Answer>(path: string) => {
      const answer = await get(`/api/v1${path}`);
      return { status: answer.status, body: (await answer.json()) as Answer };
    };
    return {
      jar,
      get,
      led,
      post,
      ask,
      /** Goes to the consent page of the vendor. */
      begin: (crm: Crm, query = "") => led(`/install/${crm}${query}`),
      /** Begins, agrees and comes back: `/install/<id>`, or where it failed. */
      async install(crm: Crm, choice: Choice = {}, query = ""): Promise<string> {
        return await led(await agree(await led(`/install/${crm}${query}`), choice));
      },
    };
  }

  /** What the vendor's page leads back to once somebody has chosen there. */
  async function agree(consentUrl: string, { portal, user, answer = "allow" }: Choice = {}): Promise<string> {
    const url = new URL(consentUrl);
    if (portal !== undefined) url.pathname = `/oauth/${portal}/authorize`;
    if (url.pathname === "/services/oauth2/authorize")
      url.pathname = "/setup/secur/RemoteAccessAuthorizationPage.apexp";
    url.searchParams.set("answer", answer);
    if (user !== undefined) url.searchParams.set("user", user);
    const page = await fetch(url, { redirect: "manual" });
    return page.headers.get("location") ?? `no redirect: ${page.status} ${await page.text()}`;
  }

  interface Portal {
    readonly accountId: string;
    readonly name: string;
    readonly test: boolean;
    /** Some grant of the app lives there. */
    readonly installed: boolean;
    readonly users: readonly { readonly id: number; readonly name: string; readonly mail: string }[];
  }
  interface Org {
    readonly accountId: string;
    readonly name: string;
    readonly sandbox: boolean;
    readonly instanceUrl: string;
    readonly users: readonly { readonly id: string; readonly name: string; readonly mail: string }[];
  }
  /** An install of this account by this person, confirmed into a workspace of its own. */
  async function connected(crm: Crm, choice: Choice = {}, query = "") {
    const own = browser();
    const id = idOf(await own.install(crm, choice, query));
    const { status, body } = await own.post<Confirmed & { code?: string }>(`/installs/${id}/confirm`, {
      workspace: "new",
    });
    if (status !== 200) throw new Error(`not confirmed: ${body.code}`);
    return { ...body, browser: own };
  }
  return {
    ...front,
    connected,
    sandbox,
    act,
    urls,
    /** Every request that we sent to a vendor. */
    called,
    /** Codes that were brought to a token endpoint since `from` requests. */
    redeemed: (from = 0) => called.slice(from).filter(({ body }) => body.includes("grant_type=authorization_code")),
    revoked: (from = 0) => called.slice(from).filter(({ url }) => url.endsWith("/revoke")),
    /** The chore that forgets what nobody went on with. */
    purge: async () => {
      const { api, install } = front.parts;
      await purgeInstalls({ ...api, ...install })(front.clock.now());
    },
    browser,
    agree,
    portals: async () => (await act<{ portals: Portal[] }>("hubspot", "state", {})).portals,
    orgs: async () => await act<Org[]>("salesforce", "orgs", {}),
    async close(): Promise<void> {
      await Promise.all([front.close(), sandbox.close()]);
      await rm(dir, { recursive: true });
    },
  };
}
export interface Confirmed {
  readonly workspace: string;
  readonly connection: string;
  readonly goOn: string;
}
export type Installs = Awaited<ReturnType<typeof openInstalls>>;
export type Browser = ReturnType<Installs["browser"]>;

/** What somebody chooses on the vendor's page: HubSpot's account by its hub id, the person by id. */
export interface Choice {
  readonly portal?: string;
  readonly user?: string;
  readonly answer?: "allow" | "refuse";
}

export const idOf = (path: string): string => {
  const [, id] = /^\/install\/(ins_[a-z0-9]+)$/.exec(path) ?? [];
  if (!id) throw new Error(`no install: ${path}`);
  return id;
};

import { createHmac } from "node:crypto";
import { beforeEach, onTestFinished } from "vitest";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { readForm } from "./form.ts";
import { type Answer, act, call, NOW, temporaryFolder } from "./meta-world.ts";

interface App {
  readonly appId: string;
  readonly appSecret: string;
  readonly configId: string;
}
export interface Business {
  readonly id: string;
  readonly name: string;
  readonly datasets: readonly { id: string; name: string; isCrm: boolean; permitted: boolean; shared?: boolean }[];
}
interface World {
  readonly businesses: readonly [Business, Business];
  readonly people: readonly { readonly id: string; readonly name: string }[];
}
export const BACK = "http://localhost:9/oauth/meta/callback";
export const DAY_S = 86_400;

/** Meta with an app of ours, people, and their businesses: what signing in there leads to. */
export function metaLogin() {
  const here = {} as { sandbox: Sandbox; clock: { at: number }; app: App; world: World };
  beforeEach(async () => {
    here.clock = { at: NOW.getTime() };
    const meta = (options: { dir: string }) =>
      createMeta({ ...options, seed: "test", now: () => new Date(here.clock.at) });
    here.sandbox = await startSandbox({ dir: temporaryFolder(), simulators: { meta } });
    onTestFinished(() => here.sandbox.close());
    here.app = await act<App>(here.sandbox, "app");
    here.world = await act<World>(here.sandbox, "businesses");
  });

  const dialog = (more: Record<string, string> = {}, without: readonly string[] = []): string => {
    const query = new URLSearchParams({
      client_id: here.app.appId,
      redirect_uri: BACK,
      state: "ours",
      config_id: here.app.configId,
      response_type: "code",
      override_default_response_type: "true",
      ...more,
    });
    for (const name of without) query.delete(name);
    return `${here.sandbox.meta}/v26.0/dialog/oauth?${query}`;
  };
  /** Agrees in the dialog, sharing all datasets of the business that are not named otherwise. */
  async function agree(business: Business, datasets = business.datasets.map(({ id }) => id)): Promise<URL> {
    const page = await (await fetch(dialog({ business: business.id }))).text();
    const { action, fields } = readForm(page);
    fields.delete("datasets");
    for (const id of datasets) fields.append("datasets", id);
    fields.set("answer", "allow");
    const answer = await fetch(`${here.sandbox.meta}${action}?${fields}`, { redirect: "manual" });
    return new URL(answer.headers.get("location") ?? "");
  }
  const get = (path: string, params: Record<string, string> = {}): Promise<Answer> =>
    call(`${here.sandbox.meta}/v26.0/${path}?${new URLSearchParams(params)}`, { method: "GET" });
  const signed = (token: string): Record<string, string> => ({
    access_token: token,
    appsecret_proof: createHmac("sha256", here.app.appSecret).update(token).digest("hex"),
  });
  const exchange = (code: string | null, more: Record<string, string> = {}): Promise<Answer> =>
    get("oauth/access_token", {
      client_id: here.app.appId,
      client_secret: here.app.appSecret,
      redirect_uri: BACK,
      code: String(code),
      ...more,
    });
  const login = async (business: Business, datasets?: readonly string[]): Promise<string> =>
    String((await exchange((await agree(business, datasets as string[])).searchParams.get("code"))).body.access_token);
  const post = (path: string, token: string, params: Record<string, string> = {}): Promise<Answer> =>
    call(`${here.sandbox.meta}/v26.0/${path}`, {
      method: "POST",
      body: new URLSearchParams({ ...signed(token), ...params }),
    });
  const debug = async (token: string) =>
    (await get("debug_token", { input_token: token, access_token: `${here.app.appId}|${here.app.appSecret}` })).body
      .data as Record<string, unknown>;
  const ids = ({ body }: Answer): readonly string[] => (body.data as { id: string }[]).map(({ id }) => id);
  /** Without a configuration: a person's own token. */
  async function personToken(): Promise<string> {
    const address = dialog({ scope: "ads_management,business_management", answer: "allow" }, ["config_id"]);
    const back = new URL((await fetch(address, { redirect: "manual" })).headers.get("location") ?? "");
    return String((await exchange(back.searchParams.get("code"))).body.access_token);
  }
  return Object.assign(here, { dialog, agree, get, signed, exchange, login, post, debug, ids, personToken });
}

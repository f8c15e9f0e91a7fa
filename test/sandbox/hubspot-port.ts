import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHubspot, type HubspotOptions } from "../../server/sandbox/hubspot/index.ts";
import type { Simulator } from "../../server/sandbox/simulator.ts";

interface Row {
  id: string;
  properties: Record<string, string | null>;
  propertiesWithHistory?: Record<string, { value: string; timestamp: string; sourceType: string }[]>;
  updatedAt: string;
  archived: boolean;
}
/** What any of the endpoints may answer; tests look at what theirs has. */
interface Body {
  total: number;
  results: (Row & { from: { id: string }; to: { toObjectId: unknown; associationTypes: { typeId: number }[] }[] } & {
    name: string;
    label: string;
    stages: { id: string; label: string }[];
  })[];
  paging?: { next: { after: string } };
  errors: { category: string; subCategory?: string; context: Record<string, string[]> }[];
  [key: string]: unknown;
}
export interface Reply {
  status: number;
  headers: Headers;
  body: Body;
  text: string;
}
export interface Credentials {
  accountId: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
}
export interface Entry {
  object: string;
  id: string;
  pipeline: string;
  stage: string;
  enteredAt: string;
  metaLeadId: string | null;
}

/** A HubSpot on a real port that stands still and shows changes in search at once, unless a test turns something. */
export async function openHubspot(options: Omit<HubspotOptions, "dir"> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "hubspot-"));
  const open = (): Simulator => createHubspot({ dir, seed: "test", life: { perMinute: 0 }, ...options });
  let simulator = open();
  const server = createServer((request, response) => void simulator.handle(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const ask = async (method: string, path: string, init: { token?: string; type?: string; body?: string } = {}) => {
    const answer = await fetch(origin + path, {
      method,
      redirect: "manual",
      headers: {
        ...(init.token ? { authorization: `Bearer ${init.token}` } : {}),
        ...(init.body === undefined ? {} : { "content-type": init.type ?? "application/json" }),
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    return { status: answer.status, headers: answer.headers, text, body: (json ? JSON.parse(text) : {}) as Body };
  };
  const act = async <T = Record<string, unknown>>(action: string, input: unknown = {}): Promise<T> =>
    (await simulator.actions[action]?.(input)) as T;
  const form = (path: string, fields: Record<string, string>): Promise<Reply> =>
    ask("POST", path, { type: "application/x-www-form-urlencoded", body: new URLSearchParams(fields).toString() });
  const refresh = (granted: Credentials, more: Record<string, string> = {}): Promise<Reply> =>
    form("/oauth/2026-09/token", {
      grant_type: "refresh_token",
      client_id: granted.clientId,
      client_secret: granted.clientSecret,
      refresh_token: granted.refreshToken,
      ...more,
    });
  const connect = async (scopes?: readonly string[]): Promise<string> => {
    const { body } = await refresh(await act<Credentials>("grant", scopes ? { scopes } : {}));
    return String(body.access_token);
  };
  await act("lag", { ms: 0 });
  const token = await connect();

  return {
    origin,
    ask,
    act,
    form,
    refresh,
    connect,
    token,
    get: (path: string, as = token): Promise<Reply> => ask("GET", path, { token: as }),
    post: (path: string, body: unknown, as = token): Promise<Reply> =>
      ask("POST", path, { token: as, body: typeof body === "string" ? body : JSON.stringify(body) }),
    live: (at: Date) => simulator.live?.(at),
    restart() {
      simulator.close();
      simulator = open();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      simulator.close();
      rmSync(dir, { recursive: true });
    },
  };
}
export type Hubspot = Awaited<ReturnType<typeof openHubspot>>;

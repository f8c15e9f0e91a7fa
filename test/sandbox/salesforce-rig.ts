import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createSalesforce, type SalesforceOptions } from "../../server/sandbox/salesforce/index.ts";

export type Json = Record<string, unknown>;
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}
export interface Granted {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** A Salesforce on a port of its own and a signed-in caller; closed and swept away when the test ends. */
export async function openSalesforce(options: Partial<SalesforceOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "stagewire-salesforce-"));
  const clock = { at: Date.now() };
  const start = () => createSalesforce({ dir, life: { perMinute: 0 }, now: () => new Date(clock.at), ...options });
  let simulator = start();
  // Node's own limit of 16 KB would answer before Salesforce's does.
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    void simulator.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    simulator.close();
    rmSync(dir, { recursive: true });
  });

  const act = async <Result = Json>(action: string, input: Json = {}): Promise<Result> =>
    (await simulator.actions[action]?.(input)) as Result;
  const send = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
    send(path, { method: "POST", body: new URLSearchParams(form), headers });

  const granted = await act<Granted>("grant");
  const client = { client_id: granted.clientId, client_secret: granted.clientSecret };
  const refresh = (refresh_token: string): Promise<Reply> =>
    post("/services/oauth2/token", { grant_type: "refresh_token", refresh_token, ...client });
  const first = (await refresh(granted.refreshToken)).body as Json;
  let token = String(first.access_token);

  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    send(path.startsWith("/") ? path : `/services/data/v68.0/${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  const query = (soql: string, reach = "query", headers: Record<string, string> = {}): Promise<Reply> =>
    get(`${reach}?q=${encodeURIComponent(soql)}`, headers);
  return {
    origin,
    clock,
    granted,
    client,
    /** What the sign-in of this caller answered. */
    first,
    act,
    send,
    post,
    refresh,
    get,
    query,
    rows: async (soql: string, reach = "query"): Promise<readonly Json[]> => {
      const { status, body } = await query(soql, reach);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body as { records: Json[] }).records;
    },
    useToken: (next: string) => {
      token = next;
    },
    live: (now: Date) => simulator.live?.(now),
    /** As after a crash: a new process opens the same folder. */
    restart: () => {
      simulator.close();
      simulator = start();
    },
  };
}

export const errorOf = ({ status, body }: Reply): string =>
  `${status} ${Array.isArray(body) ? body[0]?.errorCode : `${(body as Json).error}: ${(body as Json).error_description}`}`;

import { rm } from "node:fs/promises";
import { createSender } from "../../core/meta/sender.ts";
import type { Tenant, TenantId } from "../../core/types.ts";
import { createGraph } from "../../server/meta/graph.ts";
import type { MetaApp } from "../../server/meta/parts.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { listAudit } from "../../server/store/audit.ts";
import { ensureTenant } from "../../server/workspaces/workspace.ts";
import { temporaryFolder } from "../postgres.ts";
import { openFront } from "./front.ts";
import type { Ask } from "./people.ts";

export interface Granted {
  readonly datasetId: string;
  readonly token: string;
}
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The front with a simulated Meta behind it, in real time, and one workspace. `app`: whether we have one at Meta. */
export async function openMeta({ app: withApp = true }: { readonly app?: boolean } = {}) {
  const dir = await temporaryFolder();
  const sandbox = await startSandbox({ dir, life: { perMinute: 0 }, simulators: { meta: createMeta } });
  const nowhere = "http://127.0.0.1:9";
  async function act<Output = unknown>(action: string, input: unknown = {}): Promise<Output> {
    const answer = await fetch(`${sandbox.control}/meta/${action}`, { method: "POST", body: JSON.stringify(input) });
    if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
    return (await answer.json()) as Output;
  }
  const { appId, appSecret, configId } = await act<Record<"appId" | "appSecret" | "configId", string>>("app");
  const app: MetaApp = { id: appId, secret: appSecret, loginConfigId: configId, dialogOrigin: sandbox.meta };
  /** Every address that was called at Meta, as any proxy on the way would note it. */
  const called: string[] = [];
  const agent = createAgent();
  const fetchMeta = createFetch(agent, {
    hosts: [],
    trustedOrigins: [sandbox.meta],
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
  });
  const toMeta = {
    fetch: (request: Parameters<typeof fetchMeta>[0]) => {
      called.push(request.url);
      return fetchMeta(request);
    },
    origin: sandbox.meta,
    version: "v26.0",
  };
  const clock = { now: () => new Date() };
  const send = createSender({ ...toMeta, clock, partnerAgent: "stagewire" });
  const meta = { graph: createGraph(toMeta), send, version: toMeta.version, ...(withApp && { app }) };
  const front = await openFront(({ datasets }) => ({ datasets: { ...datasets, meta } }), {
    hubspot: nowhere,
    salesforce: nowhere,
    meta: sandbox.meta,
  });
  const tenant: Tenant = await ensureTenant("Acme", { defaultCountry: "US" }, front.workspace);

  return {
    ...front,
    tenant,
    app,
    act,
    called,
    /** Where Meta is. */
    meta: sandbox.meta,
    post: <Body>(path: string, body: unknown, ask: Ask = front.people.as("admin", tenant)): Promise<Answer<Body>> =>
      read(
        ask(`/api/v1${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      ),
    get: <Body>(path: string, ask: Ask = front.people.as("admin", tenant)): Promise<Answer<Body>> =>
      read(ask(`/api/v1${path}`)),
    /** What Meta has taken. */
    async received(): Promise<number> {
      return (await act<{ events: number }>("summary")).events;
    },
    /** What the audit log says, the latest first. */
    audit: async (of: TenantId = tenant.id): Promise<readonly string[]> =>
      (await listAudit(front.store.db, of, { limit: 50 })).map(({ who, what }) =>
        who === "meta" ? `${who}: ${what}` : what,
      ),
    async lane(id: string) {
      return await front.store.db.selectFrom("lane").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    },
    async close(): Promise<void> {
      await Promise.all([front.close(), sandbox.close(), agent.close()]);
      await rm(dir, { recursive: true });
    },
  };
}
export type MetaFront = Awaited<ReturnType<typeof openMeta>>;

async function read<Body>(answer: Promise<Response>): Promise<Answer<Body>> {
  const response = await answer;
  return { status: response.status, body: (await response.json()) as Body };
}

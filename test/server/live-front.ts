import { rm } from "node:fs/promises";
import type { Connection, ConnectionId, DatasetId, RecordRef, StageRule, Tenant } from "../../core/types.ts";
import { createHubspot } from "../../server/sandbox/hubspot/index.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { findMapping, saveMapping } from "../../server/store/mappings.ts";
import { connectCrm, connectMeta, ensureTenant } from "../../server/workspaces/workspace.ts";
import { temporaryFolder } from "../postgres.ts";
import { openFront } from "./front.ts";

type Vendor = "hubspot" | "salesforce" | "meta";
type Crm = Exclude<Vendor, "meta">;
interface CrmGrant {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** The front with simulated CRMs and Meta behind it, frozen, in real time; the reader and the sender take turns when told. */
export async function openLive() {
  const dir = await temporaryFolder();
  const simulators = { hubspot: createHubspot, salesforce: createSalesforce, meta: createMeta };
  const sandbox = await startSandbox({ dir, life: { perMinute: 0 }, simulators });
  const front = await openFront(() => ({}), sandbox);

  async function act<Answer = unknown>(vendor: Vendor, action: string, input: unknown = {}): Promise<Answer> {
    const answer = await fetch(`${sandbox.control}/${vendor}/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${vendor} ${action}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
  const tenant: Tenant = await ensureTenant("Acme", { defaultCountry: "US" }, front.workspace);
  const { datasetId: metaId, token } = await act<{ datasetId: string; token: string }>("meta", "grant");
  const datasetId: DatasetId = await connectMeta(tenant.id, { metaId, name: "Leads" }, { token }, front.workspace);

  return {
    ...front,
    tenant,
    datasetId,
    act,
    /** Connects the CRM and lets the reader learn how things stand; of that nothing is sent, but what comes a week back is. */
    async connect(crm: Crm, config: unknown = {}): Promise<Connection> {
      const { accountId, ...client } = await act<CrmGrant>(crm, "grant");
      const made = {
        tenantId: tenant.id,
        datasetId,
        connector: crm,
        accountId,
        name: crm,
        config,
        sendFrom: new Date(),
      };
      const connection = await connectCrm(made, { type: "refresh_token", ...client }, front.workspace);
      for (let turns = 0; turns < 20 && !(await caughtUp(connection.id)); turns += 1) await front.read();
      const sendFrom = new Date(Date.now() - 7 * 86_400_000);
      await changeConnection(front.store.db, tenant.id, connection.id, { sendFrom });
      return connection;
    },
    /** Somebody rings for these records, and the reader answers. */
    async look(connection: Connection, ...records: readonly RecordRef[]): Promise<void> {
      await front.store.outbox.ring(tenant.id, connection.id, records, new Date());
      await front.read();
    },
    /** The stage's row of the mapping from now on; null: it has none. */
    async remap({ id }: Connection, stageId: string, change: Partial<StageRule> | null): Promise<void> {
      const saved = await findMapping(front.store.db, tenant.id, id);
      if (!saved) throw new Error("nothing is mapped yet");
      const { version, rules, ...rest } = saved.mapping;
      const next = rules.flatMap((rule) => (rule.stageId !== stageId ? rule : change ? { ...rule, ...change } : []));
      const mapping = { ...rest, rules: next };
      await saveMapping(front.store.db, tenant.id, id, { from: version, mapping, savedBy: "test" }, new Date());
    },
    /** The very texts that Meta has taken, in their order. */
    async received(): Promise<readonly string[]> {
      const { events } = await act<{ events: { event: string }[] }>("meta", "events", { as: "text", limit: 5000 });
      return events.map(({ event }) => event);
    },
    get: <Answer>(path: string) => call<Answer>(path),
    post: <Answer>(path: string, body: unknown = {}) =>
      call<Answer>(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    async close(): Promise<void> {
      await Promise.all([front.close(), sandbox.close()]);
      await rm(dir, { recursive: true });
    },
  };

  async function call<Answer>(path: string, init?: RequestInit): Promise<{ status: number; body: Answer }> {
    const answer = await front.fetch(path, init);
    return { status: answer.status, body: (await answer.json()) as Answer };
  }

  async function caughtUp(id: ConnectionId): Promise<boolean> {
    const position = (await front.store.outbox.checkpoint(tenant.id, id)) as { phase?: string } | undefined;
    return position?.phase === "changes";
  }
}
export type Live = Awaited<ReturnType<typeof openLive>>;

import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { HubspotCheckpoint } from "../../connectors/hubspot/checkpoint.ts";
import type { HubspotConfig } from "../../connectors/hubspot/config.ts";
import { hubspot } from "../../connectors/hubspot/index.ts";
import type { RecordRef } from "../../core/types.ts";
import { createHubspot } from "../../server/sandbox/hubspot/index.ts";
import type { Playground, TrueEntry, World } from "../conformance/world.ts";
import { createAccess, type Grant, type TestAccess } from "./access.ts";

export interface Portal {
  readonly baseUrl: string;
  /** The simulator's back door. */
  act<Answer = unknown>(action: string, input?: unknown): Promise<Answer>;
  grant(scopes?: readonly string[]): Promise<Grant>;
  access(config?: unknown, scopes?: readonly string[]): Promise<TestAccess<HubspotConfig>>;
  truth(): Promise<readonly TrueEntry[]>;
  close(): Promise<void>;
}

/** A simulated account on a port of its own, frozen, with wide limits and an index without lag. */
export async function openPortal(seed = "conformance"): Promise<Portal> {
  const dir = await mkdtemp(join(tmpdir(), "hubspot-"));
  const simulator = createHubspot({ dir, seed, life: { perMinute: 0 } });
  const server: Server = createServer((request, response) => void simulator.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const act = async <Answer>(action: string, input: unknown = {}): Promise<Answer> => {
    await nextMillisecond(); // or two changes would be of one instant
    const run = simulator.actions[action];
    if (!run) throw new Error(`the simulator has no action ${action}`);
    return (await run(input)) as Answer;
  };
  await act("lag", { ms: 0 });
  await act("limits", { perTenSeconds: 100_000, searchesPerSecond: 10_000, associationsPerTenSeconds: 100_000 });
  const grant = async (scopes?: readonly string[]): Promise<Grant> => ({
    ...(await act<Omit<Grant, "baseUrl" | "tokenUrl">>("grant", scopes ? { scopes } : {})),
    baseUrl,
    tokenUrl: `${baseUrl}/oauth/2026-09/token`,
  });

  return {
    baseUrl,
    act,
    grant,
    access: async (config, scopes) => createAccess(hubspot, await grant(scopes), config),
    truth: async () =>
      (await act<{ object: string; id: string; pipeline: string; stage: string; enteredAt: string }[]>("history")).map(
        ({ object, id, pipeline, stage, enteredAt }) => ({
          record: { object, id },
          pipelineId: pipeline,
          stageId: stage,
          enteredAt: new Date(enteredAt),
        }),
      ),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      simulator.close();
      await rm(dir, { recursive: true });
    },
  };
}

const playgrounds: readonly [Playground, ...Playground[]] = [
  {
    object: "deal",
    pipelineId: "default",
    stages: ["appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin"],
  },
  {
    object: "contact",
    pipelineId: "lifecyclestage",
    stages: ["lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity"],
  },
  {
    object: "lead",
    pipelineId: "lead-pipeline-id",
    stages: ["new-stage-id", "attempting-stage-id", "connected-stage-id", "1841452734"],
  },
];

export async function hubspotWorld(): Promise<World<HubspotConfig, HubspotCheckpoint>> {
  const portal = await openPortal();
  const opened = [portal];
  const timed = (at: Date | undefined) => (at ? { at: at.toISOString() } : {});
  return {
    connector: hubspot,
    access: await portal.access(),
    playgrounds,
    truth: portal.truth,
    async second() {
      const other = await openPortal("another");
      opened.push(other);
      return { access: await other.access(), truth: other.truth };
    },
    async create({ object }, { stage, person, at }) {
      const made = await portal.act<RecordRef>("create", {
        object,
        stage,
        ...(person ? { person } : {}),
        ...timed(at),
      });
      return { object: made.object, id: made.id };
    },
    async move(record, stage, at) {
      // A stage that is in no list is written past the simulator's own check, as an old portal may hold it.
      if (stage === "stage_nobody_listed") await portal.act("write", { ...record, properties: { dealstage: stage } });
      else await portal.act("move", { ...record, stage, ...timed(at) });
    },
    touch: (record) => portal.act("touch", record),
    remove: (record) => portal.act("delete", record),
    async crowd() {
      const { ids } = await portal.act<{ ids: string[] }>("bulk", { object: "deal", count: 430 });
      return ids.map((id) => ({ object: "deal", id }));
    },
    expire: () => portal.act("expire"),
    limits: {
      // Associations in thousands, contacts in hundreds, their click ids in fifties, the deals' values in hundreds.
      leadRequests: (n) => Math.ceil(n / 1000) + 2 * Math.ceil(n / 100) + Math.ceil(n / 50),
    },
    faults,
    close: async () => {
      for (const each of opened) await each.close();
    },
  };
}

const json = { "content-type": "application/json;charset=utf-8" };
const limited = (policyName: string, headers: Record<string, string> = {}) => ({
  status: 429,
  headers: { ...json, ...headers },
  text: JSON.stringify({
    status: "error",
    message: `You have reached your ${policyName.toLowerCase()} limit.`,
    errorType: "RATE_LIMIT",
    correlationId: "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
    policyName,
  }),
});
const error = (status: number, category: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { ...json, ...headers },
  text: JSON.stringify({ status: "error", message: "Sorry", category }),
});

const faults: World<HubspotConfig, HubspotCheckpoint>["faults"] = [
  { name: "rolling limit", answer: limited("TEN_SECONDLY_ROLLING"), code: "crm_limit", retryAfterMs: 10_000 },
  {
    name: "rolling limit that names its interval",
    answer: limited("TEN_SECONDLY_ROLLING", { "x-hubspot-ratelimit-interval-milliseconds": "20000" }),
    code: "crm_limit",
    retryAfterMs: 20_000,
  },
  {
    name: "limit with seconds to wait",
    answer: limited("TEN_SECONDLY_ROLLING", { "retry-after": "7" }),
    code: "crm_limit",
    retryAfterMs: 7000,
  },
  {
    name: "limit with a date to wait for",
    answer: limited("DAILY", { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }),
    code: "crm_limit",
  },
  { name: "search limit", answer: limited("SECONDLY"), code: "crm_limit", retryAfterMs: 1000 },
  { name: "daily limit", answer: limited("DAILY"), code: "crm_limit", retryAfterMs: 3_600_000 },
  { name: "lock", answer: error(423, "LOCKED"), code: "crm_unavailable", retryAfterMs: 2000 },
  {
    name: "move to another region",
    answer: error(477, "MIGRATION", { "retry-after": "3600" }),
    code: "crm_unavailable",
    retryAfterMs: 3_600_000,
  },
  { name: "gateway timeout", answer: { status: 524, headers: {}, text: "error code: 524" }, code: "crm_unavailable" },
  { name: "expired token", answer: error(401, "EXPIRED_AUTHENTICATION"), code: "crm_token_stale" },
  { name: "missing scope", answer: error(403, "MISSING_SCOPES"), code: "crm_forbidden" },
  { name: "unknown path", answer: error(404, "OBJECT_NOT_FOUND"), code: "crm_schema" },
  { name: "refused query", answer: error(400, "VALIDATION_ERROR"), code: "crm_schema" },
  {
    name: "redirect",
    answer: { status: 302, headers: { location: "https://evil.example/" }, text: "" },
    code: "crm_unavailable",
  },
];

/** Waits until the clock shows another millisecond. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now) await setImmediate();
}

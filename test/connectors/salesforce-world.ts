import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkpoint, Config } from "../../connectors/salesforce/config.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import type { Playground, TrueEntry, World } from "../conformance/world.ts";
import { createAccess, type Grant, type TestAccess } from "./access.ts";

interface Happened {
  readonly object: string;
  readonly id: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly enteredAt: string;
}

export interface Org {
  /** The simulator's back door. Salesforce counts whole seconds: each act is in a second of its own. */
  act<Answer = unknown>(action: string, input?: unknown): Promise<Answer>;
  access(config?: unknown): Promise<TestAccess<Config>>;
  /** What happened to the records that are still there. */
  truth(): Promise<readonly TrueEntry[]>;
  /** The org's time. */
  now(): Date;
  pass(ms: number): void;
  close(): Promise<void>;
}

/** A simulated org on a port of its own, frozen; its clock is twenty minutes slow. */
export async function openOrg(seed = "conformance"): Promise<Org> {
  const dir = await mkdtemp(join(tmpdir(), "salesforce-"));
  let ahead = -20 * 60_000;
  const now = () => new Date(Date.now() + ahead);
  const simulator = createSalesforce({ dir, seed, now, life: { perMinute: 0 } });
  const server: Server = createServer((request, response) => void simulator.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const act = async <Answer>(action: string, input: unknown = {}): Promise<Answer> => {
    const run = simulator.actions[action];
    if (!run) throw new Error(`the simulator has no action ${action}`);
    ahead += 1000;
    return (await run(input)) as Answer;
  };
  await act("rotation", { on: false }); // the tests' access keeps one refresh token
  const access = async (config?: unknown): Promise<TestAccess<Config>> => {
    const grant = await act<Omit<Grant, "baseUrl" | "tokenUrl">>("grant");
    return createAccess(salesforce, { ...grant, baseUrl, tokenUrl: `${baseUrl}/services/oauth2/token` }, config);
  };
  const onlooker = await access();
  const gone = async (): Promise<Set<string>> => {
    const ids = new Set<string>();
    for (const object of ["Lead", "Opportunity"]) {
      const query = encodeURIComponent(`SELECT Id FROM ${object} WHERE IsDeleted = true`);
      const { text } = await onlooker.fetch({
        method: "GET",
        url: `${baseUrl}/services/data/v68.0/queryAll?q=${query}`,
        headers: { authorization: `Bearer ${await onlooker.token()}` },
      });
      for (const { Id } of (JSON.parse(text) as { records: { Id: string }[] }).records) ids.add(Id);
    }
    return ids;
  };

  return {
    act,
    access,
    now,
    pass: (ms) => {
      ahead += ms;
    },
    async truth() {
      const without = await gone();
      return (await act<Happened[]>("history"))
        .filter(({ id }) => !without.has(id))
        .map(({ object, id, pipeline, stage, enteredAt }) => ({
          record: { object: object.toLowerCase(), id },
          pipelineId: pipeline,
          stageId: stage,
          enteredAt: new Date(enteredAt),
        }));
    },
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
    object: "opportunity",
    pipelineId: "Opportunity",
    stages: ["Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote"],
  },
  {
    object: "lead",
    pipelineId: "Lead",
    stages: ["Open - Not Contacted", "Working - Contacted", "Nurturing", "Closed - Not Converted"],
  },
];

export async function salesforceWorld(): Promise<World<Config, Checkpoint>> {
  const org = await openOrg();
  const opened = [org];
  const timed = (at: Date | undefined) => (at ? { at: at.toISOString() } : {});
  return {
    connector: salesforce,
    access: await org.access(),
    playgrounds,
    truth: org.truth,
    async second() {
      const other = await openOrg("another");
      opened.push(other);
      return { access: await other.access(), truth: other.truth };
    },
    async create({ object }, { stage, person, at }) {
      const { id } = await org.act<{ id: string }>("create", {
        object,
        stage,
        ...(person ? { person } : {}),
        ...timed(at),
      });
      return { object, id };
    },
    async move(record, stage, at) {
      await org.act("move", { id: record.id, stage, ...timed(at) });
    },
    async touch({ object, id }) {
      await org.act("update", { id, fields: object === "lead" ? { City: "Elsewhere" } : { Amount: 4711 } });
    },
    async remove({ id }) {
      await org.act("delete", { id });
    },
    async crowd() {
      const { ids } = await org.act<{ ids: string[] }>("bulk", { object: "Lead", count: 2100, stage: "Nurturing" });
      return ids.map((id) => ({ object: "lead", id }));
    },
    async convert(lead) {
      const { opportunityId } = await org.act<{ opportunityId: string }>("convert", { leadId: lead.id });
      return { object: "opportunity", id: opportunityId };
    },
    async expire() {
      await org.act("expire");
    },
    limits: {
      // The opportunities (refused with a currency, described, asked again), their leads, roles and contacts, in portions of 150.
      leadRequests: (n) => 2 + 4 * Math.ceil(n / 150),
    },
    faults,
    close: async () => {
      for (const each of opened) await each.close();
    },
  };
}

const json = { "content-type": "application/json;charset=UTF-8" };
const error = (status: number, errorCode: string, message = "Sorry") => ({
  status,
  headers: json,
  text: JSON.stringify([{ message, errorCode }]),
});
const quarterHour = 15 * 60_000;

const faults: World<Config, Checkpoint>["faults"] = [
  {
    name: "used up calls",
    answer: error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    code: "crm_limit",
    retryAfterMs: quarterHour,
  },
  { name: "expired session", answer: error(401, "INVALID_SESSION_ID"), code: "crm_token_stale" },
  { name: "edition without API", answer: error(403, "API_DISABLED_FOR_ORG"), code: "crm_forbidden" },
  { name: "missing right", answer: error(403, "INSUFFICIENT_ACCESS"), code: "crm_forbidden" },
  { name: "malformed query", answer: error(400, "MALFORMED_QUERY"), code: "crm_schema" },
  { name: "slow query", answer: error(400, "QUERY_TIMEOUT"), code: "crm_unavailable" },
  { name: "maintenance", answer: error(503, "SERVER_UNAVAILABLE"), code: "crm_unavailable" },
  { name: "vanished org", answer: { status: 420, headers: {}, text: "" }, code: "crm_unavailable" },
  { name: "empty fault", answer: { status: 500, headers: {}, text: "" }, code: "crm_unavailable" },
  {
    name: "redirect",
    answer: { status: 302, headers: { location: "https://evil.example/" }, text: "" },
    code: "crm_unavailable",
  },
];

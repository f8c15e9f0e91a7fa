import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBreakers } from "../../core/breaker.ts";
import { deliver } from "../../core/deliver.ts";
import { ingest } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import { type Connection, type DatasetId, matchKeyNames } from "../../core/types.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";
import { temporaryFolder } from "../postgres.ts";
import { begin, connectionOf, end, type GoldenWorld, tenantId, worlds } from "./golden-worlds.ts";

const datasetId = "dst_golden" as DatasetId;
const clock = { now: () => end };
const complaints: string[] = [];
const complain = (message: string) => void complaints.push(message);
const log = { info: () => {}, warn: complain, error: complain };

let dir: string;
let sandbox: Sandbox;
const agent = createAgent();
beforeAll(async () => {
  dir = await temporaryFolder();
  const meta = (options: { dir: string }) => createMeta({ ...options, seed: "golden", now: clock.now });
  sandbox = await startSandbox({ dir, simulators: { meta } });
});
afterAll(async () => {
  await sandbox.close();
  await agent.close();
  await rm(dir, { recursive: true });
});

const act = async <Answer>(action: string, input: object): Promise<Answer> =>
  (await (
    await fetch(`${sandbox.control}/meta/${action}`, { method: "POST", body: JSON.stringify(input) })
  ).json()) as Answer;

/** Reads the world as the product does, sends what comes of it to simulated Meta, and gives the bytes that arrived there. */
async function bytesOf({ connector, access }: GoldenWorld): Promise<readonly string[]> {
  const connection: Connection = {
    tenantId,
    id: connectionOf(connector.manifest.id),
    connector: connector.manifest.id,
    accountId: access.accountId,
    name: "Golden",
    config: access.config,
    datasetId,
    sendFrom: new Date(begin.getTime() + 1000),
  };
  const setting = {
    tenant: { eventKey: "00".repeat(32), defaultCountry: "CH", allowedKeys: matchKeyNames },
    connection,
    leadEventSource: connector.manifest.crmName,
    mapping: indexMapping({ ...suggest(await connector.pipelines(access)), version: 1, sendValue: true }),
  };
  const outbox = createMemoryOutbox();
  outbox.openLane(tenantId, "read", connection.id, end);
  outbox.openLane(tenantId, "send", datasetId);
  const ports = { outbox, clock, random: () => 0.5, log, tell: () => {} };
  // The first turn of a connection is its baseline, which for pushes is empty.
  for (let turn = 0; turn < 2; turn += 1) {
    const now = new Date(end.getTime() + turn);
    const [reading] = await outbox.claim("read", now, 1, limits.leaseMs);
    if (reading) await ingest(reading, { connector, access, connection, setting, pollEveryMs: 0 }, ports);
  }
  const { token, datasetId: metaId } = await act<{ token: string; datasetId: string }>("grant", {});
  const send = createSender({
    fetch: createFetch(agent, { hosts: [], trustedOrigins: [sandbox.meta], timeoutMs: 5_000, maxBytes: 100_000 }),
    clock,
    origin: sandbox.meta,
    version: "v26.0",
    partnerAgent: "golden-files",
  });
  const before = await act<{ events: number }>("summary", {});
  const [sending] = await outbox.claim("send", end, 1, limits.leaseMs);
  const own = sending && { tenantId: sending.tenantId, datasetId: sending.id as DatasetId };
  if (sending && own)
    await deliver(sending, { ...own, metaId, token }, { ...ports, send, breakers: createBreakers(clock) });
  const answer = await act<{ events: { event: string; notCounted: string | null }[] }>("events", {
    after: before.events,
    as: "text",
  });
  expect(answer.events.filter(({ notCounted }) => notCounted !== null)).toEqual([]);
  return answer.events.map(({ event }) => event);
}

test.each(Object.keys(worlds))(
  "the bytes that leave for what happened in %s are those of its golden file",
  async (name) => {
    const world = await worlds[name]?.(dir);
    if (!world) throw new Error(`no world ${name}`);
    try {
      const file = join(import.meta.dirname, `../golden/${name}.json`);
      const bytes = await bytesOf(world);
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(bytes, undefined, 2)}\n`);
      const golden = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
      expect(bytes, "changed on purpose? UPDATE_GOLDEN=1 writes the file anew").toEqual(golden);
      expect(bytes.length).toBeGreaterThan(5);
      expect(complaints).toEqual([]);
    } finally {
      await world.close();
    }
  },
);

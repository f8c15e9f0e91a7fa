import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import type { Ring } from "../../core/connector.ts";
import type { RecordRef } from "../../core/types.ts";
import type { Grant } from "./access.ts";
import { openPortal, type Portal } from "./hubspot-world.ts";

let portal: Portal;
let receiver: Server;
let grant: Grant;
let rings: Ring[];
let refused: number;

beforeEach(async () => {
  portal = await openPortal();
  grant = await portal.grant();
  rings = [];
  refused = 0;
  receiver = createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const raw = { method: "POST", url: address(), headers, body: await buffer(request), receivedAt: new Date() };
    try {
      rings.push(...(hubspot.doorbell?.verify(raw, [grant.clientSecret]) ?? []));
      response.writeHead(204).end();
    } catch {
      refused += 1; // the assertion is on the count
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  await portal.act("subscribe", { targetUrl: address() });
});
afterEach(async () => {
  await portal.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/hubspot`;
const rang = (record: RecordRef) =>
  vi.waitFor(
    () =>
      expect(rings).toContainEqual({ accountId: grant.accountId, record: { object: record.object, id: record.id } }),
    { timeout: 10_000, interval: 20 },
  );

test.each([
  ["deal", "qualifiedtobuy", "contractsent"],
  ["contact", "lead", "opportunity"],
  ["lead", "new-stage-id", "connected-stage-id"],
])("HubSpot's own deliveries ring for a %s that was made, moved and deleted", async (object, first, second) => {
  const record = await portal.act<RecordRef>("create", { object, stage: first });
  await rang(record);
  const access = await portal.access();
  rings.length = 0;
  await portal.act("move", { object, id: record.id, stage: second });
  await rang(record);
  expect((await hubspot.read(access, [record])).map(({ stageId }) => stageId)).toEqual([first, second]);
  rings.length = 0;
  await portal.act("delete", { object, id: record.id });
  await rang(record);
  expect((await hubspot.read(access, [record])).map(({ gone }) => gone)).toEqual(["deleted"]);
  expect(refused).toBe(0);
});

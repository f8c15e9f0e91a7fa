// One worker process: reads and sends as the server does, until it is told to stop or is killed. Its first argument says where
// everything is (Place, as JSON). It gets ready, says "ready", and begins when it is sent its orders.
import { once } from "node:events";
import { http } from "../../../connectors/http/index.ts";

import { createBreakers } from "../../../core/breaker.ts";
import { limits } from "../../../core/meta/limits.ts";
import { createSender } from "../../../core/meta/sender.ts";
import type { Lease } from "../../../core/outbox.ts";
import type { Log, LogFields } from "../../../core/ports.ts";
import { createTokens } from "../../../server/access/tokens.ts";
import { createPace } from "../../../server/network/pace.ts";
import { createAgent, createFetch } from "../../../server/network/transport.ts";
import { inboxReader } from "../../../server/store/inbox.ts";
import { renewLease } from "../../../server/store/lanes.ts";
import { openStore } from "../../../server/store/open.ts";
import { createVault } from "../../../server/store/vault.ts";
import { startLanes } from "../../../server/workers/lanes.ts";
import { reading } from "../../../server/workers/reading.ts";
import { sending } from "../../../server/workers/sending.ts";
import { askingAnew, broken, type Fault } from "./broken.ts";
import { createCrm, type Life } from "./crm.ts";
import { hurry } from "./hurry.ts";
import { writeLine } from "./journal.ts";
import { type Trap, trapped } from "./points.ts";

export interface Place {
  /** The database owner's address. */
  readonly url: string;
  /** Meta's origin. */
  readonly meta: string;
  readonly vaultKey: string;
  readonly journal: string;
  readonly life: Life;
  /** How long a dead worker's lanes are nobody's. */
  readonly leaseMs: number;
}
export interface Orders {
  readonly traps?: readonly Trap[];
  readonly fault?: Fault;
}

const place = JSON.parse(process.argv[2] ?? "") as Place;
hurry(place.leaseMs);
const orphaned = (): never => process.exit(1);
process.once("disconnect", orphaned);
const say = (level: string) => (message: string, fields?: LogFields) =>
  process.stderr.write(`${JSON.stringify({ level, pid: process.pid, message, ...fields })}\n`);
const log: Log = { info: () => {}, warn: say("warn"), error: say("error") };
const store = await openStore(place.url, { log, connections: 6 });
// Connections are made beforehand: in the short life that may follow there is no time for it.
await Promise.all(Array.from({ length: 6 }, () => store.pool.query("select pg_sleep(0.01)")));
const orders = once(process, "message");
process.send?.("ready");
const [{ traps, fault }] = (await orders) as [Orders];

const clock = { now: () => new Date() };
const vault = createVault([{ id: "k", key: place.vaultKey }]);
const tokens = createTokens({ db: store.db, vault, clock });
const agent = createAgent();
const fetch = createFetch(agent, {
  hosts: [],
  trustedOrigins: [place.meta],
  timeoutMs: limits.requestMs,
  maxBytes: 1_000_000,
});
const watched = trapped(traps ?? [], writeLine(place.journal));
const send = watched.send(
  createSender({ fetch, clock, origin: place.meta, version: "v26.0", partnerAgent: "stagewire" }),
);
const wires = broken(fault, { outbox: watched.outbox(askingAnew(fault, store)), send });
const ports = { ...wires, clock, random: Math.random, log, tell: () => {}, breakers: createBreakers(clock) };
const runner = {
  ...ports,
  leaseMs: place.leaseMs,
  lookEveryMs: 25,
  concurrency: 2,
  renew: (lease: Lease, until: Date) => renewLease(store.db, lease, until),
};
const senders = startLanes({ ...runner, kind: "send", work: sending({ ...ports, store, vault }) });
const readers = startLanes({
  ...runner,
  kind: "read",
  work: reading({
    ...ports,
    store,
    connectors: new Map([
      ["clockwork", createCrm(place.life)],
      ["http", http],
    ]),
    access: {
      agent,
      tokens,
      pace: createPace(),
      clock,
      log,
      inbox: ({ tenantId, id }) => inboxReader(store.pool, tenantId, id),
    },
    pollEveryMs: 500,
    wakeSender: () => senders.wake(),
  }),
});

await once(process, "message");
await Promise.all([readers.stop(), senders.stop()]);
await agent.close();
await store.close();
process.off("disconnect", orphaned);
process.disconnect();

import type { Breakers } from "../../core/breaker.ts";
import type { Access } from "../../core/connector.ts";
import { deliver } from "../../core/deliver.ts";
import { Failure } from "../../core/errors.ts";
import { ingest } from "../../core/ingest.ts";
import { indexMapping } from "../../core/mapping.ts";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Clock, Log, Tell } from "../../core/ports.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import type { Plant } from "./bug.ts";
import type { Dice } from "./chance.ts";
import { connectorFor } from "./model-crm.ts";
import type { Turn } from "./turn.ts";
import type { Wires } from "./wires.ts";
import type { World } from "./world.ts";

type Duty = (turn: Turn, outbox: Outbox, wires: Wires, dice: Dice) => Promise<void>;
/** What a process does with a lane of each kind. */
export type Duties = Readonly<Record<Lease["kind"], Duty>>;

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

export function dutiesOf(world: World, parts: { clock: Clock; breakers: Breakers; plant: Plant }): Duties {
  const { clock, breakers, plant } = parts;
  const { plan } = world;
  const tell: Tell = (fact) => {
    if (fact.fact === "waits") world.saw(`waits ${fact.why}`);
    if (fact.fact === "request") world.saw(`verdict ${fact.verdict}`);
    if (fact.fact === "reconciled" && fact.missed > 0) world.saw("missed entries found");
  };

  return {
    async read({ lease }, outbox, wires, { random }) {
      const site = world.connections.get(lease.id as ConnectionId);
      const tenant = plan.tenants.find(({ id }) => id === lease.tenantId);
      if (!site || !tenant) throw new Failure("not_found", lease.id);
      const made = await wires.load(() => {
        const sendFrom = site.sendFrom.now();
        return {
          connection: {
            tenantId: lease.tenantId,
            id: site.plan.id,
            connector: "model",
            accountId: site.plan.id,
            name: "",
            config: {},
            datasetId: site.plan.datasetId,
            ...(sendFrom !== undefined && { sendFrom: new Date(sendFrom) }),
          },
          mapping: site.mapping.now(),
        };
      });
      const connector = connectorFor(site.crm, wires.askCrm(site.crm));
      const source = {
        connector: plant.connector?.(connector, site.crm) ?? connector,
        access: { clock } as Access<unknown>,
        connection: made.connection,
        setting: {
          tenant: { eventKey: tenant.eventKey, allowedKeys: ["em"] as const },
          connection: made.connection,
          leadEventSource: "Model CRM",
          mapping: indexMapping(made.mapping),
        },
        pollEveryMs: site.plan.pollEveryMs,
      };
      await ingest(lease, plant.source?.(source) ?? source, { outbox, clock, random, log: silent, tell });
    },
    async send({ lease }, outbox, wires, { random }) {
      const site = world.datasets.get(lease.id as DatasetId);
      if (!site) throw new Failure("not_found", lease.id);
      const made = await wires.load(() => ({ metaId: site.plan.metaId, token: site.token }));
      const destination = plant.destination?.(made) ?? made;
      const send = plant.send?.(wires.send) ?? wires.send;
      const own = { tenantId: lease.tenantId, datasetId: lease.id as DatasetId };
      await deliver(lease, { ...destination, ...own }, { outbox, send, clock, random, log: silent, tell, breakers });
    },
    async upkeep({ lease }, outbox, wires) {
      await wires.load(() => world.chores.push(world.time.now()));
      await outbox.release(lease, { dueAt: new Date(clock.now().getTime() + plan.choreEveryMs) }, clock.now());
    },
  };
}

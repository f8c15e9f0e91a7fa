import type { Faults } from "./faults.ts";
import { tokenOf } from "./model-meta.ts";
import type { Operation } from "./plan.ts";
import type { Process } from "./process.ts";
import type { ConnectionSite, DatasetSite, World } from "./world.ts";

/** Lets one operation happen, and what follows from it later on. */
export function operate(
  world: World,
  operation: Operation,
  processes: readonly { readonly process: Process | undefined; kill(forMs: number): void }[],
  faults: Faults,
  rouse: () => void,
): void {
  const { time, store, meta } = world;
  const connection = "connection" in operation ? [...world.connections.values()][operation.connection] : undefined;
  const dataset = "dataset" in operation ? [...world.datasets.values()][operation.dataset] : undefined;
  const later = (forMs: number, label: string, happen: () => void): void =>
    time.at(Math.min(time.now() + forMs, world.plan.calmAt), label, () => {
      happen();
      rouse();
    });
  switch (operation.kind) {
    case "enter":
      if (connection) enter(world, connection, operation, faults, rouse);
      break;
    case "remove":
      connection?.crm.remove(operation.record);
      break;
    case "remap": {
      const next = connection?.plan.mappings[operation.version - 1];
      if (next) connection.mapping.set(time.now(), next);
      break;
    }
    case "go_live":
      connection?.sendFrom.set(operation.at, Math.max(operation.at, world.plan.startAt) - operation.backMs);
      break;
    case "pause_reading":
    case "revoke_crm":
    case "crm_outage":
      if (connection) trouble(world, connection, operation.kind, operation.forMs, later);
      break;
    case "ring_all":
      if (connection) void store.ring(connection.plan.tenantId, connection.plan.id, "all", now(world)).then(rouse);
      break;
    case "forget_checkpoint":
      if (connection) connection.crm.forgotten = true;
      break;
    case "pause_sending":
      if (dataset) pauseSending(world, dataset, operation.forMs, later);
      break;
    case "kill_token":
      if (dataset) {
        const generation = operation.at;
        meta.tokens.set(dataset.plan.metaId, tokenOf(dataset.plan, generation));
        later(operation.forMs, `${dataset.plan.id} is connected again`, () => {
          dataset.token = meta.tokens.get(dataset.plan.metaId) ?? "";
          if (dataset.pausedAt === undefined) resume(world, dataset);
        });
      }
      break;
    case "kill_process":
      processes[operation.process % processes.length]?.kill(operation.forMs);
      break;
    case "meta_outage":
      meta.trouble = operation.how;
      later(operation.forMs, "Meta is back", () => {
        meta.trouble = "none";
      });
      break;
  }
}

const now = ({ time }: World): Date => new Date(time.now());

function enter(
  world: World,
  { crm, plan }: ConnectionSite,
  operation: Operation & { kind: "enter" },
  faults: Faults,
  rouse: () => void,
): void {
  const { time, store } = world;
  const row = crm.enter(operation.record, operation.stageId, operation.at, operation.lag, operation.backMs);
  for (const ms of operation.ringsMs) time.after(ms, `${plan.id} rings`, () => ring(0));

  /** As vendors do: the webhook comes again when we could not store it. */
  function ring(tries: number): void {
    if (faults.strikes("store_down", `${plan.id} ring ${row.seq} ${tries}`))
      time.after(5_000, `${plan.id} rings again`, () => ring(tries + 1));
    else
      void store.ring(plan.tenantId, plan.id, [row.record], now(world)).then(() => {
        row.rung = true;
        rouse();
      });
  }
}

type Later = (forMs: number, label: string, happen: () => void) => void;

function trouble(
  world: World,
  { crm, plan }: ConnectionSite,
  kind: "pause_reading" | "revoke_crm" | "crm_outage",
  forMs: number,
  later: Later,
): void {
  const { store } = world;
  if (kind === "pause_reading") store.pauseLane(plan.tenantId, "read", plan.id, "by_hand");
  else crm.trouble = kind === "crm_outage" ? "outage" : "revoked";
  later(forMs, `${plan.id} is well again`, () => {
    crm.trouble = "none";
    if (kind !== "crm_outage") store.resumeLane(plan.tenantId, "read", plan.id, now(world));
  });
}

function pauseSending(world: World, dataset: DatasetSite, forMs: number, later: Later): void {
  const { plan } = dataset;
  world.store.pauseLane(plan.tenantId, "send", plan.id, "by_hand");
  dataset.pausedAt ??= world.time.now();
  later(forMs, `${plan.id} goes on`, () => resume(world, dataset));
}

export function resume(world: World, dataset: DatasetSite): void {
  dataset.pausedAt = undefined;
  world.store.resumeLane(dataset.plan.tenantId, "send", dataset.plan.id, now(world));
}

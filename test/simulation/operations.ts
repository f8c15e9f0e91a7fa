import type { Outbox } from "../../core/outbox.ts";
import type { Faults } from "./faults.ts";
import { tokenOf, usageOf } from "./model-meta.ts";
import type { Operation } from "./plan.ts";
import type { Process } from "./process.ts";
import { redrive } from "./redrive.ts";
import type { Witness } from "./witness.ts";
import type { ConnectionSite, DatasetSite, World } from "./world.ts";

/** What an operation reaches. */
export interface Surroundings {
  readonly world: World;
  readonly witness: Witness;
  readonly faults: Faults;
  /** The store as somebody at the console reaches it. */
  readonly outbox: Outbox;
  readonly processes: readonly { readonly process: Process | undefined; kill(forMs: number): void }[];
  rouse(): void;
}

/** Lets one operation happen, and what follows from it later on. */
export function operate(operation: Operation, around: Surroundings): void {
  const { world, processes, rouse } = around;
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
      if (connection) enter(connection, operation, around);
      break;
    case "attach":
      connection?.crm.attach(operation.record, time.now());
      if (connection) ring(connection, operation.record, operation.ringsMs, around, () => {});
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
      if (connection) goLive(connection, operation, around);
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
      if (dataset) pauseSending(world, dataset, operation, later);
      break;
    case "redrive":
      if (dataset) redrive(dataset, operation, around);
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
      outage(world, operation, later);
      break;
    case "meta_busy":
      meta.usage = usageOf(operation.percent, operation.minutes);
      later(operation.forMs, "Meta has time again", () => {
        meta.usage = {};
      });
      break;
  }
}

const now = ({ time }: World): Date => new Date(time.now());

function enter(site: ConnectionSite, operation: Operation & { kind: "enter" }, around: Surroundings): void {
  const row = site.crm.enter(operation.record, operation.stageId, operation.at, operation.lag, operation.backMs);
  ring(site, operation.record, operation.ringsMs, around, () => {
    row.rung = true;
  });
}

/** As vendors do: the webhook comes again when we could not store it. */
function ring(
  { plan }: ConnectionSite,
  record: string,
  ringsMs: readonly number[],
  { world: { time, store }, faults, rouse }: Surroundings,
  rung: () => void,
): void {
  const since = time.now() - plan.skewMs;
  const press = (n: number, tries: number): void => {
    if (faults.strikes("store_down", `${plan.id} ring ${record} ${since % 86_400_000} ${n} ${tries}`))
      time.after(5_000, `${plan.id} rings again`, () => press(n, tries + 1));
    else
      void store.ring(plan.tenantId, plan.id, [{ object: "deal", id: record }], new Date(time.now())).then(() => {
        rung();
        rouse();
      });
  };
  for (const [n, ms] of ringsMs.entries()) time.after(ms, `${plan.id} rings`, () => press(n, 0));
}

/** The start is set and the account is read from its beginning: in one transaction, whoever is at it just now. */
function goLive(
  { plan, sendFrom }: ConnectionSite,
  { at, backMs }: Operation & { kind: "go_live" },
  { world, witness, rouse }: Surroundings,
): void {
  sendFrom.set(at, Math.max(at, world.plan.startAt) - backMs);
  if (at < world.plan.startAt) return;
  const lane = world.store.lane(plan.tenantId, "read", plan.id);
  if (!lane) return;
  const until = now(world);
  const dueAt = lane.paused === undefined ? until : undefined;
  Object.assign(lane, { token: lane.token + 1, leaseUntil: until });
  const lease = { tenantId: plan.tenantId, kind: "read", id: plan.id, token: lane.token, until, attempts: 0 } as const;
  // The twin settles at once what it can: both are one step.
  void world.store.keep(lease, { outcomes: [], mappingVersion: 0, checkpoint: null }, until);
  Object.assign(lane, { leaseUntil: undefined, dueAt });
  witness.readAnew(lease);
  rouse();
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

function outage(world: World, { how, forMs, flapsMs }: Operation & { kind: "meta_outage" }, later: Later): void {
  const { time, meta, plan } = world;
  const until = Math.min(time.now() + forMs, plan.calmAt);
  meta.trouble = how;
  later(forMs, "Meta is back", () => {
    meta.trouble = "none";
  });
  const flap = (): void => {
    if (time.now() >= until) return;
    meta.trouble = meta.trouble === "none" ? how : "none";
    if (flapsMs !== undefined) time.after(flapsMs, "Meta flaps", flap);
  };
  if (flapsMs !== undefined) time.after(flapsMs, "Meta flaps", flap);
}

function pauseSending(
  world: World,
  dataset: DatasetSite,
  { forMs, amid }: Operation & { kind: "pause_sending" },
  later: Later,
): void {
  const { plan } = dataset;
  const strike = (): void => {
    dataset.ambush = undefined;
    if (world.time.now() >= world.plan.calmAt) return;
    world.store.pauseLane(plan.tenantId, "send", plan.id, "by_hand");
    dataset.pausedAt ??= world.time.now();
    later(forMs, `${plan.id} goes on`, () => resume(world, dataset));
  };
  if (amid) dataset.ambush = { amid, strike };
  else strike();
}

export function resume(world: World, dataset: DatasetSite): void {
  dataset.pausedAt = undefined;
  dataset.rest = undefined;
  world.store.resumeLane(dataset.plan.tenantId, "send", dataset.plan.id, now(world));
}

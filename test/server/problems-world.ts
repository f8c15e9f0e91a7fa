import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Connection, Dataset, Tenant } from "../../core/types.ts";
import { addConnection } from "../../server/store/connections.ts";
import { addDataset } from "../../server/store/datasets.ts";
import type { Store } from "../../server/store/open.ts";
import { listProblems } from "../../server/store/problem-list.ts";
import type { ProblemRow } from "../../server/store/problems.ts";
import { createTenant, forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { silent, testDatabase } from "../postgres.ts";

const start = Date.UTC(2026, 10, 23, 9);
/** Minutes after the start of the story. */
export const at = (minutes: number): Date => new Date(start + minutes * 60_000);
export const hours = (n: number): number => n * 60;

/** A store with one tenant, its dataset and its connection, and what may happen to them. */
export interface Trouble {
  store: Store;
  tenant: Tenant;
  dataset: Dataset;
  connection: Connection;
  /** What was logged as an error. */
  errors: string[];
  /** One look of the watcher. */
  watch(minutes: number): Promise<void>;
  /** Open, and muted neither at this minute. */
  open(minutes?: number): Promise<readonly ProblemRow[]>;
  closed(): Promise<readonly ProblemRow[]>;
  lane(kind: "read" | "send", change: { why?: string | null; paused?: string | null; movedAt?: Date }): Promise<void>;
  /** Events come into the log, numbered on, of these stage times. */
  keep(keptAt: Date, eventTimes: readonly Date[]): Promise<void>;
  /** The next waiting event is refused. */
  refuse(minutes: number, more?: { code?: number; subcode?: number; words?: string; reason?: string }): Promise<number>;
  /** Everything that waits is accepted. */
  accept(minutes: number): Promise<void>;
}

export function trouble(): Trouble {
  const made = {} as Trouble;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase();
    drop = database.drop;
    made.store = await database.open();
  });
  beforeEach(async () => {
    const { db } = made.store;
    made.errors = [];
    for (const { id } of await listTenants(db)) await forgetTenant(db, id);
    made.tenant = await createTenant(
      db,
      { name: "Acme", allowedKeys: [], alertTo: ["ana@acme.example"] },
      at(hours(-240)),
    );
    const tenantId = made.tenant.id;
    made.dataset = await addDataset(db, { tenantId, metaId: "1234567890", name: "Acme leads" }, at(hours(-240)));
    made.connection = await addConnection(
      db,
      { tenantId, connector: "hubspot", accountId: "1", name: "Acme", config: {}, datasetId: made.dataset.id },
      at(hours(-240)),
    );
  });
  afterAll(() => drop());
  return Object.assign(made, {
    watch: (minutes: number) =>
      watchProblems({
        store: made.store,
        log: { ...silent, error: (message) => made.errors.push(message) },
        crmName: () => "HubSpot",
        consoleUrl: () => "https://console.example",
      })(at(minutes)),
    open: (minutes = 0) => listProblems(made.store.db, made.tenant.id, { state: "open" }, at(minutes)),
    closed: () => listProblems(made.store.db, made.tenant.id, { state: "resolved" }, at(0)),
    ...acts(made),
  } satisfies Partial<Trouble>);
}

function acts(here: Trouble): Pick<Trouble, "lane" | "keep" | "refuse" | "accept"> {
  const lane = (kind: "read" | "send") =>
    here.store.db
      .updateTable("lane")
      .where("tenant_id", "=", here.tenant.id)
      .where("kind", "=", kind)
      .where("id", "=", kind === "send" ? here.dataset.id : here.connection.id);
  const cursor = async (): Promise<{ next_seq: number; cursor_seq: number }> =>
    here.store.db
      .selectFrom("lane")
      .select(["next_seq", "cursor_seq"])
      .where("tenant_id", "=", here.tenant.id)
      .where("id", "=", here.dataset.id)
      .executeTakeFirstOrThrow();
  return {
    async lane(kind, { why, paused, movedAt }) {
      await lane(kind)
        .set({
          ...(why !== undefined && { why }),
          ...(paused !== undefined && { paused_reason: paused, why: paused, due_at: paused ? null : at(0) }),
          ...(movedAt && { moved_at: movedAt }),
        })
        .execute();
    },
    async keep(keptAt, eventTimes) {
      const { next_seq } = await cursor();
      await here.store.db
        .insertInto("outbox")
        .values(
          eventTimes.map((eventTime, n) => ({
            tenant_id: here.tenant.id,
            dataset_id: here.dataset.id,
            seq: next_seq + n,
            event_time: eventTime,
            created_at: keptAt,
            connection_id: here.connection.id,
            record: `deal:${next_seq + n}`,
            place: 1,
            payload: "{}",
          })),
        )
        .execute();
      await lane("send")
        .set(({ fn, val }) => ({
          next_seq: next_seq + eventTimes.length,
          due_at: fn.coalesce("due_at", val(keptAt)),
          waiting_since: fn.coalesce("waiting_since", val(keptAt)),
        }))
        .execute();
    },
    async refuse(minutes, { reason = "refused_invalid", code, subcode, words } = {}) {
      const { cursor_seq } = await cursor();
      await here.store.db
        .insertInto("dead_event")
        .values({
          tenant_id: here.tenant.id,
          dataset_id: here.dataset.id,
          seq: cursor_seq + 1,
          at: at(minutes),
          reason,
          code: code ?? null,
          subcode: subcode ?? null,
          words: words ?? null,
          trace_id: null,
        })
        .execute();
      await lane("send")
        .set({ cursor_seq: cursor_seq + 1 })
        .execute();
      return cursor_seq + 1;
    },
    async accept(minutes) {
      const { next_seq } = await cursor();
      await lane("send")
        .set({ cursor_seq: next_seq - 1, moved_at: at(minutes), waiting_since: null, due_at: null, why: null })
        .execute();
    },
  };
}

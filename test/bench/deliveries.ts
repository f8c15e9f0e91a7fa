import { fileRows } from "../../server/routes/deliveries-file.ts";
import { reasonCounts, standing } from "../../server/store/delivery-counts.ts";
import { type DeliveryList, type ListAsked, listDeliveries } from "../../server/store/delivery-list.ts";
import type { Place } from "../../server/store/delivery-wanted.ts";
import { type Account, aMillion } from "./deliveries-seed.ts";
import { type Figure, percentile } from "./figure.ts";
import { type Database, embeddedServer, freshDatabase } from "./server.ts";
import { openWorkspace } from "./workspace.ts";

const times = 7;
/** As the route has it. */
const budgetMs = 80;
const limit = 50;

/** A customer with a million deliveries: each question about them, as the console asks it. */
export async function deliveries(): Promise<readonly Figure[]> {
  const server = await embeddedServer();
  const database = await freshDatabase(server);
  try {
    const workspace = await openWorkspace(database.store, 1);
    const [connection, dataset] = [workspace.connections[0], workspace.datasets[0]];
    if (!connection || !dataset) throw new Error("there is no account");
    const account = { tenantId: workspace.tenantId, connectionId: connection.id, datasetId: dataset };
    await aMillion(database, account);
    return await measured(database, account);
  } finally {
    await database.drop();
    await server.stop();
  }
}

async function measured(
  database: Database,
  { tenantId, connectionId, datasetId }: Account,
): Promise<readonly Figure[]> {
  const { store, owner } = database;
  const now = new Date();
  const back = (ofDays: number): Date => new Date(now.getTime() - ofDays * 86_400_000);
  const list = (asked: Partial<ListAsked>): Promise<DeliveryList> =>
    store.web(tenantId, (trx) => listDeliveries(trx, tenantId, { wanted: {}, limit, now, budgetMs, ...asked }));
  const deep = (await list({ wanted: { to: back(20) } })).next;
  const [old] = await owner(`select record, payload from outbox where tenant_id = $1 and seq = 100`, [tenantId]);
  const payload = String(old?.payload);
  const found = (pattern: RegExp): string => pattern.exec(payload)?.[1] ?? "";
  const questions: Readonly<Record<string, Partial<ListAsked>>> = {
    all: {},
    "all, a page of 20 days ago": deep ? { after: deep } : {},
    accepted: { wanted: { state: "accepted" } },
    waiting: { wanted: { state: "waiting" } },
    refused: { wanted: { state: "refused" } },
    "not sent": { wanted: { state: "not_sent" } },
    "one reason": { wanted: { reasons: ["lead_not_found"] } },
    "a reason that 10 have": { wanted: { reasons: ["no_consent"] } },
    "a refusal that 10 have": { wanted: { reasons: ["refused_keys"] } },
    "as far as in time": { wanted: { step: "in_time" } },
    "as far as sent": { wanted: { step: "sent" } },
    "one stage": { wanted: { connectionId, pipelineId: "sales", stageId: "s2" } },
    "a stage that 10 have": { wanted: { connectionId, pipelineId: "sales", stageId: "rare" } },
    "an event name that 10 have": { wanted: { eventName: "Rare" } },
    "one account, accepted, one stage": { wanted: { connectionId, datasetId, state: "accepted", stageId: "s3" } },
    "one day, 20 days ago": { wanted: { from: back(21), to: back(20) } },
    "a record": { text: String(old?.record).slice("deal:".length) },
    "a lead, 28 days old": { text: found(/"lead_id":(\d+)/) },
    "an event, 28 days old": { text: found(/"event_id":"(\w+)"/) },
    "a trace": { text: "Trace7" },
    nothing: { text: "f".repeat(32) },
  };
  const figures: Figure[] = [];
  for (const [name, asked] of Object.entries(questions)) figures.push(...(await question(name, asked, list)));
  const counted = performance.now();
  await store.web(tenantId, async (trx) => {
    await reasonCounts(trx, tenantId, back(30));
    await standing(trx, tenantId, back(30));
  });
  const choices = { value: performance.now() - counted, unit: "ms", target: 200, atMost: true };
  figures.push({ figure: "what can be filtered by, and how many", ...choices });
  const started = performance.now();
  let lines = 0;
  for await (const _ of fileRows(tenantId, { wanted: {}, now }, { store })) lines += 1;
  figures.push({ figure: `a file of ${lines} lines`, value: (performance.now() - started) / 1000, unit: "s" });
  return figures;
}

/** How long one call takes, and, where a call does not come to the end, how long all of them. */
async function question(
  name: string,
  asked: Partial<ListAsked>,
  list: (asked: Partial<ListAsked>) => Promise<DeliveryList>,
): Promise<readonly Figure[]> {
  const took: number[] = [];
  const whole: number[] = [];
  let calls = 0;
  let shown = 0;
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    let after: Place | undefined = asked.after;
    calls = 0;
    shown = 0;
    do {
      const from = performance.now();
      const { rows: page, next, searchedTo } = await list({ ...asked, ...(after && { after }) });
      took.push(performance.now() - from);
      calls += 1;
      shown += page.length;
      after = shown < limit && searchedTo ? next : undefined;
    } while (after);
    whole.push(performance.now() - began);
  }
  return [
    { figure: `${name} (${shown} shown)`, value: percentile(took, 0.95), unit: "ms", target: 200, atMost: true },
    ...(calls > 1
      ? [{ figure: `  searched to the end in ${calls} calls`, value: percentile(whole, 0.5), unit: "ms" }]
      : []),
  ];
}

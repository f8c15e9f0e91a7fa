import { personOf, recordOf } from "./crm.ts";
import type { Figure } from "./figure.ts";
import { type SimulatedMeta, startMeta } from "./meta.ts";
import { leadIdOf } from "./people.ts";
import { type EventRequest, metaSdk, type ServerEvent, sdkEvent } from "./sdk.ts";
import { embeddedServer, freshDatabase } from "./server.ts";
import { startWorkers } from "./workers.ts";
import { openWorkspace, progress, until } from "./workspace.ts";

/** Of 10,000 events one is 8 days old, and one bears a lead id (and nothing else) that Meta does not know. */
const total = 10_000;
const batch = 1_000;
const tooOld = 2_500;
const strangers = 7_300;
const aged = (): number => Math.floor(Date.now() / 1000) - 8 * 86_400;

const stranger = recordOf(0, strangers);
const leadIdAt = (n: number): string => leadIdOf(Number(recordOf(0, n).id));

/** The same 10,000 events and mishaps for ours and for Meta's SDK: what Meta has at the end, and what we know of the rest. */
export async function mishaps(): Promise<readonly Figure[]> {
  const meta = await startMeta();
  try {
    await meta.act("forget", { leadId: leadIdAt(strangers) });
    const ways = {
      ours: await ours(meta),
      "SDK, BatchProcessor": await sdk(meta, batchProcessor),
      "SDK, errors caught": await sdk(meta, oneByOne),
    };
    const row = (
      what: string,
      unit: string,
      of: (result: Result) => number,
      target?: number,
      atMost = false,
    ): readonly Figure[] =>
      Object.entries(ways).map(([way, result]) => ({
        figure: `${what}: ${way}`,
        value: of(result),
        unit,
        ...(way === "ours" && target !== undefined && { target, atMost }),
      }));
    return [
      ...row("accepted, each counted once", "events", ({ accepted }) => accepted, total - 2),
      ...row("refused by name", "events", ({ named }) => named, 2),
      ...row("lost: neither accepted nor named", "events", ({ accepted, named }) => total - accepted - named, 0, true),
      ...row("came twice, with the same id", "events", ({ repeated }) => repeated, batch, true),
      ...row("came twice, with another id", "events", ({ doubled }) => doubled, 0, true),
      ...row("requests", "", ({ requests }) => requests, 60, true),
      ...row("time, waits included", "s", ({ seconds }) => seconds),
    ];
  } finally {
    await meta.stop();
  }
}

interface Result {
  readonly accepted: number;
  readonly repeated: number;
  readonly doubled: number;
  readonly named: number;
  readonly requests: number;
  readonly seconds: number;
}

async function ours(meta: SimulatedMeta): Promise<Result> {
  const { datasetId, token } = await meta.act<Grant>("grant", {});
  const server = await embeddedServer();
  const database = await freshDatabase(server);
  const { store, owner } = database;
  try {
    const { tenantId } = await openWorkspace(store, 1, { metaId: () => datasetId, token });
    const workers = { origin: meta.origin, crm: { pages: total / batch, pageSize: batch }, read: 1, send: 0 };
    const person = (record: typeof stranger) =>
      record.id === stranger.id ? { leadId: leadIdAt(strangers), contact: {} } : personOf(record);
    const readers = startWorkers(store, workers, { person });
    await until(async () => (await progress(store, tenantId)).kept === total);
    await readers.stop();
    // As if it had waited here for eight days: time stands still for nobody, so its row is written anew.
    await owner(
      `update outbox set event_time = to_timestamp($1::float8),
        payload = regexp_replace(payload, '"event_time":[0-9]+', '"event_time":' || $1)
       where payload like '%"lead_id":' || $2 || '%'`,
      [String(aged()), leadIdAt(tooOld)],
    );
    const started = performance.now();
    const senders = startWorkers(store, { ...workers, read: 0, send: 8 });
    await until(async () => (await progress(store, tenantId)).settled === total);
    const seconds = (performance.now() - started) / 1000;
    await senders.stop();
    const dead = await owner("select o.payload from dead_event d join outbox o using (tenant_id, dataset_id, seq)");
    const named = [tooOld, strangers].filter((n) => dead.some(({ payload }) => String(payload).includes(leadIdAt(n))));
    return {
      ...(await whatMetaHas(meta, datasetId)),
      named: dead.length === named.length ? named.length : -1,
      seconds,
    };
  } finally {
    await database.drop();
    await server.stop();
  }
}

type Program = (request: () => EventRequest, events: readonly ServerEvent[], meta: Meta) => Promise<void>;
type Meta = ReturnType<typeof metaSdk>;

/** What the SDK offers for many events; it ends at the first error. */
const batchProcessor: Program = async (request, events, sdk) => {
  await new sdk.BatchProcessor(batch, 2).processEvents(request(), events);
};
/** What a careful user writes: one request after the other, an error is logged and the next batch goes on its way. */
const oneByOne: Program = async (request, events) => {
  for (let from = 0; from < events.length; from += batch) {
    const call = request();
    call.setEvents?.(events.slice(from, from + batch));
    await call.execute().catch(() => {}); // it would be logged; it names no event
  }
};

async function sdk(meta: SimulatedMeta, program: Program): Promise<Result> {
  const { datasetId, token } = await meta.act<Grant>("grant", {});
  const sdk = metaSdk(meta.origin);
  const recently = Math.floor(Date.now() / 1000) - 3_600;
  const events = Array.from({ length: total }, (_, n) => {
    const person = n === strangers ? { leadId: leadIdAt(n), contact: {} } : personOf(recordOf(0, n));
    return sdkEvent(sdk, person, `event-${n}`, n === tooOld ? aged() : recently);
  });
  const started = performance.now();
  await program(() => new sdk.EventRequest(token, datasetId), events, sdk).catch(() => {}); // it ended there
  const seconds = (performance.now() - started) / 1000;
  return { ...(await whatMetaHas(meta, datasetId)), named: 0, seconds };
}

interface Grant {
  readonly datasetId: string;
  readonly token: string;
}

/** Counted from the very texts that arrived. */
async function whatMetaHas(meta: SimulatedMeta, dataset: string): Promise<Omit<Result, "named" | "seconds">> {
  const times = new Map<string, number>();
  const people = new Map<string, Set<string>>();
  for (let after = 0, more = true; more; ) {
    const page = await meta.act<{ events: { dataset: string; event: string }[]; next: number }>("events", {
      after,
      limit: 5_000,
      as: "text",
    });
    for (const one of page.events) {
      if (one.dataset !== dataset) continue;
      const id = /"event_id":"([^"]+)"/.exec(one.event)?.[1] ?? "";
      const leadId = /"lead_id":"?(\d+)/.exec(one.event)?.[1] ?? "";
      times.set(id, (times.get(id) ?? 0) + 1);
      people.set(leadId, (people.get(leadId) ?? new Set()).add(id));
    }
    [after, more] = [page.next, page.events.length > 0];
  }
  const { requests } = await meta.act<{ requests: { dataset: string }[] }>("requests", { after: 0, limit: 5_000 });
  return {
    accepted: people.size,
    repeated: [...times.values()].filter((n) => n > 1).length,
    doubled: [...people.values()].filter((ids) => ids.size > 1).length,
    requests: requests.filter((one) => one.dataset === dataset).length,
  };
}

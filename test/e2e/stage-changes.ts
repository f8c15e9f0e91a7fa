import type { MetaEvent } from "./meta.ts";
import type { Product } from "./product.ts";
import { until } from "./until.ts";

/** One stage entry as a simulated CRM remembers it. */
export interface TrueEntry {
  readonly object: string;
  readonly id: string;
  readonly pipeline: string;
  readonly stage: string;
  /** ISO */
  readonly enteredAt: string;
  readonly metaLeadId: string | null;
}

/** Until every connection has read all there was. */
export async function caughtUp({ sql }: Product): Promise<void> {
  await until(
    "all connections have caught up",
    async () => {
      const rows = await sql<{ done: boolean }>(
        `select p.body like '%"caughtUp":true%' as done from connection c
         left join checkpoint p on p.tenant_id = c.tenant_id and p.connection_id = c.id`,
      );
      return rows.length === 3 && rows.every(({ done }) => done);
    },
    60_000,
  );
}

/** Until nothing waits to be sent any more. */
export async function nothingWaits({ overview }: Product, withinMs = 30_000): Promise<void> {
  await until("nothing waits", async () => (await overview()).datasets.every(({ waiting }) => waiting === 0), withinMs);
}

let leads = 51_000_004_703_892_550n;
/** A Meta lead id of 17 digits that nobody else has; odd, so that a JavaScript number cannot hold it. */
export const newLeadId = (): string => {
  leads += 11n;
  return String(leads | 1n);
};

/** What Meta has of this lead, in the order of arrival, as soon as an event of this name is among it. */
export async function eventsUpTo(product: Product, leadId: string, lastName: string, withinMs?: number) {
  const of = async (): Promise<readonly MetaEvent[]> =>
    (await product.metaEvents()).filter((event) => event.leadId === leadId);
  return await until(
    `Meta receives "${lastName}" of lead ${leadId}`,
    async () => {
      const events = await of();
      return events.some(({ name }) => name === lastName) && events;
    },
    withinMs,
  );
}

/** A stage change pushed by an in-house CRM. */
export interface Push {
  readonly id: string;
  readonly record_id: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly occurred_at: string;
  readonly lead_id?: string;
  readonly click_id?: string;
  readonly contact: Readonly<Record<string, string>>;
}

export async function push(product: Product, path: "stage-changes" | "outcomes", body: unknown): Promise<Response> {
  return await fetch(`${product.url()}/ingest/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${product.ingestKey()}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { type Customer, type Front, openFront } from "./front.ts";

/** Two customers with an in-house CRM each, made anew for every test; the workspace that is shown is the first one's. */
interface TwoCustomers {
  front: Front;
  acme: Customer;
  other: Customer;
  /** Their CRM pushes these changes, and they are read. */
  push(customer: Customer, changes: readonly object[]): Promise<void>;
  /** Of what waits from the number `from` on, Meta takes the first `accepted` and refuses the next `refused`. */
  deliver(customer: Customer, accepted: number, refused?: number, from?: number): Promise<void>;
  later(minutes: number): void;
}

export const lead = (record_id: string, stage: string, more: object = {}) => ({
  record_id,
  pipeline: "sales",
  stage,
  occurred_at: "2026-11-23T08:00:00Z",
  lead_id: `51000004703892${record_id.padStart(2, "0")}`,
  ...more,
});

export function twoCustomers(): TwoCustomers {
  const here = {} as TwoCustomers;
  beforeAll(async () => {
    here.front = await openFront();
  });
  afterAll(() => here.front.close());
  beforeEach(async () => {
    const { front } = here;
    for (const { id } of await listTenants(front.store.db)) await forgetTenant(front.store.db, id);
    front.clock.at = new Date("2026-11-23T09:00:00Z");
    here.acme = await front.customer("Acme");
    front.clock.at = new Date("2026-11-23T09:00:01Z"); // the workspace that is shown is the one made first
    here.other = await front.customer("Other");
  });
  return Object.assign(here, {
    async push({ bearer }: Customer, changes: readonly object[]): Promise<void> {
      const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(changes) };
      expect((await fetch(`${here.front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
      await here.front.read();
    },
    async deliver({ datasetId }: Customer, accepted: number, refused = 0, from = 1): Promise<void> {
      const { outbox } = here.front.store;
      const now = here.front.clock.at;
      const lease = (await outbox.claim("send", now, 10, 60_000)).find(({ id }) => id === datasetId);
      if (!lease) throw new Error("nothing to send");
      const last = from + accepted - 1;
      const about = { sentAt: now, tookMs: 40, traceId: "AbC", verdict: "accepted" } as const;
      const dispatch = { ...about, seqFrom: from, seqTo: last, events: accepted };
      await outbox.advance(lease, { cursor: last, ...(accepted > 0 && { dispatch }) }, now);
      const reason = "refused_invalid" as const;
      const dead = Array.from({ length: refused }, (_, n) => ({ seq: last + n + 1, reason }));
      await outbox.advance(lease, { cursor: last + refused, dead }, now);
      await outbox.release(lease, {}, now);
    },
    later(minutes: number): void {
      here.front.clock.at = new Date(here.front.clock.at.getTime() + minutes * 60_000);
    },
  });
}

import { expect } from "vitest";
import type { Customer, Front } from "./front.ts";

/** So many events are pushed, and Meta refuses them all for the same cause. `at`: the stage time of the n-th. */
export async function refuse(
  front: Front,
  { bearer, datasetId }: Customer,
  count: number,
  at: (n: number) => string = () => "2026-11-23T08:00:00Z",
): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const size = Math.min(500, count - from);
    const changes = Array.from({ length: size }, (_, n) => ({
      record_id: String(from + n + 1),
      pipeline: "sales",
      stage: "Prospecting",
      occurred_at: at(from + n),
      lead_id: String(510000470389200 + from + n),
    }));
    const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(changes) };
    expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  }
  await front.read();
  const now = front.clock.at;
  const lease = (await front.store.outbox.claim("send", now, 10, 60_000)).find(({ id }) => id === datasetId);
  if (!lease) throw new Error("nothing to send");
  const first = (await front.store.outbox.read(lease, 1))[0]?.seq ?? 1;
  const dead = Array.from({ length: count }, (_, n) => ({
    seq: first + n,
    reason: "refused_invalid" as const,
    code: 100,
    subcode: 2804003,
    words: "Not like this",
  }));
  await front.store.outbox.advance(lease, { cursor: first + count - 1, dead }, now);
  await front.store.outbox.release(lease, {}, now);
}

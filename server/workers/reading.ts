import { isFailure } from "../../core/errors.ts";
import { giveBack, type IngestPorts, ingest } from "../../core/ingest.ts";
import type { Lease } from "../../core/outbox.ts";
import type { ConnectionId } from "../../core/types.ts";
import { createSource, type SourceParts } from "../access/source.ts";
import { readSoFar } from "../tasks/reading.ts";

export interface ReadingParts extends IngestPorts, SourceParts {
  /** Something was kept: look for deliveries. */
  readonly wakeSender: () => void;
}

/** What a worker does with the lane of a connection. */
export const reading = (parts: ReadingParts) => async (lease: Lease) => {
  const source = await createSource(lease.tenantId, lease.id as ConnectionId, parts).catch((error: unknown) => {
    if (!isFailure(error)) throw error;
    return error;
  });
  if (source instanceof Error) return await giveBack(lease, source, parts);
  return await ingest(lease, source, { ...parts, readSoFar: readSoFar(parts), tell: wakingSender(parts) });
};

const wakingSender =
  ({ tell, wakeSender }: ReadingParts): ReadingParts["tell"] =>
  (fact) => {
    tell(fact);
    if (fact.fact === "kept") wakeSender();
  };

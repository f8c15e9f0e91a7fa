import { z } from "zod";
import { type ObjectName, objectNames } from "./objects.ts";

/** Instants are Unix milliseconds by HubSpot's clock. */
const instant = z.number().int().nonnegative();

/**
 * Where reading goes on. `deal`, `contact` and `lead`: what was modified before was read in an earlier round. The others are
 * the place inside the round under way, absent between rounds.
 */
export interface HubspotCheckpoint {
  readonly v: 1;
  readonly deal?: number;
  readonly contact?: number;
  readonly lead?: number;
  /** The kind of record being read; those before it in the config are done. */
  readonly object?: ObjectName;
  /** When this kind's reading began. */
  readonly startedAt?: number;
  /** What was modified before is read. */
  readonly at?: number;
  /** Inside one crowded millisecond: what has a lower or equal id is read. */
  readonly id?: string;
  readonly done?: number;
  readonly total?: number;
  /** Leads are withheld (no scope, no Sales Hub): not asked again before this instant. */
  readonly leadsWithheldUntil?: number;
}

export const hubspotCheckpoint: z.ZodType<HubspotCheckpoint> = z.strictObject({
  v: z.literal(1),
  deal: instant.exactOptional(),
  contact: instant.exactOptional(),
  lead: instant.exactOptional(),
  object: z.enum(objectNames).exactOptional(),
  startedAt: instant.exactOptional(),
  at: instant.exactOptional(),
  id: z.string().regex(/^\d+$/).exactOptional(),
  done: instant.exactOptional(),
  total: instant.exactOptional(),
  leadsWithheldUntil: instant.exactOptional(),
});

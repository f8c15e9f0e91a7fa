import type { Lease } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import type { Query } from "../transact.ts";

const append = statement("lane-append");
const insert = statement("again");

/**
 * Puts events of a lane at its end, under new numbers. `next`: what `lane-append` answered for no events in the same
 * transaction, which holds the lane's row.
 */
export function again(
  { tenantId, id }: Pick<Lease, "tenantId" | "id">,
  { base, created_at }: { readonly base: number; readonly created_at: Date },
  events: readonly { readonly seq: number; readonly payload?: string }[],
  aside: boolean,
  now: Date,
): readonly Query[] {
  return [
    [append, tenantId, id, events.length, now, now],
    [
      insert,
      tenantId,
      id,
      created_at,
      aside ? 1 : 0,
      events.map(({ seq }) => seq),
      events.map((_, n) => base + n),
      events.map(({ payload }) => payload ?? null),
    ],
  ];
}

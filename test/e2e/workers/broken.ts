import type { Send } from "../../../core/meta/sender.ts";
import type { Delivery, Lease, Outbox } from "../../../core/outbox.ts";
import type { Store } from "../../../server/store/open.ts";

/** Workers that must not pass: the check is run on them too, and has to notice. */
export type Fault = "settles before it sends" | "asks for the token anew";

export interface Wires {
  readonly outbox: Outbox;
  readonly send: Send;
}

export function broken(fault: Fault | undefined, { outbox, send }: Wires): Wires {
  return fault === "settles before it sends" ? settlingFirst({ outbox, send }) : { outbox, send };
}

/** Moves the cursor, then sends: who dies in between has lost the events. */
function settlingFirst({ outbox, send }: Wires): Wires {
  const read = new Map<string, { readonly lease: Lease; readonly delivery: Delivery }>();
  return {
    outbox: {
      ...outbox,
      read: async (lease, limit) => {
        const page = await outbox.read(lease, limit);
        for (const delivery of page) read.set(delivery.payload, { lease, delivery });
        return page;
      },
    },
    send: async (destination, payloads) => {
      const last = read.get(payloads.at(-1) ?? "");
      if (last) await outbox.advance(last.lease, { cursor: last.delivery.seq }, new Date());
      return await send(destination, payloads);
    },
  };
}

/** Writes under whatever token the lane has by now: who slept through its lease writes over its successor. */
export function askingAnew(fault: Fault | undefined, { outbox, pool }: Store): Outbox {
  if (fault !== "asks for the token anew") return outbox;
  const anew = async (lease: Lease): Promise<Lease> => {
    const { rows } = await pool.query<{ token: number }>(
      "select lease_token as token from lane where tenant_id = $1 and kind = $2 and id = $3",
      [lease.tenantId, lease.kind, lease.id],
    );
    return { ...lease, token: rows[0]?.token ?? lease.token };
  };
  return {
    ...outbox,
    keep: async (lease, kept, now) => await outbox.keep(await anew(lease), kept, now),
    advance: async (lease, step, now) => await outbox.advance(await anew(lease), step, now),
    release: async (lease, next, now) => await outbox.release(await anew(lease), next, now),
  };
}

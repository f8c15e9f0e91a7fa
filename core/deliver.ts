import { namesNobody } from "./erased.ts";
import { Failure } from "./errors.ts";
import { isolate } from "./meta/isolate.ts";
import { deadlineOf, limits } from "./meta/limits.ts";
import type { Destination } from "./meta/sender.ts";
import type { Delivery, Lease } from "./outbox.ts";
import type { DeliverPorts } from "./requests.ts";
import { Turn } from "./turn.ts";
import type { DatasetId, TenantId } from "./types.ts";

export type { DeliverPorts } from "./requests.ts";

/** A destination, and whose it is. */
export interface OwnDestination extends Destination {
  readonly tenantId: TenantId;
  readonly datasetId: DatasetId;
}

/**
 * Sends what waits in one dataset's lane, in its order, until nothing is left, the turn is over, or Meta makes it wait.
 *
 * @returns when the lane is due again, as `release` does
 * @throws Failure `not_allowed` when the lane is one's and the access another's: the last gate between two tenants
 */
export async function deliver(
  lease: Lease,
  destination: OwnDestination,
  ports: DeliverPorts,
): Promise<Date | undefined> {
  if (destination.tenantId !== lease.tenantId || destination.datasetId !== lease.id)
    throw new Failure("not_allowed", "events never leave with the access of another dataset");
  const { outbox, clock } = ports;
  const turn = new Turn(lease, destination, ports);
  while (turn.goesOn()) {
    const page = await outbox.read(lease, limits.batch);
    turn.begin(page);
    let waiting = page;
    let early: Delivery | undefined;
    while (!early && waiting.length > 0 && turn.goesOn()) {
      const { fate, front } = frontOf(waiting, turn.size, clock.now());
      if (fate === "early") [early] = front;
      else if (fate === "erased" || fate === "expired" || fate === "unconfirmed") await turn.giveUp(front, fate);
      else await isolate(front, (piece) => turn.attempt(piece));
      waiting = waiting.slice(front.length);
    }
    await turn.endOfPage();
    if (early) turn.rest(early.eventTime);
    // That was all there was; should more have come meanwhile, the release sees it.
    else if (page.length < limits.batch) turn.rest();
  }
  return await turn.release();
}

/**
 * What becomes of an event now. Too old, it would refuse its whole request; ahead of us, it waits until its time has come.
 * Perhaps taken already, it is sent `again` while Meta tells repeats apart: by itself, since what goes with it would share
 * its doubt.
 */
type Fate = "ready" | "again" | "early" | "erased" | "expired" | "unconfirmed";

function fateOf({ eventTime, payload, unsureSince }: Delivery, now: Date): Fate {
  if (namesNobody(payload)) return "erased";
  if (unsureSince && now.getTime() - unsureSince.getTime() > limits.unsureMs) return "unconfirmed";
  if (now > deadlineOf(eventTime)) return "expired";
  if (eventTime > now) return "early";
  return unsureSince ? "again" : "ready";
}

/** The front of those that wait that shares one fate and, if it is sent, fits into one request. */
function frontOf(waiting: readonly Delivery[], size: number, now: Date): { fate: Fate; front: readonly Delivery[] } {
  const [first] = waiting;
  const fate = first ? fateOf(first, now) : "ready";
  const sent = fate === "ready" || fate === "again";
  let bytes = 0;
  const end = waiting.findIndex((delivery, n) => {
    bytes += delivery.payload.length;
    return fateOf(delivery, now) !== fate || (n > 0 && sent && (n >= size || bytes > limits.batchBytes));
  });
  return { fate, front: end < 0 ? waiting : waiting.slice(0, end) };
}

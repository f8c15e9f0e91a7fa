import { Doubts } from "./doubts.ts";
import { isolate } from "./meta/isolate.ts";
import { deadlineOf, limits } from "./meta/limits.ts";
import type { Destination } from "./meta/sender.ts";
import type { DeadEvent, Delivery, Lease } from "./outbox.ts";
import type { BlockReason } from "./problems.ts";
import { type DeliverPorts, giveUp, note, type Reply, request, timed } from "./requests.ts";
import { nextTry } from "./retry.ts";

export type { DeliverPorts } from "./requests.ts";

/** Sends what waits in one dataset's lane, in its order, until nothing is left, the turn is over, or Meta makes it wait. */
export async function deliver(lease: Lease, destination: Destination, ports: DeliverPorts): Promise<void> {
  const { outbox, clock } = ports;
  let failures = lease.attempts;
  let requests = 0;
  const doubts = new Doubts(lease, ports);
  const allowed = (most: number): boolean =>
    requests < most && lease.until.getTime() - clock.now().getTime() > 1.5 * limits.requestMs;
  while (allowed(limits.requestsPerTurn)) {
    const size = batchSize(failures);
    const page = await outbox.read(lease, size);
    const [first] = page;
    if (!first) return await outbox.release(lease, {}, clock.now());
    const ripeness = ripenessOf(first, clock.now());
    const run = frontOf(page, (delivery) => ripenessOf(delivery, clock.now()) === ripeness);
    if (ripeness === "early") return await outbox.release(lease, { dueAt: first.eventTime }, clock.now());
    if (ripeness === "expired") {
      await giveUp(lease, run, "expired", ports);
      continue;
    }
    const stopped = await isolate(
      run,
      async (piece) => {
        requests += 1;
        return await request(lease, destination, piece, ports);
      },
      async (piece, reply, final) => {
        if (final) failures = 0;
        const doubted = final && (await doubts.about(piece, reply));
        await note(lease, piece, reply, final && !doubted, ports);
      },
      () => !doubts.many && allowed(limits.halvingPerTurn),
    );
    if (doubts.many) return await block(lease, "meta_unclear", lease.attempts + 1, ports);
    if (!stopped) await doubts.settle();
    if (stopped) return await giveBack(lease, destination, stopped, failures + 1, first.seq, ports);
    // That was all there was; should more have come meanwhile, the release sees it.
    if (run.length === page.length && page.length < size) return await outbox.release(lease, {}, clock.now());
  }
  await outbox.release(lease, { dueAt: clock.now() }, clock.now());
}

/** After several failures ever smaller batches, so that an event that makes Meta stumble ends up alone. */
const batchSize = (failures: number): number =>
  failures < limits.shrinkAfter ? limits.batch : Math.max(1, limits.batch >> (2 * (failures - limits.shrinkAfter + 1)));

/** An event that is too old refuses its whole request; one that lies a little ahead waits until its time has come. */
function ripenessOf({ eventTime }: Delivery, now: Date): "ready" | "early" | "expired" {
  if (now > deadlineOf(eventTime)) return "expired";
  return eventTime > now ? "early" : "ready";
}

/** The front of the page that is alike and fits into one request. */
function frontOf(page: readonly Delivery[], alike: (delivery: Delivery) => boolean): readonly Delivery[] {
  let bytes = 0;
  const end = page.findIndex((delivery) => {
    bytes += delivery.payload.length;
    return !alike(delivery) || bytes > limits.batchBytes;
  });
  return end < 0 ? page : page.slice(0, Math.max(1, end));
}

/** Nothing more is sent until a person has acted. */
async function block(lease: Lease, why: BlockReason, attempts: number, { outbox, clock }: DeliverPorts): Promise<void> {
  await outbox.release(lease, { paused: why, why, attempts }, clock.now());
}

/** The lane waits: until Meta is to be tried again, or until a person has mended what blocks it. */
async function giveBack(
  lease: Lease,
  destination: Destination,
  stopped: Reply,
  failures: number,
  firstSeq: number,
  ports: DeliverPorts,
): Promise<void> {
  const { outbox, clock, random } = ports;
  const [first, second] = await outbox.read(lease, 2);
  const now = clock.now();
  if (stopped.verdict === "accepted" || !first) return await outbox.release(lease, { dueAt: now }, now);
  if (stopped.verdict === "blocked") return await block(lease, stopped.why, failures, ports);
  if (stopped.verdict === "refused") {
    // The budget is spent. Without any progress the batches become smaller, so that the next turn gets further.
    const attempts = failures > 1 || first.seq === firstSeq ? Math.max(failures, limits.shrinkAfter) : 0;
    const dueAt = new Date(now.getTime() + limits.halvingPauseMs);
    return await outbox.release(lease, { dueAt, why: stopped.why, attempts }, now);
  }
  const tired = stopped.verdict === "retry" && stopped.suspect && failures > limits.giveUpAfter;
  if (tired && second && ripenessOf(second, now) === "ready" && !samePerson(first, second)) {
    const probe = await timed(destination, [second.payload], ports);
    const again = probe.verdict === "accepted" ? await timed(destination, [first.payload], ports) : probe;
    // Meta takes the one behind it and stumbles over this one once more: it is this one.
    if (probe.verdict === "accepted" && again.verdict === "retry")
      return await blame(lease, first, second, stopped, probe, ports);
    if (again.verdict === "accepted") {
      await note(lease, [first], again, true, ports);
      await note(lease, [second], probe, true, ports);
      return await outbox.release(lease, { dueAt: clock.now() }, clock.now());
    }
  }
  const notBefore = stopped.verdict === "retry" ? stopped.at : undefined;
  const dueAt = nextTry(now, failures, random, {
    deadline: deadlineOf(first.eventTime),
    ...(notBefore && { notBefore }),
  });
  await outbox.release(lease, { dueAt, attempts: failures, why: stopped.why }, now);
}

/** Whom the event is about: a probe must not overtake an earlier stage of the same lead. */
function samePerson(one: Delivery, other: Delivery): boolean {
  const person = /"user_data":\{[^}]*\}/.exec(one.payload)?.[0];
  return person !== undefined && other.payload.includes(person);
}

/** Meta stumbles over `first` again and again and takes the one behind it: `first` is what it stumbles over. */
async function blame(
  lease: Lease,
  first: Delivery,
  second: Delivery,
  { code, words, traceId }: Reply,
  probe: Reply,
  ports: DeliverPorts,
): Promise<void> {
  const about = { ...(code !== undefined && { code }), ...(words && { words }), ...(traceId && { traceId }) };
  const dead: DeadEvent = { seq: first.seq, reason: "refused_invalid", ...about };
  await ports.outbox.advance(lease, { cursor: first.seq, dead: [dead] }, ports.clock.now());
  await note(lease, [second], probe, true, ports);
  await ports.outbox.release(lease, { dueAt: ports.clock.now() }, ports.clock.now());
}

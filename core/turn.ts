import type { Sign } from "./breaker.ts";
import { Doubts } from "./doubts.ts";
import { withoutLeadId } from "./meta/event.ts";
import type { Left } from "./meta/isolate.ts";
import { deadlineOf, limits } from "./meta/limits.ts";
import type { Destination } from "./meta/sender.ts";
import type { Usage } from "./meta/usage.ts";
import type { Verdict } from "./meta/verdict.ts";
import type { Delivery, LaneReason, Lease, Release } from "./outbox.ts";
import type { BlockReason, RefusalReason } from "./problems.ts";
import { type DeliverPorts, note, type Reply, request, type Settled, settle } from "./requests.ts";
import { nextTry } from "./retry.ts";

/** One turn of a worker on a dataset's lane: what may still be asked, and how the lane goes on afterwards. */
export class Turn {
  readonly #lease: Lease;
  readonly #destination: Destination;
  readonly #ports: DeliverPorts;
  readonly #doubts = new Doubts();
  readonly #begunAt: number;
  /** In a row, those of earlier turns included. */
  #failures: number;
  #requests = 0;
  /** Something was settled by Meta's answer. */
  #moved = false;
  /** What batches are being halved for; `searching`: for an event that makes Meta stumble. */
  #halvedFor: LaneReason | undefined;
  #searching = false;
  #stumble: { readonly over: Delivery; readonly reply: Failed } | undefined;
  /** How long the lane is to give way because Meta's limit is near. */
  #easeMs = 0;
  #next: Release | undefined;

  constructor(lease: Lease, destination: Destination, ports: DeliverPorts) {
    this.#lease = lease;
    this.#destination = destination;
    this.#ports = ports;
    this.#failures = lease.attempts;
    this.#begunAt = ports.clock.now().getTime();
  }

  get isOver(): boolean {
    return this.#next !== undefined;
  }

  /** Events in the next request: ever fewer after several failures, should one of them, or their number, be the cause. */
  get size(): number {
    const steps = this.#failures - limits.shrinkAfter + 1;
    return steps > 0 ? Math.max(1, limits.batch >> (2 * steps)) : limits.batch;
  }

  /** Whether another batch may be begun. What is in doubt may be followed for as long as halving may take. */
  goesOn(): boolean {
    if (this.isOver) return false;
    if (this.#doubts.some) return this.#mayAskMore();
    const long = this.#ports.clock.now().getTime() - this.#begunAt >= limits.turnMs;
    if (this.#easeMs > 0) this.#endEased(this.#failures);
    else if (long || this.#requests >= limits.requestsPerTurn || !this.#hasTime())
      this.#end({ dueAt: this.#in(0), attempts: this.#failures });
    return !this.isOver;
  }

  /** These come next in the lane. */
  begin(page: readonly Delivery[]): void {
    this.#doubts.page(page);
  }

  /** Sends these and settles what the answer settles. */
  async attempt(piece: readonly Delivery[]): Promise<Left<Delivery>> {
    const ready = this.#doubts.ready(piece);
    const [first, second] = ready;
    if (!first) return [];
    if (!this.#mayAskMore() || !this.#mayAskMeta()) return "stop";
    this.#requests += 1;
    const reply = await request(this.#lease, this.#destination, ready, (verdict) => this.#sign(verdict), this.#ports);
    this.#easeMs = easeMsOf(reply.usage);
    if (reply.verdict === "accepted") return await this.#note(ready, reply, this.#doubts.taken(ready));
    if (reply.verdict === "refused") {
      this.#halvedFor = reply.why;
      if (second) return await this.#note(ready, reply, {}, ready);
      const spare = reply.why === "refused_lead_id" && withoutLeadId(first.payload);
      if (spare) return await this.#note(ready, reply, {}, [{ ...first, payload: spare }]);
      await this.#note(ready, reply, this.#doubts.refused(first, reply));
      if (this.#doubts.unclear) this.#block("meta_unclear");
    } else if (this.#isStumble(reply)) {
      this.#halvedFor = reply.why;
      this.#searching = true;
      if (second) return await this.#note(ready, reply, {}, ready);
      this.#stumble = { over: first, reply };
      this.#doubts.stumbled(first, reply);
      await this.#note(ready, reply, {});
      if (this.#doubts.stumbles >= this.#patience()) this.#backOff(first, reply);
    } else {
      await this.#note(ready, reply, {});
      if (reply.verdict === "blocked") this.#block(reply.why);
      else this.#backOff(first, reply);
    }
    return this.isOver ? "stop" : [];
  }

  /** These are not sent any more. */
  async giveUp(run: readonly Delivery[], reason: RefusalReason): Promise<void> {
    await this.#settle(this.#doubts.givenUp(run, reason));
  }

  /** Everything that was read is done: nobody is left to tell about those in doubt. */
  async endOfPage(): Promise<void> {
    if (this.isOver || !this.#doubts.some) return;
    if (this.#doubts.stumbles > 0 && this.#stumble) this.#backOff(this.#stumble.over, this.#stumble.reply);
    else await this.#settle(this.#doubts.rest());
  }

  /** Nothing is to be sent before `at`, or before something new comes. */
  rest(at?: Date): void {
    if (this.#easeMs > 0) this.#endEased(this.#failures, at);
    else this.#end(at ? { dueAt: at, attempts: this.#failures } : {});
  }

  /** Gives the lane back; tells when it is due again. */
  async release(): Promise<Date | undefined> {
    const { outbox, clock, tell } = this.#ports;
    const next = this.#next ?? {};
    const dueAt = await outbox.release(this.#lease, next, clock.now());
    if (next.why) tell({ fact: "waits", lane: "send", why: next.why });
    return dueAt;
  }

  async #note(
    piece: readonly Delivery[],
    reply: Reply,
    settled: Settled,
    left: readonly Delivery[] = [],
  ): Promise<Left<Delivery>> {
    this.#learn(settled, await note(this.#lease, piece, reply, settled, this.#ports));
    if (settled.cursor !== undefined) this.#failures = 0;
    return this.isOver ? "stop" : left;
  }

  async #settle(settled: Settled): Promise<void> {
    if (settled.cursor !== undefined) this.#learn(settled, await settle(this.#lease, settled, this.#ports));
  }

  #learn({ cursor }: Settled, { paused }: { readonly paused: boolean }): void {
    this.#moved ||= cursor !== undefined;
    if (paused) this.#end({});
  }

  /** Ends a search or a halving that has used up its share; the next turn goes on from where it came to. */
  #mayAskMore(): boolean {
    if (this.isOver) return false;
    const start = this.#searching ? limits.shrinkAfter - 1 : 0;
    // Without any progress the batches become smaller, so that the next turn gets further.
    const attempts = this.#moved ? start : Math.max(this.#failures + 1, limits.shrinkAfter);
    const why = this.#halvedFor && { why: this.#halvedFor };
    if (this.#easeMs > limits.usageSlowMs) this.#endEased(attempts);
    else if (this.#requests >= limits.halvingPerTurn)
      this.#end({ dueAt: this.#in(limits.halvingPauseMs), attempts, ...why });
    else if (!this.#hasTime()) this.#end({ dueAt: this.#in(0), attempts, ...why });
    return !this.isOver;
  }

  #mayAskMeta(): boolean {
    const dueAt = this.#ports.breakers.ask(this.#lease);
    if (dueAt) this.#end({ dueAt, attempts: this.#failures, why: "meta_breaker" });
    return !dueAt;
  }

  /** No request may outlive the lease. */
  #hasTime(): boolean {
    return this.#lease.until.getTime() - this.#ports.clock.now().getTime() > 1.5 * limits.requestMs;
  }

  /** After so many failures "unknown error" may be about one of the events. */
  #isStumble(verdict: Verdict): verdict is Extract<Verdict, { verdict: "retry" }> {
    return verdict.verdict === "retry" && verdict.suspect === true && this.#lease.attempts + 1 >= limits.shrinkAfter;
  }

  /** Lone events in a row after which it is Meta that is down: more each time, should there be so many side by side. */
  #patience(): number {
    const times = this.#moved ? Number.POSITIVE_INFINITY : 2 ** Math.max(0, this.#failures - limits.shrinkAfter);
    return Math.min(limits.mostDoubts, limits.doubts * times);
  }

  /** What the breakers are to make of a verdict: only faults of Meta's or the network's count, and a search is none. */
  #sign(verdict: Verdict): Sign {
    if (verdict.verdict === "accepted" || verdict.verdict === "refused") return "works";
    if (verdict.verdict === "unknown") return "fails";
    const fault = verdict.why === "meta_down" || verdict.why === "meta_unreachable";
    return fault && !this.#isStumble(verdict) ? "fails" : "neither";
  }

  /** The lane waits until Meta is to be tried again. */
  #backOff(first: Delivery, reply: Failed): void {
    const { clock, random, breakers } = this.#ports;
    if (this.#isStumble(reply)) breakers.heard(this.#lease, "fails");
    const attempts = this.#failures + 1;
    const asked = reply.verdict === "retry" ? reply.at : undefined;
    // Another answer of this turn may have told that the limit is near.
    const eased = this.#in(this.#easeMs);
    const notBefore = asked && asked > eased ? asked : eased;
    const deadline = deadlineOf(first.eventTime);
    const dueAt = nextTry(clock.now(), attempts, random, { deadline, notBefore });
    this.#end({ dueAt, attempts, why: reply.why });
  }

  /** Nothing more is sent until a person has acted. */
  #block(why: BlockReason): void {
    this.#end({ paused: why, why, attempts: this.#failures + 1 });
  }

  #endEased(attempts: number, at = new Date(0)): void {
    const eased = this.#in(this.#easeMs);
    this.#end({ dueAt: at > eased ? at : eased, attempts, why: "meta_usage" });
  }

  /** The first reason to end stands. */
  #end(next: Release): void {
    this.#next ??= next;
  }

  #in(ms: number): Date {
    return new Date(this.#ports.clock.now().getTime() + ms);
  }
}

type Failed = Exclude<Reply, { verdict: "accepted" }>;

/** How long a dataset gives way after an answer that tells how much of Meta's limits is used. */
function easeMsOf(usage: Usage | undefined): number {
  if (!usage) return 0;
  if (usage.restMs !== undefined) return usage.restMs;
  if (usage.percent >= limits.usageRest) return limits.usageRestMs;
  return usage.percent >= limits.usageSlow ? limits.usageSlowMs : 0;
}

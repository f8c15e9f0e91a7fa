import type { DeadEvent, Delivery, Lease } from "./outbox.ts";
import { type DeliverPorts, deadEvent, type Reply } from "./requests.ts";

/**
 * Lone events that Meta refused without naming what is wrong with them, before it took or understood any other of this turn: it
 * may be the whole request that it does not like. Three of them block the dataset instead of being given up.
 */
export class Doubts {
  readonly #lease: Lease;
  readonly #ports: DeliverPorts;
  #dead: DeadEvent[] = [];
  #trusted = false;

  constructor(lease: Lease, ports: DeliverPorts) {
    this.#lease = lease;
    this.#ports = ports;
  }
  get many(): boolean {
    return this.#dead.length >= 3;
  }
  /** Whether the verdict on this piece is in doubt; one that is not clears up those before it. */
  async about(piece: readonly Delivery[], reply: Reply): Promise<boolean> {
    const [only] = piece;
    if (!this.#trusted && only && reply.verdict === "refused" && reply.subcode === undefined) {
      this.#dead.push(deadEvent(only, reply));
      return true;
    }
    this.#trusted = true;
    await this.settle();
    return false;
  }
  /** Gives up the doubtful ones: somebody else was taken, or there is nobody else. */
  async settle(): Promise<void> {
    const dead = this.#dead.splice(0);
    const cursor = dead.at(-1)?.seq;
    if (cursor !== undefined) await this.#ports.outbox.advance(this.#lease, { cursor, dead }, this.#ports.clock.now());
  }
}

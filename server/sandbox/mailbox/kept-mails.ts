import { DurableMap } from "../durable-map.ts";
import { Waiting } from "../waiting.ts";
import type { ReceivedMail } from "./read-mail.ts";

const MOST = 500;

/** The newest mails, on disk before they are acknowledged. */
export class KeptMails {
  /** `null` holds the number of the newest once it is cleared. */
  readonly #map: DurableMap<ReceivedMail | null>;
  readonly #waiting = new Waiting();
  #last: number;

  constructor(path: string) {
    this.#map = new DurableMap(path);
    this.#last = Math.max(0, ...[...this.#map.keys()].map(Number));
  }

  get size(): number {
    return this.#all().length;
  }
  /** Number of the newest mail there ever was. */
  get last(): number {
    return this.#last;
  }

  add(mail: Omit<ReceivedMail, "n">): void {
    this.#last += 1;
    this.#map.set(String(this.#last), { n: this.#last, ...mail });
    for (const oldest of [...this.#map.keys()].slice(0, Math.max(0, this.#map.size - MOST))) this.#map.delete(oldest);
    this.#waiting.wake();
  }

  /** Newest first, those numbered above `after`. */
  newest(limit: number, after: number): readonly ReceivedMail[] {
    return this.#all()
      .filter(({ n }) => n > after)
      .toReversed()
      .slice(0, limit);
  }

  /** Resolves when a mail comes, or when the time is up. */
  more(waitMs: number): Promise<void> {
    return this.#waiting.more(waitMs);
  }

  /** Says how many there were. */
  clear(): number {
    const count = this.size;
    for (const key of [...this.#map.keys()].slice(0, -1)) this.#map.delete(key);
    if (count > 0) this.#map.set(String(this.#last), null);
    return count;
  }

  close(): void {
    this.#waiting.wake();
    this.#map.close();
  }

  #all(): readonly ReceivedMail[] {
    return [...this.#map.values()].filter((mail) => mail !== null);
  }
}

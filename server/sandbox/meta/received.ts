import { Waiting } from "../waiting.ts";
import { JsonText } from "./json-text.ts";
import { RecordFile } from "./record-file.ts";
import { Tally } from "./tally.ts";

/** One event as it arrived, and what Meta makes of it. */
export interface ReceivedEvent {
  /** Exactly the bytes of the element in the request's `data`. */
  readonly raw: string;
  readonly name: string;
  readonly leadEventSource: string | null;
  readonly eventId: string | null;
  /** Why it is visible but does not count as a Conversion Leads event. */
  readonly notCounted: string | null;
}

/** One request and its answer. Of a refused request no event is kept. */
export interface ReceivedRequest {
  readonly request: number;
  readonly receivedAt: string;
  readonly dataset: string;
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly code?: number;
  readonly subcode?: number;
  readonly testCode?: string;
  /** Taken and stored, but the answer never left. */
  readonly answerDropped?: true;
  /** Events in the request, whether taken or not. */
  readonly count: number;
}

/** `notes`: name, lead event source, event id and reason of each event, so that a restart can count without reading bodies. */
interface Head extends ReceivedRequest {
  readonly bytes: readonly number[];
  readonly notes: readonly (readonly [string, string | null, string | null, string | null])[];
}
interface Kept {
  readonly request: ReceivedRequest;
  /** Number of its first event; events are numbered from 1 over all requests. */
  readonly first: number;
  readonly bodiesAt: number;
  readonly bytes: readonly number[];
  readonly notCounted: readonly (string | null)[];
}

/** Everything Meta received, for good: event bodies on disk, their places in memory. */
export class Received {
  readonly tally = new Tally();
  readonly #kept: Kept[] = [];
  readonly #file: RecordFile<Head>;
  readonly #waiting = new Waiting();
  #events = 0;

  constructor(path: string) {
    this.#file = new RecordFile<Head>(path, (head, bodiesAt) => this.#remember(head, bodiesAt));
  }

  /** Number of the newest event. */
  get events(): number {
    return this.#events;
  }

  add(request: Omit<ReceivedRequest, "request">, events: readonly ReceivedEvent[]): void {
    const bodies = events.map((event) => Buffer.from(event.raw));
    const head: Head = {
      request: this.#kept.length + 1,
      ...request,
      bytes: bodies.map((body) => body.length),
      notes: events.map((event) => [event.name, event.leadEventSource, event.eventId, event.notCounted]),
    };
    this.#remember(head, this.#file.append(head, bodies));
    if (events.length > 0) this.#waiting.wake();
  }

  /** Resolves when an event comes, or when the time is up. */
  more(waitMs: number): Promise<void> {
    return this.#waiting.more(waitMs);
  }

  /** Events numbered above `after`, oldest first; each verbatim, or as a string of its text. */
  read(after: number, limit: number, asText = false): JsonText {
    const texts: string[] = [];
    for (let i = this.#holding(after + 1); i < this.#kept.length && texts.length < limit; i += 1) {
      const kept = this.#kept[i];
      if (!kept || kept.bytes.length === 0) continue;
      const skip = Math.max(0, after + 1 - kept.first);
      const bytes = kept.bytes.slice(skip, skip + limit - texts.length);
      let at = kept.bytes.slice(0, skip).reduce((sum, length) => sum + length + 1, 0);
      const bodies = this.#file.read(
        kept.bodiesAt + at,
        bytes.reduce((sum, length) => sum + length + 1, 0),
      );
      at = 0;
      for (const [k, length] of bytes.entries()) {
        const head = JSON.stringify({
          n: kept.first + skip + k,
          request: kept.request.request,
          dataset: kept.request.dataset,
          receivedAt: kept.request.receivedAt,
          test: kept.request.testCode !== undefined,
          notCounted: kept.notCounted[skip + k] ?? null,
        });
        const raw = bodies.toString("utf8", at, at + length);
        texts.push(`${head.slice(0, -1)},"event":${asText ? JSON.stringify(raw) : raw}}`);
        at += length + 1;
      }
    }
    return new JsonText(`{"events":[${texts.join(",")}],"next":${Math.min(after, this.#events) + texts.length}}`);
  }

  /** Requests numbered above `after`, oldest first; without it the newest. */
  requests(after: number | undefined, limit: number): { requests: readonly ReceivedRequest[]; next: number } {
    const from = after ?? Math.max(0, this.#kept.length - limit);
    const requests = this.#kept.slice(from, from + limit).map((kept) => kept.request);
    return { requests, next: Math.min(from, this.#kept.length) + requests.length };
  }

  close(): void {
    this.#waiting.wake();
    this.#file.close();
  }

  #remember({ bytes, notes, ...request }: Head, bodiesAt: number): void {
    const notCounted = notes.map(([, , , reason]) => reason);
    this.#kept.push({ request, first: this.#events + 1, bodiesAt, bytes, notCounted });
    this.#events += bytes.length;
    for (const [name, source, id, reason] of notes) this.tally.add(request, name, source, id, reason);
  }

  /** Index of the request that holds event number `n`. */
  #holding(n: number): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const kept = this.#kept[middle];
      if (kept && kept.first + kept.bytes.length <= n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

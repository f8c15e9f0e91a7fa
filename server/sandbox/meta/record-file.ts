import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * An append-only file of records: one line of JSON (the head), then the bodies it announces in `bytes`, one a line. A record
 * is written before `append` returns; at opening a record torn by a killed process is cut off, and only heads are read.
 */
export class RecordFile<Head extends { readonly bytes: readonly number[] }> {
  readonly #file: number;
  #size: number;

  /** `each` is told every head and where its bodies begin. */
  constructor(path: string, each: (head: Head, bodiesAt: number) => void) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, "a+");
    const size = fstatSync(this.#file).size;
    let at = 0;
    while (at < size) {
      const line = this.#lineAt(at, size);
      if (line === undefined) break;
      const head = JSON.parse(line.toString("utf8")) as Head;
      const bodiesAt = at + line.length + 1;
      const end = head.bytes.reduce((sum, length) => sum + length + 1, bodiesAt);
      if (end > size) break;
      each(head, bodiesAt);
      at = end;
    }
    if (at < size) ftruncateSync(this.#file, at);
    this.#size = at;
  }

  /** Says where the bodies begin. */
  append(head: Head, bodies: readonly Buffer[]): number {
    const newline = Buffer.from("\n");
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    const record = Buffer.concat([line, ...bodies.flatMap((body) => [body, newline])]);
    try {
      for (let done = 0; done < record.length; ) done += writeSync(this.#file, record, done);
    } catch (error) {
      ftruncateSync(this.#file, this.#size); // a full disk: half a record would hide all that follow
      throw error;
    }
    const bodiesAt = this.#size + line.length;
    this.#size += record.length;
    return bodiesAt;
  }

  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const got = readSync(this.#file, bytes, done, length - done, at + done);
      if (got === 0) throw new Error("the file of received events is shorter than it was");
      done += got;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#file);
  }

  #lineAt(at: number, size: number): Buffer | undefined {
    for (let length = 4096; ; length *= 4) {
      const bytes = this.read(at, Math.min(length, size - at));
      const end = bytes.indexOf(10);
      if (end !== -1) return bytes.subarray(0, end);
      if (bytes.length === size - at) return undefined;
    }
  }
}

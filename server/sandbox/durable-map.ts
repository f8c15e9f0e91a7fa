import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * A map that outlives its process: every change is appended to a file of JSON lines before it is acknowledged, and the file
 * is rewritten at opening when most of its lines are outdated. Survives kill -9; a torn last line is dropped.
 */
export class DurableMap<Value> {
  readonly #values = new Map<string, Value>();
  readonly #file: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    let lines = 0;
    if (existsSync(path))
      for (const line of readFileSync(path, "utf8").split("\n")) {
        const change = parse<Value>(line);
        if (!change) continue;
        lines += 1;
        if (change.length === 1) this.#values.delete(change[0]);
        else this.#values.set(change[0], change[1]);
      }
    const compact = [...this.#values].map((change) => `${JSON.stringify(change)}\n`).join("");
    if (lines > 2 * this.#values.size + 1000 || lines === 0) {
      writeFileSync(`${path}.new`, compact);
      renameSync(`${path}.new`, path);
    }
    this.#file = openSync(path, "a");
    writeSync(this.#file, lines === 0 ? "" : "\n"); // ends a torn line
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }
  has(key: string): boolean {
    return this.#values.has(key);
  }
  get size(): number {
    return this.#values.size;
  }
  keys(): MapIterator<string> {
    return this.#values.keys();
  }
  values(): MapIterator<Value> {
    return this.#values.values();
  }

  set(key: string, value: Value): Value {
    return this.setAll([[key, value]])[0] as Value;
  }

  setAll(entries: readonly (readonly [string, Value])[]): readonly Value[] {
    if (entries.length > 0) writeSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    for (const [key, value] of entries) this.#values.set(key, value);
    return entries.map(([, value]) => value);
  }

  delete(key: string): void {
    if (!this.#values.has(key)) return;
    writeSync(this.#file, `${JSON.stringify([key])}\n`);
    this.#values.delete(key);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function parse<Value>(line: string): [string] | [string, Value] | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as [string] | [string, Value];
  } catch {
    return undefined; // the last line of a killed process
  }
}

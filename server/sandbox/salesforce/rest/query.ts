import { randomBytes } from "node:crypto";
import { DurableMap } from "../../durable-map.ts";
import { type Answer, json } from "../answer.ts";
import { malformed, RestError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import type { Fields } from "../org/org.ts";
import { ownObject } from "../org/schema.ts";
import type { Reach } from "../org/tables.ts";
import { findColumn } from "../soql/columns.ts";
import { evaluate } from "../soql/evaluate.ts";
import { parseSoql } from "../soql/parse.ts";
import { DAY } from "../times.ts";
import { renderRecord } from "./records.ts";

/** The rest of a long answer: which records, and how they were asked for. */
interface Cursor {
  readonly soql: string;
  readonly object: string;
  readonly ids: readonly string[];
  readonly batch: number;
  readonly madeAt: number;
}
/** Help 000384958: a locator can be used for two days. */
const CURSOR_LIFE = 2 * DAY;
const WIDEST = 2000;

export class Queries {
  readonly #instance: Instance;
  readonly #cursors: DurableMap<Cursor>;

  constructor(instance: Instance, path: string) {
    this.#instance = instance;
    this.#cursors = new DurableMap(path);
  }

  /** `batchSize` of 200 to 2,000 is a hint in the header Sforce-Query-Options. */
  run(version: string, soql: string | null, reach: Reach, options: string | undefined): Answer {
    if (!soql) throw malformed("A query string has to be specified");
    const query = parseSoql(soql);
    const { object, columns, rows } = evaluate(this.#instance, query, reach);
    if (query.select === "count") return json({ totalSize: rows.length, done: true, records: [] });
    const batch = batchSize(options);
    const page = rows.slice(0, batch);
    const records = page.map((row) => renderRecord(this.#instance, version, object.name, columns, row));
    if (rows.length <= batch) return json({ totalSize: rows.length, done: true, records });
    const ids = rows.map((row) => String(row.Id));
    const locator = this.#keep({ soql, object: object.name, ids, batch, madeAt: this.#instance.now() });
    const nextRecordsUrl = nextUrl(version, locator, batch);
    return json({ totalSize: rows.length, done: false, nextRecordsUrl, records });
  }

  /** `0r8…-2000`: the cursor and how many records were read already. */
  more(version: string, locator: string): Answer {
    const [name = "", start = ""] = locator.split("-");
    const cursor = this.#cursors.get(name);
    const from = Number(start);
    const isStale = !cursor || cursor.madeAt + CURSOR_LIFE < this.#instance.now();
    if (isStale || !/^\d+$/.test(start) || from >= cursor.ids.length)
      throw new RestError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    const query = parseSoql(cursor.soql);
    const table = ownObject(cursor.object);
    const paths = query.select === "count" ? [] : query.select;
    const columns = paths.map((path) => findColumn(this.#instance, query, table, path));
    const to = from + cursor.batch;
    const rows = cursor.ids.slice(from, to).flatMap((id): Fields[] => {
      const row = this.#instance.org.find(id, this.#instance.now());
      return row ? [row] : []; // erased since
    });
    const records = rows.map((row) => renderRecord(this.#instance, version, cursor.object, columns, row));
    const totalSize = cursor.ids.length;
    if (to >= totalSize) return json({ totalSize, done: true, records });
    return json({ totalSize, done: false, nextRecordsUrl: nextUrl(version, name, to), records });
  }

  close(): void {
    this.#cursors.close();
  }

  #keep(cursor: Cursor): string {
    for (const name of [...this.#cursors.keys()]) {
      const madeAt = this.#cursors.get(name)?.madeAt ?? 0;
      if (madeAt + CURSOR_LIFE < cursor.madeAt) this.#cursors.delete(name);
    }
    const name = `0r8${randomBytes(8).toString("hex")}`;
    this.#cursors.set(name, cursor);
    return name;
  }
}

const nextUrl = (version: string, locator: string, from: number): string =>
  `/services/data/${version}/query/${locator}-${from}`;

function batchSize(options: string | undefined): number {
  const [, size] = /batchSize=(\d+)/i.exec(options ?? "") ?? [];
  return size === undefined ? WIDEST : Math.min(WIDEST, Math.max(200, Number(size)));
}

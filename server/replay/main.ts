import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Row, readCsv } from "../../connectors/http/csv.ts";
import { readJson, readNdjson } from "../../connectors/http/json.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import { failures } from "../../core/problems.ts";
import { readConfig } from "../config.ts";
import { account, duplicateRow, explained, pushedBefore, type RowOutcome, unreadable } from "./account.ts";
import { createBar } from "./bar.ts";
import { outcomes, push } from "./push.ts";
import { findTarget, type Target } from "./target.ts";

const usage = `npm run replay -- <file.csv|.json|.ndjson> [options]

Feeds a file of stage changes through the in-house connector, waits until each is settled, and prints the account.

  --map column=field   read this column as that field (may be given several times)
  --explain row        say what became of this row in the last replay of the file, and stop
  --wait seconds       how long to wait for what is still on its way (600)
  --url, --key         another server, and its ingest key (default: the one of DATA_DIR)`;

const batchRows = 500;
const batchBytes = 900_000;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      map: { type: "string", multiple: true, default: [] },
      explain: { type: "string" },
      wait: { type: "string", default: "600" },
      url: { type: "string" },
      key: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [file] = positionals;
  if (!file || values.help) {
    console.log(usage);
    process.exit(values.help ? 0 : 2);
  }
  const dataDir = resolve(readConfig(process.env).DATA_DIR);
  const record = join(dataDir, "replay", `${basename(file)}.outcomes.json`);
  if (values.explain !== undefined) explain(record, Number(values.explain));
  else {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Failure("input_invalid", `${file} is not a file`);
    const { url, key } = values;
    const target = url && key ? { url, key, stop: async () => {} } : await findTarget(dataDir, console.log);
    try {
      const rows = await replay(file, mapOf(values.map), target, Number(values.wait) * 1000);
      mkdirSync(join(dataDir, "replay"), { recursive: true });
      writeFileSync(record, JSON.stringify(rows));
      console.log(account(rows).join("\n"));
      console.log(`\nWhat became of one row: npm run replay -- ${file} --explain <row>`);
    } finally {
      await target.stop();
    }
  }
} catch (error) {
  const wrongArguments =
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (!isFailure(error) && !wrongArguments) throw error;
  console.error(error.message);
  console.error(isFailure(error) ? failures[error.code].fix : `\n${usage}`);
  process.exitCode = 1;
}

function explain(record: string, row: number): void {
  if (!statSync(record, { throwIfNoEntry: false }))
    throw new Failure("input_invalid", "this file has not been replayed here yet");
  const found = (JSON.parse(readFileSync(record, "utf8")) as RowOutcome[]).find((outcome) => outcome.row === row);
  if (!found) throw new Failure("input_invalid", `no row ${row} was read; a CSV file's header is row 1`);
  console.log(explained(found));
}

function mapOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, column, field] = /^(.+)=(\w+)$/.exec(pair) ?? [];
      if (!column || !field) throw new Failure("input_invalid", `--map ${pair}: write --map column=field`);
      return [column, field];
    }),
  );
}

async function replay(
  file: string,
  map: Readonly<Record<string, string>>,
  target: Target,
  waitMs: number,
): Promise<readonly RowOutcome[]> {
  const settled: RowOutcome[] = [];
  const open = new Map<string, number>();
  await pushAll(file, map, target, settled, open);
  await settleAll(target, settled, open, waitMs);
  return settled.sort((a, b) => a.row - b.row);
}

/** First half: every row to the server, in order. `open` holds what it took, by id. */
async function pushAll(
  file: string,
  map: Readonly<Record<string, string>>,
  target: Target,
  settled: RowOutcome[],
  open: Map<string, number>,
): Promise<void> {
  const stream = createReadStream(file);
  const bar = createBar("Pushing ", statSync(file).size);
  let rows = 0;
  const flush = async (batch: readonly { row: number; raw: unknown }[]): Promise<void> => {
    if (batch.length === 0) return;
    for (const item of await push(
      target,
      batch.map(({ raw }) => raw),
    )) {
      const row = batch[item.index]?.row ?? 0;
      const [error] = item.status === "rejected" ? item.errors : [];
      if (item.status === "rejected")
        settled.push(unreadable(row, error?.code ?? "rejected", `${error?.path}: ${error?.message}`));
      else if (item.status === "accepted") open.set(item.id, row);
      else settled.push(open.has(item.id) ? duplicateRow(row, item.id) : pushedBefore(row, item.id));
    }
    rows += batch.length;
    bar.update(stream.bytesRead, rows);
  };
  let batch: { row: number; raw: unknown }[] = [];
  let bytes = 0;
  for await (const read of rowsOf(file, stream, map)) {
    if ("error" in read) {
      settled.push(unreadable(read.row, read.error.code, read.error.message));
      continue;
    }
    const size = JSON.stringify(read.raw).length * 3;
    if (batch.length === batchRows || bytes + size > batchBytes) {
      await flush(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(read);
    bytes += size;
  }
  await flush(batch);
  bar.stop();
}

/** Second half: ask until each row is accepted, refused or not sent, or the time is up. */
async function settleAll(
  target: Target,
  settled: RowOutcome[],
  open: Map<string, number>,
  waitMs: number,
): Promise<void> {
  const total = open.size;
  const bar = createBar("Settling", total);
  const giveUpAt = performance.now() + waitMs;
  while (open.size > 0) {
    const late = performance.now() > giveUpAt;
    for (const ids of chunks([...open.keys()], 1000))
      for (const [id, outcome] of Object.entries(await outcomes(target, ids))) {
        const row = open.get(id);
        const onItsWay = outcome.state === "pending" || outcome.state === "waiting";
        if (row === undefined || (onItsWay && !late)) continue;
        settled.push({ row, id, ...outcome });
        open.delete(id);
      }
    bar.update(total - open.size, total - open.size);
    // An id that the server no longer knows is on its way as far as we can tell: the account must not fall short.
    if (late) for (const [id, row] of open) settled.push({ row, id, state: "waiting" });
    if (late) break;
    if (open.size > 0) await wait(200);
  }
  bar.stop();
}

function rowsOf(
  file: string,
  stream: AsyncIterable<Buffer>,
  map: Readonly<Record<string, string>>,
): AsyncIterable<Row<unknown>> {
  const kind = extname(file).toLowerCase();
  if (kind === ".json") return readJson(stream);
  if (kind === ".ndjson" || kind === ".jsonl") return readNdjson(stream);
  if (kind === ".csv" || kind === ".tsv" || kind === ".txt") return readCsv(stream, { map });
  throw new Failure("input_invalid", `${basename(file)}: give a .csv, .json or .ndjson file`);
}

function* chunks<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

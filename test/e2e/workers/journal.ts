import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** What a worker process did, in the order in which it happened over all processes: lines are appended whole. */
export type Line = { readonly at: number; readonly pid: number } & (
  | { readonly what: "claimed"; readonly lane: string; readonly token: number }
  /** A write under a token: begun, and then done or refused. What was killed in between has neither. */
  | {
      readonly what: "begins" | "done" | "void";
      readonly write: string;
      readonly lane: string;
      readonly token: number;
    }
  /** Came to a named point and killed or stopped itself there. */
  | { readonly what: "crashes" | "stops" | "goes on"; readonly point: string }
);
type Entry<One = Line> = One extends Line ? Omit<One, "at" | "pid"> : never;

export const writeLine =
  (path: string) =>
  (entry: Entry): void =>
    appendFileSync(path, `${JSON.stringify({ at: Date.now(), pid: process.pid, ...entry })}\n`);
export type Write = ReturnType<typeof writeLine>;

export function readJournal(path: string): readonly Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1) // after the last line end there is nothing, or a line that is being written
    .map((line) => JSON.parse(line) as Line);
}

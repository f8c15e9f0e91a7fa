import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type CsvCell, csvBom, csvLine } from "../csv/csv.ts";
import type { LimitKind } from "../sign-in/limits.ts";
import type { Role } from "../sign-in/roles.ts";
import { type ApiParts, type Call, callOf } from "./api-route.ts";
import type { Route } from "./route.ts";

/** A table to be downloaded, row by row as it is read. */
export interface CsvFile {
  /** Of the file, without its ending: letters, digits and dashes. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: AsyncIterable<readonly CsvCell[]>;
}

interface CsvRoute<Who extends Role, Query> {
  /** Ends with `.csv`. */
  readonly path: string;
  readonly who: Who;
  readonly summary: string;
  readonly limit?: LimitKind;
  readonly query?: z.ZodType<Query>;
  readonly handle: (call: Call<Query, undefined>) => Promise<CsvFile>;
}

/** A download of the API. What fails on the way breaks the connection off: half a file never looks like a whole one. */
export function csvRoute<const Who extends Role, Query>(
  { path, who, summary, limit, query, handle }: CsvRoute<Who, Query>,
  { clock, log }: Pick<ApiParts, "clock" | "log">,
): Route {
  return {
    method: "get",
    path: `/api/v1${path}`,
    who,
    ...(limit && { limit }),
    api: { answer: z.string(), as: "text/csv", summary, ...(query && { query }) },
    handle: async (request, response) => {
      const call = callOf<Role, Query, undefined>(request, response, { query }, clock.now());
      const { name, head, rows } = await handle(call);
      response.setHeader("cache-control", "no-store");
      response.setHeader("content-type", "text/csv; charset=utf-8");
      response.setHeader("content-disposition", `attachment; filename="${name}.csv"`);
      await pipeline(Readable.from(lines(head, rows)), response).catch((error: unknown) => {
        const { code, name: kind } = error as NodeJS.ErrnoException;
        // Whoever called went away: nobody needs to hear of it.
        if (code !== "ERR_STREAM_PREMATURE_CLOSE") log.error(`GET ${path} broke off: ${code ?? kind}`);
      });
    },
  };
}

async function* lines(head: CsvFile["head"], rows: CsvFile["rows"]): AsyncIterable<string> {
  yield csvBom + csvLine(head);
  for await (const row of rows) yield csvLine(row);
}

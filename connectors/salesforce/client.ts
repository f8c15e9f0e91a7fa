import { Connection } from "jsforce/lib/connection.js";
import { Transport } from "jsforce/lib/transport.js";
import type { HttpRequest as SdkRequest, HttpResponse as SdkResponse } from "jsforce/lib/types/common.js";
import { StreamPromise } from "jsforce/lib/util/promise.js";
import { createLazyStream } from "jsforce/lib/util/stream.js";
import { z } from "zod";
import type { Access } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { HttpAnswer } from "../../core/ports.ts";
import { errorCodeOf, exactIntegers, failureOf } from "./answer.ts";
import { type Query, soql, text } from "./soql.ts";

/** Winter '27, the newest that this was written for; an older org is asked which it knows. */
const newestVersion = 68;
export const pageSize = 2000;

/** Describes an object as the connected user may see it. */
interface Description {
  readonly fields: readonly { readonly name: string; readonly label: string; readonly type: string }[];
}
interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}
export interface Client {
  /** One page. `all` also gives deleted and merged records (queryAll); `setup` asks how the org is set up (Tooling API). */
  page<Row>(query: Query, row: z.ZodType<Row>, of?: "all" | "setup"): Promise<Rows<Row>>;
  /** Every row, in order of its Id. */
  rows<Row extends { readonly Id: string }>(query: Query, row: z.ZodType<Row>): Promise<readonly Row[]>;
  count(query: Omit<Query, "fields">): Promise<number>;
  describe(sobject: string): Promise<Description>;
  /** Salesforce's own time at its last answer; ours where it is earlier. */
  readonly now: Date;
}

const queryResult = z.object({ totalSize: z.number(), done: z.boolean().default(true), records: z.array(z.unknown()) });
const description = z.object({ fields: z.array(z.object({ name: z.string(), label: z.string(), type: z.string() })) });
const versions = z.array(z.object({ version: z.string().regex(/^\d{2,3}\.0$/) }));

/** What it takes to reach an org. */
export type Reach = Pick<Access<unknown>, "baseUrl" | "fetch" | "token" | "clock">;

/**
 * The only place that knows jsforce. It builds requests and reads answers; the bytes, tokens, limits and errors are ours, since
 * its own transport follows redirects with the token, retries for 15 seconds, and keeps one dispatcher for all accounts. A client
 * lives as long as one call of the connector.
 */
export function openClient(access: Reach): Client {
  const connection = new Connection({ instanceUrl: access.baseUrl, version: `${newestVersion}.0`, logLevel: "NONE" });
  const descriptions = new Map<string, Promise<Description>>();
  let vendorNow: Date | undefined;
  let versionAgreed = false;

  const fetch = async (url: string, request: SdkRequest): Promise<HttpAnswer> => {
    const headers = { ...request.headers, accept: "application/json", authorization: `Bearer ${await access.token()}` };
    const body = typeof request.body === "string" ? { body: request.body } : {};
    const method = request.method === "POST" ? "POST" : "GET";
    return access.fetch({ method, url, headers, ...body });
  };

  const exchange = async (request: SdkRequest): Promise<SdkResponse> => {
    let answer = await fetch(request.url, request);
    // A version that the org does not know is 404, like any other unknown path.
    if (answer.status === 404 && !versionAgreed) {
      const before = connection._baseUrl();
      connection.version = await agreeOnVersion(
        await fetch(`${access.baseUrl}/services/data/`, { ...request, method: "GET" }),
      );
      if (connection._baseUrl() !== before)
        answer = await fetch(request.url.replace(before, connection._baseUrl()), request);
    }
    const failure = failureOf(answer, access.clock);
    if (failure) throw failure;
    versionAgreed = true;
    const date = new Date(answer.headers.date ?? Number.NaN);
    vendorNow = Number.isNaN(date.getTime()) ? vendorNow : date;
    return { statusCode: answer.status, headers: { ...answer.headers }, body: json(answer.text) };
  };

  const agreeOnVersion = async (answer: HttpAnswer): Promise<string> => {
    const failure = failureOf(answer, access.clock);
    if (failure) throw failure;
    const listed = parse(versions, JSON.parse(json(answer.text)), "versions").map(({ version }) => Number(version));
    versionAgreed = true;
    const best = Math.max(...listed.filter((version) => version <= newestVersion));
    if (!Number.isFinite(best)) throw new Failure("crm_schema", "no version in common");
    return `${best}.0`;
  };

  connection._transport = new AccessTransport(exchange);

  const ask = async (query: Query, of?: "all" | "setup"): Promise<z.output<typeof queryResult>> => {
    const answer: unknown = await guarded(() =>
      of === "setup"
        ? connection.requestGet(`/tooling/query?q=${encodeURIComponent(soql(query))}`)
        : connection.query(soql(query), { scanAll: of === "all", autoFetch: false, maxFetch: pageSize }),
    );
    return parse(queryResult, answer, query.from);
  };

  const page: Client["page"] = async (query, row, of) => {
    const limit = query.limit ?? pageSize;
    const { records, done } = await ask({ ...query, limit }, of);
    // Wide rows make batches smaller than asked: then `done` is false and the next page starts after the last row.
    return { rows: parse(z.array(row), records, query.from), more: !done || records.length >= limit };
  };

  return {
    page,
    async rows(query, row) {
      const found = [];
      for (let last: string | undefined; ; ) {
        const where = [...(query.where ?? []), ...(last === undefined ? [] : [`Id > ${text(last)}`])];
        const { rows, more } = await page({ ...query, where, orderBy: ["Id"] }, row);
        found.push(...rows);
        last = rows.at(-1)?.Id;
        if (!more || last === undefined) return found;
      }
    },
    count: async (query) => (await ask({ ...query, fields: [] }, "all")).totalSize,
    describe(sobject) {
      const known =
        descriptions.get(sobject) ??
        guarded(() => connection.describe(sobject)).then((answer: unknown) => parse(description, answer, sobject));
      descriptions.set(sobject, known);
      return known;
    },
    get now() {
      const ours = access.clock.now();
      return vendorNow && vendorNow < ours ? vendorNow : ours;
    },
  };
}

/** Runs a query with optional fields: those that the connected user may not see, or that do not exist, are left out. */
export async function withVisibleFields<Answer>(
  client: Client,
  sobject: string,
  optional: readonly string[],
  run: (visible: readonly string[]) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await run(optional);
  } catch (error) {
    if (errorCodeOf(error) !== "INVALID_FIELD") throw error;
    const { fields } = await client.describe(sobject);
    const names = new Set(fields.map(({ name }) => name.toLowerCase()));
    return run(optional.filter((name) => names.has(name.toLowerCase())));
  }
}

class AccessTransport extends Transport {
  readonly #exchange: (request: SdkRequest) => Promise<SdkResponse>;

  constructor(exchange: (request: SdkRequest) => Promise<SdkResponse>) {
    super();
    this.#exchange = exchange;
  }
  override httpRequest(request: SdkRequest): StreamPromise<SdkResponse> {
    return StreamPromise.create(() => ({ stream: createLazyStream().stream, promise: this.#exchange(request) }));
  }
}

function json(body: string): string {
  try {
    return exactIntegers(body);
  } catch (cause) {
    throw new Failure("crm_unavailable", "broken JSON", { cause: (cause as Error).name });
  }
}

/** What jsforce throws of its own accord means that it did not find what it expected in an answer. */
async function guarded<Answer>(call: () => PromiseLike<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("crm_schema", "an answer of an unknown form", { cause: (error as Error).name });
  }
}

function parse<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Failure("crm_schema", `${what} ${issue?.path.join(".") ?? ""} ${issue?.code ?? ""}`.trim());
}

import { Agent, type Dispatcher, errors, request } from "undici";
import { Failure } from "../../core/errors.ts";
import type { Fetch, HttpAnswer, HttpRequest } from "../../core/ports.ts";

export interface TransportOptions {
  /** May this host be called? Lower case, no port. */
  readonly hosts: readonly RegExp[];
  /** Origins that may be called although they are neither https nor in `hosts`: the sandbox's, and nothing else. */
  readonly trustedOrigins?: readonly string[];
  /** The whole exchange, connecting included. */
  readonly timeoutMs: number;
  /** Largest answer body. */
  readonly maxBytes: number;
}

/** One pool of connections for all calls of a process. */
export const createAgent = (): Agent =>
  new Agent({ connect: { timeout: 3_000 }, connections: 64, pipelining: 1, keepAliveTimeout: 30_000 });

/**
 * The only way out: a fetch that goes to the named hosts over https and nowhere else, follows no redirect, and has time and
 * size limits. Answers of any status are values; see `Fetch` for what is thrown.
 */
export function createFetch(agent: Dispatcher, options: TransportOptions): Fetch {
  return async ({ method, url, headers, body }) => {
    const target = allowed(url, options);
    try {
      const answer = await request(target, {
        method,
        headers,
        dispatcher: agent,
        signal: AbortSignal.timeout(options.timeoutMs),
        ...(body !== undefined && { body }),
      });
      return {
        status: answer.statusCode,
        headers: flat(answer.headers),
        text: await text(answer.body, options.maxBytes),
      } satisfies HttpAnswer;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(neverLeft(error) ? "network_unreachable" : "network_no_answer", target.hostname, {
        cause: error,
      });
    }
  };
}

/** @throws Failure `host_not_allowed` */
function allowed(url: HttpRequest["url"], { hosts, trustedOrigins = [] }: TransportOptions): URL {
  const target = URL.parse(url);
  if (!target) throw new Failure("host_not_allowed", "not an address");
  const { protocol, hostname, port, username, password } = target;
  const vendors = protocol === "https:" && port === "" && hosts.some((host) => host.test(hostname));
  const ours = /^https?:$/.test(protocol) && trustedOrigins.includes(target.origin);
  if (username || password || !(vendors || ours)) throw new Failure("host_not_allowed", hostname);
  return target;
}

/** Whether the request certainly did not reach the other side. */
function neverLeft(error: unknown): boolean {
  if (error instanceof errors.ConnectTimeoutError) return true;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "CERT_HAS_EXPIRED"].includes(
    String(code),
  );
}

async function text(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Failure("network_no_answer", `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}

import { type Dispatcher, errors, request } from "undici";
import { Failure } from "../../core/errors.ts";
import type { Fetch, HttpAnswer, HttpRequest } from "../../core/ports.ts";
import { deeperThan } from "./depth.ts";

export { createAgent } from "./agent.ts";

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

/** Lists and objects inside one another, in an answer: no vendor's has a third of these. */
const deepest = 50;

/**
 * The only way out: a fetch that goes to the named hosts over https and nowhere else, follows no redirect, and has limits of
 * time, size and depth. Which addresses a host may have is the agent's to say. Answers of any status are values; see `Fetch`
 * for what is thrown.
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
        text: await text(answer, options.maxBytes),
      } satisfies HttpAnswer;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(neverLeft(error) ? "network_unreachable" : "network_no_answer", target.hostname, {
        cause: error,
      });
    }
  };
}

type Reachable = Pick<TransportOptions, "hosts" | "trustedOrigins">;

/** Whether an address that came from outside may be called: the same rule as for each call. */
export function isAllowed(url: string, reachable: Reachable): boolean {
  try {
    return allowed(url, reachable) instanceof URL;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** @throws Failure `host_not_allowed` */
function allowed(url: HttpRequest["url"], { hosts, trustedOrigins = [] }: Reachable): URL {
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

async function text({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  // Nobody asked for it, and what is small when packed may be endless when unpacked.
  if (![undefined, "", "identity"].includes(headers["content-encoding"]?.toString()))
    throw refused(body, "the answer is compressed");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Failure("network_no_answer", `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const told = Buffer.concat(chunks).toString("utf8");
  if (/^\s*[[{]/.test(told) && deeperThan(told, deepest))
    throw new Failure("network_no_answer", `the answer is nested deeper than ${deepest} levels`);
  return told;
}

function refused(body: Dispatcher.ResponseData["body"], why: string): Failure {
  body.on("error", () => {}).destroy(); // hangs up; what it says to that is known
  return new Failure("network_no_answer", why);
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}

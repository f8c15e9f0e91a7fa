import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody, sendJson, sendText } from "./http.ts";
import { JsonText } from "./meta/json-text.ts";
import { sendPage } from "./page.ts";
import type { Part, Simulator } from "./simulator.ts";

/** Actions that only look; the others change something and need POST. */
const READING: ReadonlySet<string> = new Set([
  "recent",
  "history",
  "events",
  "requests",
  "summary",
  "state",
  "pipelines",
]);
/** Actions whose last input is shown by `GET /state`, for vendors that do not tell it themselves. */
const REMEMBERED: ReadonlySet<string> = new Set(["life", "fault"]);

/**
 * The back door: `POST /<vendor>/<action>` with a JSON object, `GET /<vendor>/<action>?…` for actions that only look,
 * `GET /healthz`, `GET /state`, and the page that drives it all. Answers `{ error }` with 400, 403, 404 or 405.
 */
export function createControl(
  parts: readonly Part[],
  addresses: Readonly<Record<string, string>>,
): Simulator["handle"] {
  const last: Record<string, Record<string, unknown>> = {};

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    if (isForeign(request)) return sendJson(response, 403, { error: "another site's page may not drive the sandbox" });
    if (method === "GET" && pathname === "/healthz")
      return sendJson(response, 200, { pid: process.pid, upSeconds: Math.floor(process.uptime()), ...addresses });
    if (method === "GET" && pathname === "/state") return sendJson(response, 200, await stateOfAll());
    if (method === "GET" && sendPage(pathname, response)) return;

    const [, vendor = "", name = "", ...more] = pathname.split("/");
    const part = parts.find((each) => each.name === vendor);
    const action = part && Object.hasOwn(part.actions, name) ? part.actions[name] : undefined;
    if (!action || more.length > 0) return sendJson(response, 404, { error: unknown(part, vendor, name) });
    if (method !== "POST" && !(method === "GET" && READING.has(name)))
      return sendJson(response, 405, { error: `${name} changes something: send it with POST` }, { allow: "POST" });
    try {
      const input = method === "GET" ? fromQuery(searchParams) : await readInput(request);
      const output = await action(input);
      if (REMEMBERED.has(name)) last[vendor] = { ...last[vendor], [name]: input };
      if (output instanceof JsonText) sendText(response, 200, output.text, { "content-type": "application/json" });
      else sendJson(response, 200, output ?? {});
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  async function stateOfAll(): Promise<Record<string, unknown>> {
    const entries = parts.map(async ({ name, actions }): Promise<[string, unknown]> => {
      const state = await actions.state?.({});
      return [name, { address: addresses[name], actions: Object.keys(actions), last: last[name] ?? {}, state }];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  return handle;
}

/** A browser says where a request comes from; programs do not, and may. */
function isForeign(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && !(site === "none" && request.method === "GET");
}

function unknown(part: Part | undefined, vendor: string, action: string): string {
  if (!part) return `there is no "${vendor}" here`;
  return `${vendor} has no action "${action}"; it has ${Object.keys(part.actions).join(", ")}`;
}

/** Whole numbers become numbers; ids of 16 and more digits stay text. */
function fromQuery(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value]),
  );
}

async function readInput(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request);
  if (!body) throw new Error("the body is too large");
  if (body.length === 0) return {};
  let input: unknown;
  try {
    input = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Error("the body is not valid JSON"); // the parser's own words would quote the body
  }
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new Error("the body must be a JSON object");
  return { ...input };
}

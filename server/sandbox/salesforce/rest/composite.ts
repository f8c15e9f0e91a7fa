import { type Answer, json } from "../answer.ts";
import type { Call } from "../call.ts";
import { RestError } from "../errors.ts";

/** REST guide, "Composite": so many requests in one, and so many of them queries. */
const MOST_PARTS = 25;
const MOST_QUERIES = 5;

type Part = Pick<Call, "method" | "url" | "body">;

/** Each part has a status of its own; the whole is 200 whatever they are, and counts as one call. */
export function composite(body: unknown, serve: (part: Part) => Answer, origin: URL): Answer {
  const parts = (body as { compositeRequest?: unknown } | null)?.compositeRequest;
  if (!Array.isArray(parts) || parts.length === 0)
    throw new RestError(400, "INVALID_INPUT", "compositeRequest has to be specified");
  const requests = parts.map((part) => readPart(part, origin));
  const queries = requests.filter(({ url }) => /\/query(All)?(\/|$)/.test(url.pathname));
  if (requests.length > MOST_PARTS || queries.length > MOST_QUERIES)
    throw new RestError(400, "LIMIT_EXCEEDED", "The composite request holds too many subrequests");
  return json({ compositeResponse: requests.map((request) => answerPart(request, serve)) });
}

function answerPart({ referenceId, ...part }: Part & { referenceId: string }, serve: (part: Part) => Answer): object {
  try {
    const { status, json: body, headers } = serve(part);
    return { body: body ?? null, httpHeaders: headers ?? {}, httpStatusCode: status, referenceId };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return { body: error.body, httpHeaders: {}, httpStatusCode: error.status, referenceId };
  }
}

function readPart(part: unknown, origin: URL): Part & { referenceId: string } {
  const { method, url, referenceId, body } = (part ?? {}) as Record<string, unknown>;
  if (typeof method !== "string" || typeof url !== "string" || typeof referenceId !== "string")
    throw new RestError(400, "INVALID_INPUT", "method, url and referenceId have to be specified");
  if (!url.startsWith("/services/data/") || url.includes("/composite"))
    throw new RestError(400, "INVALID_INPUT", `The url is not supported in a composite request: ${url}`);
  return { method, url: new URL(url, origin), referenceId, body: body === undefined ? "" : JSON.stringify(body) };
}

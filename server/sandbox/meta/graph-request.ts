import type { IncomingMessage } from "node:http";
import { readBody } from "../http.ts";
import { graphError } from "./errors.ts";
import { rawElements } from "./raw-elements.ts";

/** A call of the Graph API with its parameters, wherever they were put: query, JSON body or form body. */
export interface GraphRequest {
  readonly method: string;
  /** Major version; undefined when the path names none. */
  readonly version: string | undefined;
  readonly path: readonly string[];
  /** Of the address, as it was sent; `url` is its path, `origin` where it was sent to. */
  readonly query: URLSearchParams;
  readonly url: string;
  readonly origin: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The text of each element of `data`, as it was sent. */
  readonly elements: readonly string[];
  /** What is wrong with the body's form. */
  readonly malformed?: string;
  readonly token: string | undefined;
}

export async function readGraphRequest(request: IncomingMessage): Promise<GraphRequest> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://graph");
  const [first, ...rest] = pathname.split("/").filter((part) => part !== "");
  const version = /^v(\d+\.\d+)$/.exec(first ?? "")?.[1];
  const path = version === undefined ? [first, ...rest].filter((part) => part !== undefined) : rest;
  const verb = request.method ?? "GET";
  const body = verb === "GET" ? {} : await readParameters(request);
  const params: Record<string, unknown> = { ...Object.fromEntries(searchParams), ...body.params };
  // A POST may name another method, for clients that know no other (https://developers.facebook.com/docs/graph-api/overview).
  const method = verb === "POST" && typeof params.method === "string" ? params.method.toUpperCase() : verb;
  const bearer = /^(?:Bearer|OAuth) +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const token = typeof params.access_token === "string" ? params.access_token : bearer;
  const { elements = [], malformed } = body;
  const origin = `http://${request.headers.host ?? "graph"}`;
  const address = { query: searchParams, url: pathname, origin };
  return {
    method,
    version,
    path,
    ...address,
    params,
    elements,
    token,
    ...(malformed === undefined ? {} : { malformed }),
  };
}

export function proofOf({ params }: GraphRequest): string | undefined {
  return typeof params.appsecret_proof === "string" ? params.appsecret_proof : undefined;
}

interface Body {
  readonly params?: Record<string, unknown>;
  readonly elements?: readonly string[];
  readonly malformed?: string;
}

async function readParameters(request: IncomingMessage): Promise<Body> {
  const bytes = await readBody(request);
  if (!bytes) throw graphError("tooLarge");
  const type = request.headers["content-type"] ?? "";
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (/json/i.test(type)) {
      const params = parse(text);
      if (typeof params !== "object" || params === null || Array.isArray(params))
        return { malformed: "The body must be a JSON object" };
      return { params: { ...params }, elements: rawElements(text, "data") };
    }
    const form = new URLSearchParams(text);
    const data = form.get("data");
    const params: Record<string, unknown> = Object.fromEntries(form);
    if (data === null) return { params };
    return { params: { ...params, data: parse(data) }, elements: rawElements(data, "data") };
  } catch {
    return { malformed: "The body is not valid JSON in UTF-8" }; // told to the caller once it is known who calls
  }
}

/** Keeps the digits of a lead id that was sent as a number: beyond 2^53 a JavaScript number would change it. */
const parse = (text: string): unknown =>
  JSON.parse(text, function keepDigits(key: string, value: unknown, context?: { source?: string }): unknown {
    return key === "lead_id" && typeof value === "number" ? (context?.source ?? String(value)) : value;
  });

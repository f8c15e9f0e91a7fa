import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import { appSecretProof } from "../../core/meta/sender.ts";
import { parse } from "../../core/meta/usage.ts";
import type { Fetch, HttpAnswer } from "../../core/ports.ts";

export interface GraphParts {
  /** Locked to Meta's hosts. */
  readonly fetch: Fetch;
  /** `https://graph.facebook.com` */
  readonly origin: string;
  /** `v26.0` */
  readonly version: string;
}

/** With whose token a call is made. */
export interface Bearer {
  readonly token: string;
  /** Of the app that the token was issued to: the call is then signed with it (Meta, "Secure Graph API Calls"). */
  readonly appSecret?: string;
}

/** Meta's no, by its numbers. `words` are Meta's own and may echo input: to be shown, never logged. */
export interface Refusal {
  readonly status: number;
  readonly code?: number;
  readonly subcode?: number;
  readonly words?: string;
}
export type Told<Value> =
  | { readonly told: Value; readonly refused?: undefined }
  | { readonly told?: undefined; readonly refused: Refusal };

type Parameters = Readonly<Record<string, string>>;

/** Meta's Graph API beside the sending of events: to look at tokens, businesses and datasets, and to make them. */
export interface Graph {
  /** @throws Failure of the network's; an answer that is neither of the form nor a refusal is `meta_login` */
  get<Value>(path: string, parameters: Parameters, by: Bearer, form: z.ZodType<Value>): Promise<Told<Value>>;
  post<Value>(
    path: string,
    parameters: Parameters,
    by: Bearer | undefined,
    form: z.ZodType<Value>,
  ): Promise<Told<Value>>;
  /** Reads, with parameters that are secrets and do not belong into an address. */
  getHidden<Value>(path: string, parameters: Parameters, by: Bearer, form: z.ZodType<Value>): Promise<Told<Value>>;
}

export function createGraph({ fetch, origin, version }: GraphParts): Graph {
  const at = (path: string): string => `${origin}/${version}/${path}`;
  const post: Graph["post"] = async (path, parameters, by, form) =>
    read(
      await fetch({
        method: "POST",
        url: at(path),
        headers: { ...headersOf(by), "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ ...parameters, ...proofOf(by) }).toString(),
      }),
      form,
    );
  return {
    post,
    async get(path, parameters, by, form) {
      const query = new URLSearchParams({ ...parameters, ...proofOf(by) });
      return read(await fetch({ method: "GET", url: `${at(path)}?${query}`, headers: headersOf(by) }), form);
    },
    // The override that Meta's own PHP SDK has always used: every call a POST, its method a parameter.
    getHidden: (path, parameters, by, form) => post(path, { ...parameters, method: "GET" }, by, form),
  };
}

const headersOf = (by: Bearer | undefined): Record<string, string> => ({
  accept: "application/json",
  ...(by && { authorization: `Bearer ${by.token}` }),
});

const proofOf = (by: Bearer | undefined): Parameters =>
  by?.appSecret === undefined ? {} : { appsecret_proof: appSecretProof(by.appSecret, by.token) };

const Envelope = z.looseObject({
  error: z.looseObject({
    code: z.number().optional(),
    error_subcode: z.number().optional(),
    error_user_title: z.string().optional(),
    error_user_msg: z.string().optional(),
    message: z.string().optional(),
  }),
});

function read<Value>({ status, text }: HttpAnswer, form: z.ZodType<Value>): Told<Value> {
  const body = parse(text);
  const envelope = Envelope.safeParse(body);
  if (envelope.success) return { refused: refusalOf(status, envelope.data.error) };
  if (status < 200 || status > 299) return { refused: { status } };
  const told = form.safeParse(body);
  if (!told.success) throw new Failure("meta_login", "Meta answered in a form we do not know");
  return { told: told.data };
}

function refusalOf(status: number, error: z.infer<typeof Envelope>["error"]): Refusal {
  const { code, error_subcode: subcode, error_user_title: title, error_user_msg: advice, message } = error;
  const words = ([title, advice].filter(Boolean).join(": ") || message)?.slice(0, 500);
  return {
    status,
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(words && { words }),
  };
}

/** Why Meta said no, as far as it matters to who asks. */
export type RefusalKind = "token" | "permission" | "missing" | "proof" | "busy" | "other";

export function kindOf({ status, code, subcode }: Refusal): RefusalKind {
  if (code === 190 || code === 102 || code === 2500) return "token";
  if (code === 104) return "proof";
  if ((code === 100 && subcode === 33) || code === 803) return "missing";
  if (code === 3 || code === 10 || (code !== undefined && code >= 200 && code <= 299)) return "permission";
  if (status >= 500 || status === 429 || (code !== undefined && passing.has(code))) return "busy";
  return code !== undefined && code >= 80_000 && code <= 80_014 ? "busy" : "other";
}
/** Temporary faults and the limits (Meta, "Handle errors", "Rate limits"). */
const passing: ReadonlySet<number> = new Set([2, 4, 17, 32, 341, 368, 613]);

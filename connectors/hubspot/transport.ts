import type { Access } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";
import { quoteIds } from "./ids.ts";
import { refusal } from "./refusal.ts";

/** HubSpot supports each dated version for 18 months; this one until March 2028. */
const version = "2026-09";

/** The SDK calls legacy paths only, which end in 2027; the dated ones take and give the same JSON. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^\/crm\/v3\/(objects|pipelines|properties)(?=\/)/, `/crm/$1/${version}`],
  [/^\/crm\/v4\/associations(?=\/)/, `/crm/associations/${version}`],
  [/^\/account-info\/v3(?=\/)/, `/account-info/${version}`],
  [/^\/appinstalls\/v3(?=\/)/, `/appinstalls/${version}`],
];

/** Carries one request of any origin-relative legacy path; gives JSON back or throws what the refusal means. */
export async function carry<Config>(
  access: Access<Config>,
  { method, path, body }: { method: HttpRequest["method"]; path: string; body?: string },
): Promise<HttpAnswer> {
  const [legacy, dated] = families.find(([pattern]) => pattern.test(path)) ?? [];
  if (legacy === undefined || dated === undefined) throw new Failure("crm_schema", "no dated path for this call");
  const url = access.baseUrl + path.replace(legacy, dated);
  const answer = await access.fetch({
    method,
    url,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${await access.token()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const where = `${method} ${new URL(url).pathname}`;
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, where, access.clock.now());
  if (answer.status !== 204 && !/^application\/json\b/i.test(answer.headers["content-type"] ?? ""))
    throw new Failure("crm_unavailable", `${answer.status} at ${where}, not JSON`);
  return { ...answer, text: quoteIds(answer.text) };
}

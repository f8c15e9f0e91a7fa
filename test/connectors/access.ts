import { request } from "undici";
import type { Access, Connector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";

/** What a simulator's action `grant` answers, with the address of its token endpoint. */
export interface Grant {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Origin of the vendor's API. */
  readonly baseUrl: string;
  readonly tokenUrl: string;
}

/** Answers instead of the vendor, or lets the request pass (`undefined`). May throw what a transport throws. */
type Interception = (request: HttpRequest) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;

/** An access as the product gives it to a connector, over real sockets, that remembers what went through it. */
export interface TestAccess<Config> extends Access<Config> {
  readonly requests: { readonly method: string; readonly path: string; readonly status: number }[];
  /** Every line that the connector logged. */
  readonly logged: string[];
  /** Every token that was ever handed out. */
  readonly tokens: string[];
  intercept(interception: Interception | undefined): void;
  /** What the product does after `crm_token_stale`: the next `token()` is a fresh one. */
  forgetToken(): void;
}

const sizeLimit = 20_000_000;

export function createAccess<Config, Checkpoint>(
  connector: Connector<Config, Checkpoint>,
  grant: Grant,
  config: unknown = {},
): TestAccess<Config> {
  const requests: TestAccess<Config>["requests"] = [];
  const logged: string[] = [];
  const tokens: string[] = [];
  let interception: Interception | undefined;
  let token: Promise<string> | undefined;
  const note =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void logged.push(JSON.stringify({ level, message, ...fields }));

  const refresh = async (): Promise<string> => {
    const answer = await send({
      method: "POST",
      url: grant.tokenUrl,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        refresh_token: grant.refreshToken,
      }).toString(),
    });
    if (answer.status !== 200) throw new Failure("crm_disconnected", `token endpoint answered ${answer.status}`);
    const fresh = (JSON.parse(answer.text) as { access_token: string }).access_token;
    tokens.push(fresh);
    return fresh;
  };

  return {
    tenantId: "ten_test" as TenantId,
    connectionId: `con_${grant.accountId}` as ConnectionId,
    accountId: grant.accountId,
    config: connector.config.parse(config),
    baseUrl: grant.baseUrl,
    clock: { now: () => new Date() },
    log: { info: note("info"), warn: note("warn"), error: note("error") },
    requests,
    logged,
    tokens,
    intercept: (next) => {
      interception = next;
    },
    forgetToken: () => {
      token = undefined;
    },
    token: () => {
      token ??= refresh();
      return token;
    },
    fetch: async (outgoing) => {
      if (new URL(outgoing.url).origin !== new URL(grant.baseUrl).origin) throw new Failure("host_not_allowed");
      const answer = (await interception?.(outgoing)) ?? (await send(outgoing));
      requests.push({ method: outgoing.method, path: new URL(outgoing.url).pathname, status: answer.status });
      return answer;
    },
  };
}

/** One request, one answer; undici's `request` follows no redirects by itself. */
async function send({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(10_000);
  try {
    const answer = await request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (text.length > sizeLimit) throw new Failure("too_large");
    const flat: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
    return { status: answer.statusCode, headers: flat, text };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("network_no_answer", undefined, { cause: error });
  }
}

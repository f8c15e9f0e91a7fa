import { request } from "undici";
import type { IdentityPorts } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";

type Change = (request: HttpRequest, answer: HttpAnswer) => HttpAnswer;

/** Ports that reach one simulated origin and no other; `change` stands between. */
export function identityPorts(
  origin: string,
  app: { readonly clientId: string; readonly clientSecret: string },
  change: Change = (_request, answer) => answer,
): IdentityPorts & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    ...app,
    origin,
    apiOrigin: origin,
    asked,
    async fetch(wanted) {
      if (new URL(wanted.url).origin !== origin) throw new Failure("host_not_allowed");
      asked.push(new URL(wanted.url).pathname);
      const { method, url, headers, body = null } = wanted;
      const { statusCode, headers: told, body: answer } = await request(url, { method, headers, body });
      const flat = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, String(value)]));
      return change(wanted, { status: statusCode, headers: flat, text: await answer.text() });
    },
  };
}

export async function tokenAnswer(tokenUrl: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await request(tokenUrl, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  return (await answer.body.json()) as Record<string, unknown>;
}

import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { forgetTenant } from "../../server/store/tenants.ts";
import { type Customer, type Front, openFront } from "./front.ts";

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what theirs has
  readonly body: any;
}

export const changesPath = "/ingest/v1/stage-changes";

export const change = (more: object = {}): Record<string, unknown> => ({
  record_id: "4711",
  object: "lead",
  pipeline: "sales",
  stage: "Engaging",
  occurred_at: "2026-11-23T08:00:00Z",
  lead_id: "5100000470389255",
  ...more,
});

/** What every refusal looks like. */
export function expectProblem(reply: Reply, status: number, code: string): void {
  expect(reply.type).toBe("application/problem+json; charset=utf-8");
  expect(reply.status).toBe(status);
  expect(reply.body).toEqual({
    type: `urn:stagewire:problem:${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    fix: expect.any(String),
  });
}

/** A customer whose in-house CRM pushes, made anew for every test. */
export function inHouse() {
  const here = {} as { front: Front; acme: Customer };
  beforeAll(async () => {
    here.front = await openFront();
  });
  afterAll(() => here.front.close());
  beforeEach(async () => {
    const { front, acme } = here;
    if (acme) await forgetTenant(front.store.db, acme.tenant.id);
    front.clock.at = new Date("2026-11-23T09:00:00Z");
    front.woken.ingest = 0;
    here.acme = await front.customer("Acme");
  });
  async function send(path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Reply> {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const answer = await fetch(`${here.front.url}${path}`, { ...init, body: body as string });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get("content-type") ?? "", text, body: JSON.parse(text) };
  }
  const asText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));
  return Object.assign(here, {
    send,
    push: (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
      send(changesPath, asText(body), { authorization: here.acme.bearer, ...headers }),
    outcomes: (body: unknown): Promise<Reply> =>
      send("/ingest/v1/outcomes", asText(body), { authorization: here.acme.bearer }),
    /** Signed as the standard's own library signs. */
    signed(body: string, { secret = here.acme.secret, at = here.front.clock.at, id = "msg_1" } = {}) {
      return {
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
        "webhook-signature": new Webhook(secret).sign(id, at, body),
      };
    },
    inbox: () =>
      here.front.store.db.selectFrom("inbox").selectAll().where("tenant_id", "=", here.acme.tenant.id).execute(),
  });
}

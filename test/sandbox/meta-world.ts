import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";

export const NOW = new Date("2026-11-22T12:00:00Z");
export const nowS = NOW.getTime() / 1000;
export const HASH = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Meta alone, at noon of a fixed day, over real ports. */
export async function startMeta(dir = temporaryFolder()): Promise<Sandbox> {
  const meta = (options: { dir: string }) => createMeta({ ...options, seed: "test", now: () => NOW });
  const sandbox = await startSandbox({ dir, simulators: { meta } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export interface Granted {
  readonly datasetId: string;
  readonly token: string;
  readonly appId: string;
  readonly appSecret: string;
}
export interface Refusal {
  readonly code: number;
  readonly error_subcode?: number;
  readonly is_transient: boolean;
  readonly message: string;
  readonly type: string;
  readonly fbtrace_id: string;
  readonly error_user_title?: string;
  readonly error_user_msg?: string;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly error?: Refusal; readonly [key: string]: unknown };
}

export async function act<Output = unknown>(sandbox: Sandbox, action: string, input: unknown = {}): Promise<Output> {
  const answer = await fetch(`${sandbox.control}/meta/${action}`, { method: "POST", body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
  return (await answer.json()) as Output;
}

/** A valid Conversion Leads event, with the given parts put in its place. */
export function event(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    event_name: "Marketing Qualified Lead",
    event_time: nowS - 3600,
    action_source: "system_generated",
    event_id: "0123456789abcdef0123456789abcdef",
    user_data: { lead_id: "1234567890123456", em: [HASH] },
    custom_data: { event_source: "crm", lead_event_source: "HubSpot" },
    ...change,
  };
}

export async function call(url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer["body"] };
}

/** Sends a body (an object, or JSON text as it stands) as the granted caller. */
export function send(sandbox: Sandbox, granted: Granted, body: unknown, version = "v26.0"): Promise<Answer> {
  return call(`${sandbox.meta}/${version}/${granted.datasetId}/events`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${granted.token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** The numbers an answer is told apart by: status, code, subcode. */
export function numbers({ status, body }: Answer): readonly (number | undefined)[] {
  return [status, body.error?.code, body.error?.error_subcode];
}

export interface ReceivedAnswer {
  readonly events: readonly {
    readonly n: number;
    readonly request: number;
    readonly dataset: string;
    readonly receivedAt: string;
    readonly test: boolean;
    readonly notCounted: string | null;
    readonly event: string;
  }[];
  readonly next: number;
}
/** What Meta stored; each event is the text it arrived as. */
export const received = (sandbox: Sandbox, after = 0, limit = 5000): Promise<ReceivedAnswer> =>
  act(sandbox, "events", { after, limit, as: "text" });

import type { ServerResponse } from "node:http";
import { sendJson, sendText } from "../http.ts";

/** What goes back to the caller; made first and sent last, so that a fault can do the work and lose the answer. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; absent for text. */
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (value: unknown, status = 200): Answer => ({ status, json: value });
export const empty = (status = 200): Answer => ({ status, text: "" });
export const html = (status: number, body: string): Answer => ({
  status,
  text: `<!DOCTYPE html><html><head><title>Salesforce</title></head><body>${body}</body></html>`,
  headers: { "content-type": "text/html;charset=utf-8" },
});
export const redirect = (location: string): Answer => ({ status: 302, text: "", headers: { location } });

export function send(response: ServerResponse, answer: Answer, now: Date): void {
  const headers = { date: now.toUTCString(), "cache-control": "no-cache,must-revalidate", ...answer.headers };
  if (answer.json !== undefined) sendJson(response, answer.status, answer.json, headers);
  else sendText(response, answer.status, answer.text ?? "", headers);
}

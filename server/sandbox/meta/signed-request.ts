import { createHmac } from "node:crypto";

/**
 * https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback: signature over the second
 * part, a dot, the second part; both base64url without padding.
 */
export function signedRequest(secret: string, claims: Readonly<Record<string, unknown>>): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${createHmac("sha256", secret).update(payload).digest("base64url")}.${payload}`;
}

/** Sends it as Meta does: a form with one field. What the app answered. */
export async function post(url: string, request: string): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ signed_request: request }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, answer: isJson ? JSON.parse(text) : text };
}

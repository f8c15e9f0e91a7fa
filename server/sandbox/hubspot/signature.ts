import { createHash, createHmac } from "node:crypto";

/** v1: hex SHA-256 of secret and body; sent beside v3 on CRM subscriptions (docs: validating-requests). */
export const signatureV1 = (secret: string, body: string): string =>
  createHash("sha256")
    .update(secret + body)
    .digest("hex");

/**
 * v3: base64 HMAC-SHA256 over method, URI, body and timestamp (ms). In the URI only these escapes are decoded: `%3A %2F %3F
 * %40 %21 %24 %27 %28 %29 %2A %2C %3B` (docs: validating-requests).
 */
export function signatureV3(
  secret: string,
  request: { method: string; uri: string; body: string; timestamp: string },
): string {
  const uri = request.uri.replaceAll(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));
  return createHmac("sha256", secret)
    .update(request.method + uri + request.body + request.timestamp)
    .digest("base64");
}

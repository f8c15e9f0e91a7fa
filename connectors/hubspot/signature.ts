import { createHmac, timingSafeEqual } from "node:crypto";
import type { RawRequest } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";

const maxAgeMs = 5 * 60_000;

/**
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation: HMAC-SHA256 of
 * method, address, body and timestamp. Own code because the SDK's check takes the v1 scheme unless told, lets timestamps of
 * the future and non-numeric ones pass, does not decode the address and compares in variable time.
 */
export function checkSignature(
  { method, url, headers, body, receivedAt }: RawRequest,
  secrets: readonly string[],
): void {
  const timestamp = headers["x-hubspot-request-timestamp"] ?? "";
  const given = Buffer.from(headers["x-hubspot-signature-v3"] ?? "", "base64");
  if (!/^\d{13}$/.test(timestamp) || Math.abs(receivedAt.getTime() - Number(timestamp)) > maxAgeMs)
    throw new Failure("signature_invalid", "timestamp missing or more than 5 minutes away");
  const valid = secrets.filter((secret) => {
    const expected = createHmac("sha256", secret)
      .update(method + decodeAddress(url))
      .update(body)
      .update(timestamp)
      .digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (valid.length === 0) throw new Failure("signature_invalid");
}

/** HubSpot signs the address with these characters decoded and all others as they were sent. */
const decodeAddress = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));

import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { Failure } from "../../core/errors.ts";

const toleranceMs = 5 * 60_000;
const fewestKeyBytes = 16;
/** Without dots: the dot separates id and time in the signed text. */
const soundId = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;
const soundTime = /^\d{1,12}$/;

/**
 * Checks a push signed by the Standard Webhooks rules (standardwebhooks.com): `webhook-id`, `webhook-timestamp` (Unix seconds,
 * at most 5 minutes off) and `webhook-signature`, a list of `v1,<base64 HMAC-SHA256 of "id.timestamp.body">` of which one must
 * fit one of our secrets (`whsec_<base64>`, current and previous). Own code because the `standardwebhooks` package reads its own
 * clock and hashes in JavaScript; it is the oracle of the test.
 *
 * Gives the message id. Throws `signature_invalid` with the same words whatever is wrong with the signature.
 */
export function verifySignature(
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
  secrets: readonly string[],
  now: Date,
): string {
  const id = headers["webhook-id"] ?? "";
  const time = headers["webhook-timestamp"] ?? "";
  if (!soundId.test(id) || !soundTime.test(time)) throw new Failure("signature_invalid");
  if (Math.abs(now.getTime() - Number(time) * 1_000) > toleranceMs)
    throw new Failure("signature_invalid", "webhook-timestamp");
  const given = (headers["webhook-signature"] ?? "")
    .split(" ")
    .slice(0, 10)
    .filter((signature) => signature.startsWith("v1,"))
    .map((signature) => Buffer.from(signature.slice(3), "base64"));
  let fits = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", keyOf(secret)).update(`${id}.${time}.`).update(body).digest();
    // No early end: the time taken does not tell which one fitted.
    for (const signature of given)
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) fits = true;
  }
  if (!fits) throw new Failure("signature_invalid");
  return id;
}

function keyOf(secret: string): Uint8Array {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  // An empty key would let anybody sign.
  if (key.length < fewestKeyBytes) throw new Failure("config_invalid", "signing secret too short");
  return key;
}

/** The form in which an ingest key is stored. */
export const ingestKeyHash = (key: string): string => hash("sha256", key);

/** For senders that cannot sign: `Authorization: Bearer <key>` against the stored hashes (current and previous). */
export function verifyBearer(authorization: string | undefined, keyHashes: readonly string[]): void {
  const key = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? "")?.[1] ?? "";
  const given = Buffer.from(ingestKeyHash(key), "hex");
  let fits = false;
  for (const keyHash of keyHashes) {
    const expected = Buffer.from(keyHash, "hex");
    if (expected.length === given.length && timingSafeEqual(expected, given)) fits = true;
  }
  if (key === "" || !fits) throw new Failure("signature_invalid");
}

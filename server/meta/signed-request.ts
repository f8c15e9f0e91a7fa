import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import { parse } from "../../core/meta/usage.ts";

/** What Meta says in the callbacks about one person. */
export interface SignedRequest {
  /** Scoped to our app. */
  readonly userId: string;
  /** Meta tells whole seconds: the end of it, so that all that lies before is meant. */
  readonly issuedAt: Date;
  /** The part that is signed, as it came: the same request has the same. */
  readonly payload: string;
}

const Payload = z.looseObject({
  algorithm: z.literal("HMAC-SHA256"),
  user_id: z.union([z.string().regex(/^\d{1,32}$/), z.int().positive()]).transform(String),
  issued_at: z.int().positive(),
});

/**
 * `signature.payload`, both base64url; the signature is HMAC-SHA256 under the app secret over the payload's text as received
 * (Meta, "Data Deletion Request Callback").
 *
 * @throws Failure `signature_invalid`
 */
export function readSignedRequest(text: string, appSecret: string): SignedRequest {
  const [, signature = "", payload = ""] = /^([\w-]+)=*\.([\w-]+=*)$/.exec(text) ?? [];
  const given = Buffer.from(signature, "base64url");
  const right = createHmac("sha256", appSecret).update(payload).digest();
  // Judged before anything in it is read.
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Failure("signature_invalid");
  const told = Payload.safeParse(parse(Buffer.from(payload, "base64url").toString("utf8")));
  if (!told.success) throw new Failure("signature_invalid", "not in the form or by the algorithm that Meta names");
  return { userId: told.data.user_id, issuedAt: new Date(told.data.issued_at * 1000 + 999), payload };
}

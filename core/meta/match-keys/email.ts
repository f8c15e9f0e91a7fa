import { distinct } from "./clean.ts";
import type { Normalised } from "./normalised.ts";

/** What nearly all addresses look like: sound by sight. */
const plain = /^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+$/;
const invisible = /\p{Cf}+/gu;
const localPart = /^[^\s@"(),:;<>[\\\]\p{C}]+$/u;
const domainPart = /^[\p{L}\p{M}\p{N}.-]+$/u;
const badDots = /^\.|\.$|\.\./;
const badLabels = /^[.-]|[.-]$|\.\.|\.-|-\./;

/**
 * Trimmed and in lower case (Meta, "Customer information parameters": em). Nothing is taken out of the address: no dots, no
 * `+tag`. At most 254 characters (RFC 5321). Letters of every script are allowed, as in internationalised mail.
 */
export function email(text: string): Normalised {
  const lower = text.trim().toLowerCase();
  if (lower.length <= 254 && plain.test(lower)) return { values: [lower] };
  const address = lower.replace(invisible, "").trim();
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  const sound =
    address.length <= 254 &&
    localPart.test(local) &&
    !badDots.test(local) &&
    domain.includes(".") &&
    domainPart.test(domain) &&
    !badLabels.test(domain);
  return sound ? { values: distinct(address.normalize("NFC"), address) } : { dropped: "not_an_address" };
}

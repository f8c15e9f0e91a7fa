import { distinct } from "./clean.ts";
import type { Normalised } from "./normalised.ts";

/** What nearly all addresses look like: sound by sight. */
const plainForm = /^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+$/;
const invisible = /\p{Cf}+/gu;
const localPart = /^[^\s@"(),:;<>[\\\]\p{C}]+$/u;
const domainPart = /^[\p{L}\p{M}\p{N}.-]+$/u;
const badDots = /^\.|\.$|\.\./;
const badLabels = /^[.-]|[.-]$|\.\.|\.-|-\./;

/** The address in its only form where it is one by sight; undefined where it has to be looked at. */
export function plainEmail(value: string): string | undefined {
  const lower = value.trim().toLowerCase();
  return lower.length <= 254 && plainForm.test(lower) ? lower : undefined;
}

/**
 * Trimmed and in lower case (Meta, "Customer information parameters": em). Nothing is taken out of the address: no dots, no
 * `+tag`. At most 254 characters (RFC 5321). Letters of every script are allowed, as in internationalised mail.
 */
export function email(text: string): Normalised {
  const address = text.trim().toLowerCase().replace(invisible, "").trim();
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

export type ClickIdProblem = "blank" | "not_a_click_id" | "no_time" | "in_future" | "too_old";

/** `fb.{subdomain}.{creation time}.{fbclid}`, perhaps with the appendix of Meta's library (Meta, "fbp and fbc parameters"). */
const ready = /^fb\.(\d+)\.(\d{10,})\.([A-Za-z0-9_-]+)(\.[A-Za-z0-9_-]{2}|\.[A-Za-z0-9_-]{8})?$/;
const bare = /^[A-Za-z0-9_-]{20,500}$/;
const url = /^(?:https?:\/\/|\/|\?|[^\s/?#]+\.[^\s?#]*\?)/i;
const longest = 4_096;
/** The life of Meta's own cookie. */
const lifeMs = 90 * 24 * 3_600_000;
/** Browsers' clocks run ahead. */
const aheadMs = 24 * 3_600_000;

/**
 * The `fbc` of a click as a CRM keeps it: a ready `fbc`, a bare `fbclid` or an address that carries one. Upper and lower case
 * are kept, Meta compares them. `seenAt` is when the CRM first saw the click and becomes the creation time of a bare id;
 * subdomain index 1 stands for "made on a server". Clicks of more than 90 days before `now` are left out.
 */
export function clickId(
  raw: string | undefined,
  seenAt: Date | undefined,
  now: Date,
): { readonly fbc: string } | { readonly dropped: `click_id:${ClickIdProblem}` } | undefined {
  if (raw === undefined) return undefined;
  const text = raw.trim();
  if (text === "") return { dropped: "click_id:blank" };
  if (text.length > longest) return { dropped: "click_id:not_a_click_id" };
  const value = url.test(text) ? fbclidOf(text) : text;
  const found = ready.exec(value);
  if (found) {
    const [, subdomain, time = "", fbclid, appendix = ""] = found;
    // Ten digits are seconds: a common slip of home-made cookies.
    const createdMs = Number(time) * (time.length === 10 ? 1_000 : 1);
    return problemOf(createdMs, now) ?? { fbc: `fb.${subdomain}.${createdMs}.${fbclid}${appendix}` };
  }
  if (!bare.test(value)) return { dropped: "click_id:not_a_click_id" };
  const seenMs = seenAt?.getTime();
  if (seenMs === undefined || Number.isNaN(seenMs)) return { dropped: "click_id:no_time" };
  return problemOf(seenMs, now) ?? { fbc: `fb.1.${seenMs}.${value}` };
}

function problemOf(createdMs: number, now: Date): { readonly dropped: `click_id:${ClickIdProblem}` } | undefined {
  const ageMs = now.getTime() - createdMs;
  if (ageMs > lifeMs) return { dropped: "click_id:too_old" };
  return ageMs < -aheadMs ? { dropped: "click_id:in_future" } : undefined;
}

function fbclidOf(address: string): string {
  const query = address.slice(address.indexOf("?") + 1).split("#", 1)[0];
  return new URLSearchParams(query).get("fbclid")?.trim() ?? "";
}

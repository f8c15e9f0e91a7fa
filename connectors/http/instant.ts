import { z } from "zod";

const example = "for example 2026-11-23T09:00:00Z";
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)$/;
const withoutOffset = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const onlyDay = /^\d{4}-\d\d-\d\d$/;
/** An RFC 3339 instant with its offset (a missing colon in it is let pass), never guessed: no bare numbers, no local times. */
export const instant = (notBefore: Date) =>
  z
    .string({
      error: (issue) =>
        typeof issue.input === "number"
          ? `Send the time as RFC 3339 text, ${example}: a number does not say whether it counts seconds or milliseconds.`
          : `Give the time as RFC 3339 text, ${example}.`,
    })
    .transform((text, context) => {
      const fail = (code: string, message: string) => {
        context.addIssue({ code: "custom", message, params: { code } });
        return z.NEVER;
      };
      const trimmed = text.trim();
      const at = parse(trimmed);
      if (at === undefined) return fail(...complaint(trimmed));
      if (at < notBefore)
        return fail(
          "implausible_time",
          `The time lies before ${notBefore.getUTCFullYear()}: an empty date, or seconds taken for milliseconds?`,
        );
      return at;
    });

function complaint(text: string): [code: string, message: string] {
  if (/^-?\d+(\.\d+)?$/.test(text)) return ["number", `Send the time as RFC 3339, ${example}, not as a number.`];
  if (withoutOffset.test(text))
    return ["no_offset", `Add the offset from UTC, ${example} or 2026-11-23T10:00:00+01:00.`];
  if (onlyDay.test(text)) return ["no_time", `Give the time of day too, ${example}.`];
  return ["not_a_time", `Send the time as RFC 3339, ${example}.`];
}

/** Undefined for what is no instant, days that do not exist included. */
function parse(text: string): Date | undefined {
  const found = rfc3339.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset = "Z"] = found;
  const zone = /^z$/i.test(offset) ? "Z" : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const millis = fraction.slice(0, 3).padEnd(3, "0");
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${zone}`);
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(at.getTime()) || Number(day) > lastDay ? undefined : at;
}

/** Clocks of senders run ahead by this much at most. */
const aheadMs = 10 * 60_000;

export const inFuture = (at: Date, now: Date): boolean => at.getTime() > now.getTime() + aheadMs;

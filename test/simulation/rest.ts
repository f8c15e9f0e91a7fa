import type { HttpAnswer } from "../../core/ports.ts";

/** For how long an answer asks us to send nothing, milliseconds: by its words, or since nearly all of a limit is used. */
export function askedRest({ status, headers }: HttpAnswer): number {
  const usage = headers["x-business-use-case-usage"] ?? "";
  const minutes = Number(/"estimated_time_to_regain_access":(\d+)/.exec(usage)?.[1] ?? 0);
  const percent = Number(/"call_count":(\d+)/.exec(usage)?.[1] ?? 0);
  const asked = Math.max(minutes * 60_000, Number(headers["retry-after"] ?? 0) * 1000);
  return asked > 0 || status !== 200 || percent < 95 ? asked : 60_000;
}

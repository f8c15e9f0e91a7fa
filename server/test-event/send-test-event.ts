import { Failure } from "../../core/errors.ts";
import { readEvent } from "../../core/meta/read-event.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import { problemOf } from "../../core/problems.ts";
import type { Dataset } from "../../core/types.ts";
import type { TestEventAnswer } from "../api/test-event.ts";
import type { DatasetParts } from "../routes/datasets.ts";
import { destinations } from "../workers/sending.ts";

/**
 * Sends one event with a test code, once and by the same guarded way as every other; no lane knows of it and nobody tries again.
 *
 * @throws Failure `conflict` when there is no access to the dataset
 */
export async function sendTestEvent(
  payload: string,
  code: string,
  dataset: Dataset,
  { store, vault, meta, clock, demo }: DatasetParts,
): Promise<TestEventAnswer> {
  const destination = await destinations({ store, vault, metaAppSecret: meta.app?.secret })(dataset);
  if (!destination) throw new Failure("conflict", `there is no access to ${dataset.name}; connect it again`);
  const at = clock.now();
  const verdict = await meta.send(destination, [payload], code);
  const { event_name: eventName, event_id: eventId } = readEvent(payload);
  const { id, name, metaId } = dataset;
  return {
    outcome: outcomes[verdict.verdict],
    at: at.toISOString(),
    tookMs: Math.max(0, clock.now().getTime() - at.getTime()),
    eventName,
    eventId,
    dataset: { id, name, metaId },
    eventsManager: demo
      ? "/sandbox/"
      : `https://business.facebook.com/events_manager2/list/dataset/${metaId}/test_events`,
    traceId: verdict.traceId ?? null,
    received: verdict.verdict === "accepted" ? (verdict.received ?? null) : null,
    messages: verdict.verdict === "accepted" ? [...(verdict.messages ?? [])] : [],
    words: verdict.words ?? null,
    status: verdict.status ?? null,
    code: verdict.code ?? null,
    subcode: verdict.subcode ?? null,
    field: fieldOf(verdict),
    reading: readingOf(verdict),
  };
}

const outcomes = {
  accepted: "accepted",
  refused: "rejected",
  blocked: "rejected",
  retry: "not_taken",
  unknown: "no_answer",
} as const satisfies Record<Verdict["verdict"], TestEventAnswer["outcome"]>;

function readingOf(verdict: Verdict): TestEventAnswer["reading"] {
  if (verdict.verdict === "accepted") return null;
  const { title, effect, fix } = problemOf(verdict.why);
  return { code: verdict.why, title, effect, fix };
}

/** As Meta names it (`data[0][user_data][em]`), or else what the reason is about. */
function fieldOf(verdict: Verdict): string | null {
  const named = verdict.blames?.match(/^data\[0\]\[([\w[\]]{1,100})\]$/)?.[1];
  if (named) return named.replaceAll("][", ".");
  return (verdict.verdict === "refused" && subjects[verdict.why]) || null;
}
const subjects: Readonly<Record<string, string>> = {
  expired: "event_time",
  refused_lead_id: "user_data.lead_id",
  refused_keys: "user_data",
};

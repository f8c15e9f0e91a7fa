import type { SkipReason } from "../../core/problems.ts";
import type { Lead, StageEntry, StageMapping, StageRule } from "../../core/types.ts";

const hour = 3_600_000;

/** What the rules are told about one entry, by the model. */
export interface Case {
  readonly entry: StageEntry;
  /** What was known of the record when this entry was new. */
  readonly known: readonly StageEntry[];
  readonly mapping: StageMapping;
  readonly sendFrom: number | undefined;
  readonly lead: Lead | undefined;
  readonly now: number;
}

const ruleOf = ({ rules }: StageMapping, stageId: string): StageRule | undefined =>
  rules.find((rule) => rule.stageId === stageId);

/** The rules of the product once more, written down from its documents and not from its code. */
export function expected({ entry, known, mapping, sendFrom, lead, now }: Case): "send" | SkipReason {
  const rule = ruleOf(mapping, entry.stageId);
  const earlier = known.filter(({ stageId }) => stageId === entry.stageId);
  const at = entry.enteredAt.getTime();
  if (!rule) return "stage_not_mapped";
  if (!rule.send) return "stage_ignored";
  if (earlier.length > 0 && earlier.every(({ filled }) => filled)) return "sent_as_filled";
  if (earlier.length > 0 && rule.entries === "first") return "entered_again";
  if (at > now + hour / 4) return "in_future";
  if (sendFrom === undefined) return "not_live";
  if (at < sendFrom) return "before_live";
  if (now - at > 7 * 24 * hour - hour) return "too_old";
  if (!lead) return "lead_not_found";
  if (lead.consent === false) return "no_consent";
  if (lead.createdAt && Math.floor(at / 1000) < Math.floor(lead.createdAt.getTime() / 1000))
    return "before_lead_created";
  const hasLeadId = lead.leadId !== undefined && lead.leadId.length >= 15;
  return hasLeadId || lead.contact.em ? "send" : "no_match_key";
}

/** What holds for a while only: whoever reads the record later decides again. */
export const mayPass: ReadonlySet<string> = new Set([
  "not_live",
  "before_live",
  "in_future",
  "lead_not_found",
  "no_match_key",
]);
/** What an account that is read from its beginning decides again by the mapping of today. */
export const mayBeMapped: ReadonlySet<string> = new Set(["stage_not_mapped", "stage_ignored"]);

/**
 * The stages that are to be sent before this entry, since the record jumped over them.
 *
 * @param been all that is known of the record by now
 */
export function expectedFills({ entry, known, mapping }: Case, been: readonly StageEntry[]): readonly string[] {
  const target = ruleOf(mapping, entry.stageId);
  if (!mapping.fillSkipped || !target || target.outcome === "lost") return [];
  if (known.some(({ stageId }) => stageId === entry.stageId)) return [];
  // Being lost is no progress, wherever the CRM lists it.
  const progress = (rule: StageRule | undefined): number => (rule && rule.outcome !== "lost" ? rule.position : -1);
  const reached = Math.max(-1, ...known.map(({ stageId }) => progress(ruleOf(mapping, stageId))));
  return mapping.rules
    .filter(
      ({ send, outcome, position }) => send && outcome === "open" && position > reached && position < target.position,
    )
    .filter(({ stageId }) => !been.some((entered) => entered.stageId === stageId))
    .sort((a, b) => a.position - b.position)
    .map(({ stageId }) => stageId);
}

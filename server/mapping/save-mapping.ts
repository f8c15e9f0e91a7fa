import { Failure } from "../../core/errors.ts";
import type { MappingIssue } from "../../core/mapping.ts";
import { changesOf } from "../../core/mapping-changes.ts";
import { draft, type MappingRow } from "../../core/mapping-rows.ts";
import type { PersonId, StageMapping } from "../../core/types.ts";
import type { MappingDraft, SavedBy } from "../api/mapping.ts";
import { writeAudit } from "../store/audit.ts";
import { type SavedMapping, saveMapping } from "../store/mappings.ts";
import type { Store } from "../store/open.ts";
import type { Standing } from "./standing.ts";

interface Asked extends MappingDraft {
  /** The version that it was made from. */
  readonly from: number;
  readonly who: PersonId;
}

/**
 * Makes the next version of a connection's mapping; reading goes on under it at its next turn. What would change nothing makes
 * none, unless it is the first time that a person says so.
 *
 * @throws Failure `conflict` when there is a newer version, `input_invalid` with everything that stands in the way
 */
export async function saveDraft(
  { connection, saved, mapping, rows }: Standing,
  newest: SavedBy | undefined,
  { from, who, rules, fillSkipped, sendValue }: Asked,
  { web }: Pick<Store, "web">,
  now: Date,
): Promise<SavedMapping> {
  if (from !== mapping.version) throw new Failure("conflict", conflict(mapping.version, newest));
  const made = draft(rules, rows, { fillSkipped, sendValue });
  const errors = made.issues.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Failure("input_invalid", errors.map((issue) => told(issue, rows)).join(" "));
  const next: StageMapping = { ...made.mapping, version: from + 1 };
  const changes = changesOf(mapping, next);
  if (saved && changes.length === 0 && newest?.by === "person") return saved;
  const { tenantId, id } = connection;
  const about = { id, from, to: next.version, changed: changes.length, changes: bounded(changes) };
  await web(tenantId, async (trx) => {
    await saveMapping(trx, tenantId, id, { from, mapping: made.mapping, savedBy: who }, now);
    await writeAudit(trx, tenantId, { who, what: "mapping.saved", about }, now);
  });
  return { mapping: next, savedAt: now, savedBy: who };
}

const conflict = (version: number, newest: SavedBy | undefined): string =>
  version === 0
    ? "nothing is saved here yet; look at what is suggested first"
    : `${newest?.name ?? "somebody"} saved version ${version} meanwhile; look at it first`;

function told({ pipelineId, stageId, message }: MappingIssue, rows: readonly MappingRow[]): string {
  const row = rows.find((one) => one.pipelineId === pipelineId && one.stageId === stageId);
  return stageId === undefined ? message : `“${row?.label ?? stageId}”: ${message}`;
}

/** The audit log holds the sentences as far as they are short; the versions hold all. */
function bounded(changes: readonly string[]): string {
  const text = changes.join("\n");
  return [...text].length <= longest ? text : `${[...text].slice(0, longest - 1).join("")}…`;
}
const longest = 2_000;

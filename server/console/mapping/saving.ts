import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MappingChecked, MappingDraft, MappingIssueView, MappingSaved, MappingView } from "../../api/mapping.ts";
import { Refused } from "../api/call.ts";
import { useDeed } from "../api/deed.ts";
import { texts } from "../texts/texts.ts";
import { mappingKey, mappingPath } from "./answers.ts";

const { save: words } = texts.mapping;

interface Asked {
  /** The version that the draft was made from. */
  readonly from: MappingView;
  readonly draft: MappingDraft;
  /** One name for several stages of a pipeline is meant. */
  readonly meant?: boolean;
}

type Result =
  | { readonly is: "saved"; readonly saved: MappingSaved }
  | { readonly is: "wrong"; readonly issues: readonly MappingIssueView[] }
  | { readonly is: "asks"; readonly names: readonly string[]; readonly asked: Asked };

/**
 * Saving a mapping: looked at once more first, so that nothing is saved by what was told a moment ago; one name for several
 * stages asks whether it is meant.
 */
export function useSaving(connection: string, onSaved: ((saved: MappingSaved) => void) | undefined) {
  const queries = useQueryClient();
  const [question, ask] = useState<Result & { is: "asks" }>();
  const [wrong, blame] = useState<readonly MappingIssueView[]>([]);
  const deed = useDeed<Asked, Result>(
    async (post, asked) => {
      const { from, draft, meant } = asked;
      const { issues } = await post<MappingChecked>(`${mappingPath(connection)}/check`, draft);
      const errors = issues.filter(({ severity }) => severity === "error");
      if (errors.length > 0) return { is: "wrong", issues: errors };
      const names = twice(issues, from, draft);
      if (names.length > 0 && !meant) return { is: "asks", names, asked };
      const saved = await post<MappingSaved>(mappingPath(connection), { from: from.version, ...draft });
      const shown = [mappingKey(connection), ["mapping-versions", connection], ["mapping-newest", connection]];
      await Promise.all(shown.map((queryKey) => queries.invalidateQueries({ queryKey })));
      return { is: "saved", saved };
    },
    (result) => {
      if (result.is === "saved") return words.saved(result.saved.version);
      return result.is === "wrong" ? words.errors(stagesOf(result.issues)) : words.sameName(result.names);
    },
    (result) => {
      ask(result.is === "asks" ? result : undefined);
      blame(result.is === "wrong" ? result.issues : []);
      if (result.is === "saved") onSaved?.(result.saved);
    },
  );
  return {
    save: deed.mutate,
    saving: deed.isPending,
    /** What was saved last on this page. */
    saved: deed.data?.is === "saved" ? deed.data.saved : undefined,
    /** Somebody else was faster. */
    conflict: deed.error instanceof Refused && deed.error.code === "conflict",
    error: deed.error,
    /** A question to answer first. */
    question,
    putAway: () => ask(undefined),
    /** What stood in the way at the last try. */
    wrong,
    /** What was refused is forgotten: the draft is another one by now. */
    forget: () => {
      ask(undefined);
      blame([]);
      deed.reset();
    },
  };
}
export type Saving = ReturnType<typeof useSaving>;

export const stagesOf = (issues: readonly MappingIssueView[]): number =>
  new Set(issues.map(({ pipelineId, stageId }) => JSON.stringify([pipelineId, stageId]))).size;

/** Names that would be used twice in a pipeline and are not yet. */
function twice(issues: readonly MappingIssueView[], from: MappingView, { rules }: MappingDraft): readonly string[] {
  const old = new Set(from.issues.filter(isTwice).map(place));
  const fresh = issues.filter((issue) => isTwice(issue) && !old.has(place(issue)));
  const names = new Map([
    ...from.pipelines.flatMap(({ id, stages }) =>
      stages.map((stage) => [place({ pipelineId: id, stageId: stage.id }), stage.rule?.eventName ?? ""] as const),
    ),
    ...rules.map((rule) => [place(rule), rule.eventName] as const),
  ]);
  return [...new Set(fresh.map((issue) => names.get(place(issue)) ?? ""))];
}
const isTwice = ({ code }: MappingIssueView): boolean => code === "same_name";
const place = ({ pipelineId, stageId }: { pipelineId?: string | undefined; stageId?: string | undefined }): string =>
  JSON.stringify([pipelineId, stageId]);

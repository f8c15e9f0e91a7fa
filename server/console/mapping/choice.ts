import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { LeadFieldsDraft, LeadFieldsSaved, LeadFieldsView } from "../../api/lead-fields.ts";
import { Refused } from "../api/call.ts";
import { useDeed } from "../api/deed.ts";
import { texts } from "../texts/texts.ts";
import { fieldsPath, leadFieldsQuery, useFieldsCheck } from "./answers.ts";
import { useSettled } from "./editing.ts";

const { fields: words } = texts.mapping;
type Use = keyof LeadFieldsDraft;

/**
 * Some of the fields under somebody's hands: what is chosen and not saved yet, what it would give, and what somebody else has
 * chosen meanwhile. `uses`: those; the others are saved as they are.
 */
export function useChoice(connection: string, view: LeadFieldsView, uses: readonly Use[]) {
  const queries = useQueryClient();
  const now = partOf(view.chosen, uses);
  const [base, setBase] = useState(now);
  const [mine, choose] = useState(now);
  const adopt = (part: LeadFieldsDraft) => {
    setBase(part);
    choose(part);
  };
  // What is saved by now is what is worked on, unless something else is under way here.
  const moved = !same(base, now);
  const settledHere = same(mine, base) || same(mine, now);
  if (moved && settledHere) adopt(now);
  const draft = useMemo(
    () => (same(mine, partOf(view.chosen, uses)) ? undefined : whole(view, uses, mine)),
    [mine, view, uses],
  );
  const settled = useSettled(draft, 350);
  const check = useFieldsCheck(connection, settled);
  const look = () => queries.fetchQuery({ ...leadFieldsQuery(connection), staleTime: 0 });
  const deed = useDeed<LeadFieldsDraft, LeadFieldsSaved>(
    async (post, part) => {
      const save = (over: LeadFieldsView) =>
        post<LeadFieldsSaved>(fieldsPath(connection), { from: over.version, ...whole(over, uses, part) });
      const saved = await save(view).catch(async (error: unknown) => {
        if (!isConflict(error)) throw error;
        const newest = await look();
        // Somebody chose among the other fields only: nothing stands in the way here.
        if (same(partOf(newest.chosen, uses), now)) return await save(newest);
        throw error;
      });
      await look();
      return saved;
    },
    () => words.saved,
    ({ chosen }) => adopt(partOf(chosen, uses)),
  );
  const theirs = moved && !settledHere ? now : undefined;
  return {
    mine,
    choose,
    draft,
    /** What the draft would give, once that is counted. */
    tried: settled && settled === draft ? check.data?.coverage : undefined,
    check,
    theirs,
    save: () => deed.mutate(mine),
    saving: deed.isPending,
    error: theirs && isConflict(deed.error) ? null : deed.error,
    /** Goes back to what is saved. */
    discard: () => {
      adopt(now);
      deed.reset();
    },
  };
}
export type Choice = ReturnType<typeof useChoice>;

const isConflict = (error: unknown): boolean => error instanceof Refused && error.code === "conflict";
const partOf = (chosen: LeadFieldsDraft, uses: readonly Use[]): LeadFieldsDraft =>
  Object.fromEntries(Object.entries(chosen).filter(([use]) => uses.some((one) => one === use)));
const whole = ({ chosen }: LeadFieldsView, uses: readonly Use[], part: LeadFieldsDraft): LeadFieldsDraft => ({
  ...Object.fromEntries(Object.entries(chosen).filter(([use]) => !uses.some((one) => one === use))),
  ...part,
});

/** Whichever of them was chosen first. */
const same = (one: LeadFieldsDraft, other: LeadFieldsDraft): boolean => inOrder(one) === inOrder(other);
const inOrder = ({ value, ...rest }: LeadFieldsDraft): string =>
  JSON.stringify(
    [...Object.entries(rest), ...Object.entries(value ?? {}).map(([of, name]) => [`value.${of}`, name])].sort(),
  );

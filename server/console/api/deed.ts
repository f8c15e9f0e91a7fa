import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSay } from "../elements/saying.tsx";
import { ask, longPatienceMs } from "./call.ts";

/** What a schema of the API lets through. */
export type AnswerOf<Schema extends { parse(value: unknown): unknown }> = ReturnType<Schema["parse"]>;

/** Something is done at the server: by itself, or step by step. */
export type Ask = <Answer>(path: string, body?: object) => Promise<Answer>;

const post: Ask = (path, body = {}) => ask(path, { body, patienceMs: longPatienceMs });

/**
 * A deed of the reader. Nothing looks changed before the server has answered; it is under way until the page shows what it has
 * changed, and is then announced as `done` says. `follow` comes first, and also where the deed takes its own button away.
 */
export function useDeed<Asked, Result>(
  doIt: (ask: Ask, asked: Asked) => Promise<Result>,
  done: (result: Result) => string,
  follow?: (result: Result) => void,
) {
  const queries = useQueryClient();
  const say = useSay();
  return useMutation<Result, Error, Asked>({
    mutationFn: (asked) => doIt(post, asked),
    onSuccess: async (result) => {
      follow?.(result);
      const shown = [
        ["overview"],
        ["problems"],
        ["delivery"],
        ["reconciliation"],
        ["connections"],
        ["views"],
        ["tasks"],
      ];
      await Promise.all(shown.map((queryKey) => queries.invalidateQueries({ queryKey })));
      say(done(result));
    },
  });
}

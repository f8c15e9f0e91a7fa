import { problemOf } from "../../core/problems.ts";

/** A code of the catalogue with its words, as the API tells it. */
export function reasonOf(code: string): { readonly code: string; readonly title: string; readonly fix: string } {
  const { title, fix } = problemOf(code);
  return { code, title, fix };
}

/** What a PromQL expression speaks of: enough of the language to hold dashboards and alerts to the metrics that exist. */
export interface Selector {
  readonly metric: string;
  /** Labels matched in braces, with their values. */
  readonly matchers: readonly (readonly [label: string, value: string])[];
}
export interface Expression {
  readonly selectors: readonly Selector[];
  /** Labels in `by (…)` and `without (…)`. */
  readonly grouping: readonly string[];
  readonly functions: readonly string[];
  /** What is left when everything known is taken away; empty for an expression in good form. */
  readonly rest: string;
}

const matcher = /([a-z_]\w*)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/gi;
const words = ["unless", "and", "or", "on", "ignoring", "bool", "offset"];

export function readPromql(text: string): Expression {
  const grouping: string[] = [];
  const selectors: Selector[] = [];
  const functions: string[] = [];
  let rest = text.replace(/\b(?:by|without)\s*\(([^)]*)\)/g, (_, labels: string) => {
    grouping.push(...labels.split(",").map((label) => label.trim()));
    return " ";
  });
  rest = rest.replace(/\b([a-z_][a-z0-9_]*)\s*(?=\()/g, (_, name: string) => {
    functions.push(name);
    return "";
  });
  rest = rest.replace(
    /\b([a-z][a-z0-9_]*)\s*(?:\{([^}]*)\})?(?:\[(?:\d+[smhd]|\$__rate_interval)\])?/g,
    (all, metric: string, inside = "") => {
      if (words.includes(metric)) return " ";
      if (String(inside).replace(matcher, "").replaceAll(/[\s,]/g, "") !== "") return all;
      const matchers = [...String(inside).matchAll(matcher)].map(
        ([, label = "", value = ""]) => [label, value] as const,
      );
      selectors.push({ metric, matchers });
      return "M";
    },
  );
  // Operands become N, then the innermost brackets and operators fold until one operand is left.
  rest = rest
    .replace(/\d+(?:\.\d+)?/g, "N")
    .replaceAll("M", "N")
    .replace(/\s+/g, "");
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\(N(?:,N)*\)/g, "N").replace(/N(?:==|!=|>=|<=|[-+*/<>])?N/g, "N");
  }
  return { selectors, grouping, functions, rest: rest === "N" ? "" : rest };
}

import { blocks, delays, failures, type Problem, refusals, skips } from "../core/problems.ts";

/** Path and text of every rendered file. */
export const rendered = (): ReadonlyMap<string, string> => new Map([["docs/problems.md", problemsPage()]]);

const chapters = [
  ["Why a stage change is not sent", skips],
  ["Why one event was given up", refusals],
  ["What makes a dataset wait for a person", blocks],
  ["What makes a dataset wait by itself", delays],
  ["What can fail", failures],
] as const;

const who: Readonly<Record<Problem["acts"], string>> = {
  you: "you",
  us: "whoever runs the server",
  meta: "Meta",
  crm: "the CRM",
  nobody: "nobody",
};

function problemsPage(): string {
  const rows = (problems: Readonly<Record<string, Problem>>): string =>
    Object.entries(problems)
      .map(([code, { title, effect, fix, acts }]) => `| \`${code}\` | ${title} | ${effect} | ${fix} | ${who[acts]} |`)
      .join("\n");
  const head = "| Code | Title | What it means | What to do | Who acts |\n|---|---|---|---|---|";
  const parts = chapters.map(([title, problems]) => `## ${title}\n\n${head}\n${rows(problems)}\n`);
  return `# Problems\n\nRendered from \`core/problems.ts\` by \`npm run render\`.\n\n${parts.join("\n")}`;
}

import { blocks, delays, failures, type Problem, refusals, skips, warnings, whoActs } from "../core/problems.ts";
import { apiPage } from "./render/api.ts";
import { readApp } from "./render/app.ts";
import { hubspotProject } from "./render/hubspot.ts";
import { salesforcePackage } from "./render/salesforce.ts";

/** Path and text of every rendered file. */
export function rendered(): ReadonlyMap<string, string> {
  const app = readApp();
  return new Map([
    ["docs/problems.md", problemsPage()],
    ["docs/api.md", apiPage(app)],
    ...hubspotProject(app),
    ...salesforcePackage(app),
  ]);
}

const chapters = [
  ["Why a stage change is not sent", skips],
  ["Why one event was given up", refusals],
  ["What makes a dataset wait for a person", blocks],
  ["What makes a dataset wait by itself", delays],
  ["What goes on, but somebody should know", warnings],
  ["What can fail", failures],
] as const;

function problemsPage(): string {
  const parts = chapters.map(([title, problems]) => `## ${title}\n\n${table(problems)}\n`);
  return `# Problems\n\nRendered from \`core/problems.ts\` by \`npm run render\`.\n\n${parts.join("\n")}`;
}

/** A column that would be empty all the way down is left out. */
function table(problems: Readonly<Record<string, Problem>>): string {
  const entries = Object.entries(problems);
  const columns: readonly (readonly [string, (problem: Problem, code: string) => string])[] = [
    ["Code", (_, code) => `\`${code}\``],
    ["Title", ({ title }) => title],
    ["What it means", ({ effect }) => effect],
    ["What to do", ({ fix }) => fix],
    ["Who acts", ({ acts }) => whoActs[acts]],
    ["What we do meanwhile", ({ meanwhile }) => meanwhile ?? ""],
  ];
  const shown = columns.filter(([, cell]) => entries.some(([code, problem]) => cell(problem, code) !== ""));
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(shown.map(([head]) => head)),
    `|${shown.map(() => "---|").join("")}`,
    ...entries.map(([code, problem]) => row(shown.map(([, cell]) => cell(problem, code)))),
  ].join("\n");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocks, delays, failures, refusals, skips, warnings } from "../../core/problems.ts";
import { createMetrics } from "../../server/telemetry/metrics.ts";
import { readPromql } from "./metrics-names.ts";

const folder = join(import.meta.dirname, "../../docs/operations");
const read = (file: string): string => readFileSync(join(folder, file), "utf8");

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const { panels } = JSON.parse(read("dashboard.json")) as { panels: readonly Panel[] };
const alerts = read("alerts.yml")
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => ({ name: text.split("\n")[0] ?? "", expr: /^ {8}expr: (.*)$/m.exec(text)?.[1] ?? "", text }));

/** Every metric of a process that has every part, with its labels. */
const { registry } = createMetrics({
  lanes: async () => ({ due: [], held: [], waitingEvents: 0, problems: [], mails: [] }),
  underWay: () => ({}),
  room: () => 1,
});
const metrics = new Map(
  registry.getMetricsAsArray().map(({ name, type }) => {
    const labels = Reflect.get(registry.getSingleMetric(name) ?? {}, "labelNames") as readonly string[];
    return [name, { histogram: String(type) === "histogram", labels }];
  }),
);
const own = [...metrics.keys()].filter((name) => name.startsWith("stagewire_"));

/** The metric behind a series name, and the labels that the series has. */
function series(name: string): { metric: string; labels: readonly string[] } | undefined {
  const [, of = name, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
  const found = metrics.get(part && metrics.get(of)?.histogram ? of : name);
  if (!found || (found.histogram && !part)) return undefined;
  return {
    metric: part ? of : name,
    labels: [...found.labels, "instance", "job", ...(part === "bucket" ? ["le"] : [])],
  };
}

const catalogue = [skips, refusals, blocks, delays, warnings, failures].flatMap((part) => Object.keys(part));
const values: Readonly<Record<string, readonly string[]>> = {
  as: ["accepted", "refused"],
  lane: ["read", "send", "upkeep"],
  tried: ["yes", "no"],
  verdict: ["accepted", "retry", "refused", "unknown", "blocked"],
  why: catalogue,
  code: catalogue,
};

/** What is wrong with an expression, in words; nothing when all of it exists. */
function faults(expr: string): readonly string[] {
  const { selectors, grouping, functions, rest } = readPromql(expr);
  const known = ["sum", "max", "min", "rate", "increase", "histogram_quantile", "absent"];
  const labels = new Set(selectors.flatMap(({ metric }) => series(metric)?.labels ?? []));
  return [
    ...(rest ? [`not understood: ${rest}`] : []),
    ...(selectors.length === 0 ? ["names no metric"] : []),
    ...selectors.filter(({ metric }) => !series(metric)).map(({ metric }) => `no metric ${metric}`),
    ...selectors.flatMap(({ metric, matchers }) =>
      matchers.flatMap(([label, value]) => [
        ...(series(metric)?.labels.includes(label) ? [] : [`${metric} has no label ${label}`]),
        ...(values[label] && !values[label].includes(value) ? [`${label} is never ${value}`] : []),
      ]),
    ),
    ...grouping.filter((label) => !labels.has(label)).map((label) => `nothing has a label ${label}`),
    ...functions.filter((name) => !known.includes(name)).map((name) => `no function ${name}`),
  ];
}

describe("the dashboard", () => {
  const targets = panels.flatMap(({ title, targets: all = [] }) => all.map((target) => ({ title, ...target })));

  test.each(targets)("$title: $expr asks for what exists", ({ expr, legendFormat }) => {
    expect(faults(expr)).toEqual([]);
    const { grouping } = readPromql(expr);
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(shown.filter((label) => label !== "instance" && !grouping.includes(label ?? ""))).toEqual([]);
  });

  test("shows every metric of ours", () => {
    const shown = new Set(
      targets.flatMap(({ expr }) => readPromql(expr).selectors.map(({ metric }) => series(metric)?.metric)),
    );
    expect(own.length).toBeGreaterThan(15);
    expect(own.filter((name) => !shown.has(name))).toEqual([]);
  });

  test("has its panels side by side, none over another", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${x} ${y}`), title).toBeUndefined();
          expect(x).toBeLessThan(24);
          taken.set(`${x} ${y}`, title);
        }
  });
});

describe("the alerts", () => {
  test.each(alerts)("$name: $expr asks for what exists", ({ expr, text }) => {
    expect(faults(expr)).toEqual([]);
    expect(expr).toMatch(/[<>=] ?\d+|^absent\(/);
    expect(text).toMatch(/severity: (page|warn) \}\n.*annotations:\n {10}summary: ".+"\n {10}description: ".+"\n/);
  });

  test("are each explained on the page, and shown firing by promtool's test", () => {
    const page = [...read("README.md").matchAll(/^\| `(Stagewire\w+)` \|/gm)].map(([, name]) => name);
    const shown = [...read("alerts.test.yml").matchAll(/alertname="(\w+)"/g)].map(([, name]) => name);
    expect(alerts.length).toBeGreaterThan(10);
    expect(page.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
    expect(shown.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
  });
});

test("the page explains every metric of ours with its labels, and no other", () => {
  const [, table = ""] =
    read("README.md")
      .split(/^## /m)
      .filter((part) => part.startsWith("Figures"))[0]
      ?.split("|---|---|---|") ?? [];
  const words = (cell: string): readonly string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word);
  const explained = [...table.matchAll(/^\|([^|]*)\|([^|]*)\|/gm)].flatMap(([, names = "", labels = ""]) =>
    words(names).map((name) => [`stagewire_${name}`, words(labels)] as const),
  );
  expect(Object.fromEntries(explained)).toEqual(
    Object.fromEntries(own.map((name) => [name, metrics.get(name)?.labels])),
  );
});

test.each([
  ["rate(stagewire_nothing_total[5m])", "no metric stagewire_nothing_total"],
  ["stagewire_event_lag_seconds", "no metric stagewire_event_lag_seconds"],
  ['stagewire_events_settled_total{was="accepted"}', "stagewire_events_settled_total has no label was"],
  ['stagewire_events_settled_total{as="acepted"}', "as is never acepted"],
  ["sum by (tenant) (stagewire_lanes_due)", "nothing has a label tenant"],
  ["summ(stagewire_lanes_due)", "no function summ"],
  ["sum(stagewire_lanes_due", "not understood"],
  ["max(stagewire_lanes_due) >", "not understood"],
  ["stagewire_lanes_due{lane=send}", "not understood"],
  ["", "names no metric"],
])("a mistake planted in %s is found", (expr, fault) => {
  expect(faults(expr).join("; ")).toContain(fault);
});

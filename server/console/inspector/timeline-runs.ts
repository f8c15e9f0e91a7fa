import type { DeliveryDetail } from "../../api/record.ts";

export type Step = DeliveryDetail["timeline"][number];
type RequestStep = Extract<Step, { what: "request" }>;

export interface Run {
  readonly first: Step;
  /** Requests between the first and the last that were answered like them. */
  readonly folded: readonly RequestStep[];
  readonly last?: Step;
}

/** An event can be in a hundred requests that Meta answers alike; those between the first and the last are folded. */
export function timelineRuns(timeline: readonly Step[]): readonly Run[] {
  const groups: Step[][] = [];
  for (const step of timeline) {
    const group = groups.at(-1);
    if (group?.[0] && alike(group[0], step)) group.push(step);
    else groups.push([step]);
  }
  return groups.flatMap((group): Run[] => {
    const [first, ...others] = group;
    const last = others.pop();
    if (!first) return [];
    if (others.length < 2) return group.map((step) => ({ first: step, folded: [] }));
    return [{ first, folded: others.filter((step) => step.what === "request"), ...(last && { last }) }];
  });
}

const alike = (one: Step, other: Step): boolean =>
  one.what === "request" &&
  other.what === "request" &&
  (["verdict", "status", "code", "subcode"] as const).every((name) => one[name] === other[name]);

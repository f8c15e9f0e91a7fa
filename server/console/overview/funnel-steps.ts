import type { FunnelView } from "../../api/schema.ts";

export interface FunnelStep {
  kind: "read" | "not_sent" | "for_meta" | "waiting" | "refused" | "accepted";
  /** The reason's words, where the step is a loss with a reason. */
  title?: string;
  key: string;
  count: number;
  /** Where its bar begins and ends, as shares of the widest step; a loss begins where what is left ends. */
  from: number;
  to: number;
}

/** The way from read to accepted: each total, and between two totals what was left behind, the largest loss first. */
export function funnelSteps(funnel: FunnelView): readonly FunnelStep[] {
  const forMeta = funnel.waiting + funnel.refused + funnel.accepted;
  const widest = Math.max(funnel.read, forMeta, 1);
  const steps: FunnelStep[] = [];
  let left = funnel.read;
  const add = (kind: FunnelStep["kind"], key: string, count: number, from: number, title?: string) => {
    steps.push({
      kind,
      key,
      count,
      from: from / widest,
      to: (from + count) / widest,
      ...(title !== undefined && { title }),
    });
  };
  const lose = (kind: FunnelStep["kind"], key: string, count: number, title?: string) => {
    if (count === 0) return;
    left = Math.max(0, left - count);
    add(kind, key, count, left, title);
  };

  add("read", "read", funnel.read, 0);
  for (const loss of funnel.notSent.toSorted((a, b) => b.count - a.count))
    lose("not_sent", `not_sent ${loss.reason}`, loss.count, loss.title);
  add("for_meta", "for_meta", forMeta, 0);
  left = forMeta;
  lose("waiting", "waiting", funnel.waiting);
  lose("refused", "refused", funnel.refused);
  add("accepted", "accepted", funnel.accepted, 0);
  return steps;
}

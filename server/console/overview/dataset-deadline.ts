import type { DatasetView, Overview } from "../../api/schema.ts";

/**
 * When the first waiting event of a dataset becomes too old, as far as the status tells: it speaks of the dataset that is
 * worst off, and of that one only.
 */
export function deadlineOf(dataset: DatasetView, { datasets, status }: Pick<Overview, "datasets" | "status">) {
  return datasets.find(spokenOf[status.tone])?.id === dataset.id ? status.deadlineAt : undefined;
}

/** In the order of core/status.ts: what Meta blocks, what is tried again, what an admin has paused. */
const spokenOf: Record<Overview["status"]["tone"], (dataset: DatasetView) => boolean> = {
  problem: ({ pausedCode }) => pausedCode !== undefined && pausedCode !== "by_admin",
  waiting: ({ pausedCode, nextTryAt, waiting }) => !pausedCode && waiting > 0 && nextTryAt !== undefined,
  paused: ({ pausedCode }) => pausedCode === "by_admin",
  live: () => false,
  setup: () => false,
};

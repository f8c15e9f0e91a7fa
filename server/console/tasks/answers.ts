import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { TasksView } from "../../api/tasks.ts";
import { ask } from "../api/call.ts";

export type Task = TasksView["tasks"][number];

const whileRunningMs = 1_000;
const whileQuietMs = 10_000;

/** Long work that is under way, or ended within the last day; looked at every second while something runs. */
export function useTasks() {
  return useQuery({
    queryKey: ["tasks"],
    queryFn: ({ signal }) => ask<TasksView>("/tasks", { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.tasks.some((task) => task.state === "running") ? whileRunningMs : whileQuietMs,
  });
}

/** It runs, or stands still until somebody lets it go on: it has not come to its end. */
export const isOpen = ({ state, canResume }: Pick<Task, "state" | "canResume">): boolean =>
  state === "running" || canResume;

/** What is under way about this: a connection, a problem or a receipt. */
export function useTaskAbout(about: string): Task | undefined {
  return useTasks().data?.tasks.find((task) => task.about.id === about && isOpen(task));
}

/** As it stands at this second. */
export function useLatest(task: Task | undefined): Task | undefined {
  return useTasks().data?.tasks.find(({ id }) => id === task?.id) ?? task;
}

import { useEffect, useSyncExternalStore } from "react";

/** What is not saved on the page that is shown, by whoever holds it. */
const held = new Map<string, readonly string[]>();
const listeners = new Set<() => void>();
let all: readonly string[] = [];

function tell(): void {
  all = [...held.values()].flat();
  for (const listener of listeners) listener();
}

/** As long as there are any, leaving the page asks first and names them. */
export function useUnsaved(by: string, names: readonly string[]): void {
  const told = names.join("\n");
  useEffect(() => {
    held.set(by, told === "" ? [] : told.split("\n"));
    tell();
    return () => {
      held.delete(by);
      tell();
    };
  }, [by, told]);
}

/** All that is not saved now. */
export const useAllUnsaved = (): readonly string[] => useSyncExternalStore(subscribe, () => all);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

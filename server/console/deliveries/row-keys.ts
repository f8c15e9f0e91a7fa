import { type KeyboardEvent as ReactKeyboardEvent, useEffect } from "react";
import type { ListedDelivery } from "../../api/deliveries.ts";
import { useSay } from "../elements/saying.tsx";
import { inspect, useInspected } from "../inspector/address.ts";
import { showOf } from "../inspector/inspected.ts";
import { texts } from "../texts/texts.ts";
import { inspectedBy } from "./inspected-by.ts";

/** While a row lies open, Up and Down open the one above and below it. @returns the id of the row that lies open */
export function useRowKeys(rows: readonly ListedDelivery[]): string | undefined {
  const inspected = useInspected();
  const say = useSay();
  const shown = inspected && showOf(inspected);
  const at = shown === undefined ? -1 : rows.findIndex((row) => showOf(inspectedBy(row)) === shown);
  const [above, below] = at < 0 ? [] : [rows[at - 1], rows[at + 1]];
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [role=listbox]")) return;
      const next = { ArrowUp: above, ArrowDown: below }[event.key];
      if (!next) return;
      event.preventDefault();
      inspect(inspectedBy(next));
      say(texts.deliveries.opened(next.stage ?? next.stageId, `${next.record.object} ${next.record.id}`));
      document.getElementById(rowIdOf(next))?.scrollIntoView({ block: "nearest" });
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [above, below, say]);
  return rows[at]?.id;
}

/** Up and Down go from row to row. */
export function toNextRow(event: ReactKeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = step === undefined || at < 0 ? undefined : links[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Of the row in the page. */
export const rowIdOf = ({ id }: ListedDelivery): string => `delivery/${id}`;

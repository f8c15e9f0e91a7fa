import type { MouseEvent, ReactNode, Ref } from "react";
import { hrefOf, inspect } from "./address.ts";
import type { Inspected } from "./inspected.ts";

interface Props {
  to: Inspected;
  /** What a screen reader says instead of the words, where these alone do not tell enough. */
  label?: string;
  className?: string | undefined;
  ref?: Ref<HTMLAnchorElement>;
  /** It opens a row of a list: `j` and `k` go from one to the next. */
  row?: boolean;
  children: ReactNode;
}

/** Opens beside the page what it names; a link like any other, so that it can be copied and opened elsewhere. */
export function InspectLink({ to, label, className, ref, row, children }: Props) {
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    inspect(to);
  };
  return (
    <a ref={ref} className={className} href={hrefOf(to)} aria-label={label} data-row={row || undefined} onClick={open}>
      {children}
    </a>
  );
}

import type { MouseEvent, ReactNode, Ref } from "react";
import { go } from "./history.ts";

interface Props {
  /** Path with query. */
  to: string;
  className?: string | undefined;
  /** The page that is shown. */
  current?: boolean;
  /** It opens a row of a list: `j` and `k` go from one to the next. */
  row?: boolean;
  ref?: Ref<HTMLAnchorElement>;
  /** What a screen reader says instead of the words, where these alone do not tell enough. */
  label?: string | undefined;
  children: ReactNode;
}

/** A link to another page of the console; with a key held it does what links do. */
export function Link({ to, className, current, row, ref, label, children }: Props) {
  return (
    <a
      ref={ref}
      href={to}
      className={className}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      data-row={row || undefined}
      onClick={(event) => follow(event, to)}
    >
      {children}
    </a>
  );
}

/** For buttons that look like one and lead somewhere. */
export function follow(event: MouseEvent, to: string): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(to);
}

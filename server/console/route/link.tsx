import type { MouseEvent, ReactNode } from "react";
import { go } from "./path.ts";

interface Props {
  to: string;
  className?: string | undefined;
  children: ReactNode;
}

/** A link to another page of the console; with a key held it does what links do. */
export function Link({ to, className, children }: Props) {
  return (
    <a href={to} className={className} onClick={(event) => follow(event, to)}>
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

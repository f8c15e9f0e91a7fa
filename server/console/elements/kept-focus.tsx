import { type ReactNode, useEffect, useRef } from "react";

/** A deed often takes its own button away, at once or with what it has mended: the focus then stays here, not nowhere. */
export function KeptFocus({ className, children }: { className?: string | undefined; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const region = box.current;
    if (!region) return;
    let last: EventTarget | null = null;
    const onFocus = ({ target }: FocusEvent) => {
      last = target;
    };
    // What is taken away sends no event that every browser agrees on.
    const observer = new MutationObserver(() => {
      if (!(last instanceof Element) || last.isConnected) return;
      last = null;
      // Whoever has gone on is left there.
      if (document.activeElement === document.body) region.focus({ preventScroll: true });
    });
    region.addEventListener("focusin", onFocus);
    observer.observe(region, { childList: true, subtree: true });
    return () => {
      region.removeEventListener("focusin", onFocus);
      observer.disconnect();
    };
  }, []);
  return (
    <div ref={box} className={className} tabIndex={-1}>
      {children}
    </div>
  );
}

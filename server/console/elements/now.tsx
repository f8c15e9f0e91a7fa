import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const Now = createContext(0);

/** Milliseconds of the server's clock, to the second. */
export function useNow(): number {
  return useContext(Now);
}

/** Ticks once a second for every time below it. `offsetMs` is how far the server's clock is ahead of this browser's. */
export function NowProvider({ offsetMs, children }: { offsetMs: number; children: ReactNode }) {
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <Now value={now + offsetMs}>{children}</Now>;
}

import { Skeleton } from "@mantine/core";
import { Later } from "./later.tsx";
import classes from "./placeholder.module.css";

/** The lines of a list or a text that is on its way, within a card. */
export function Awaited({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <Later label={label}>
      <div className={classes.lines}>
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <Skeleton key={line} h={20} radius="sm" />
        ))}
      </div>
    </Later>
  );
}

import { Skeleton } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { Later } from "./later.tsx";
import classes from "./placeholder.module.css";

/** The shape of a page while its first reading is under way. */
export function Placeholder({ label = texts.shell.loading }: { label?: string }) {
  return (
    <Later label={label}>
      <div className="page-grid">
        <Skeleton className={classes.block} h={84} />
        <Skeleton className={classes.block} h={330} />
        <Skeleton className={classes.block} h={230} />
      </div>
    </Later>
  );
}

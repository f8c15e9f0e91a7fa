import { Skeleton, VisuallyHidden } from "@mantine/core";
import classes from "./placeholder.module.css";
import { en as texts } from "./texts/en.ts";

/** The page's shape while the first reading is under way; invisible for the first 200 ms, so that a quick answer does not flash. */
export function Placeholder() {
  return (
    <div className={`page-grid ${classes.placeholder}`} aria-busy="true">
      <VisuallyHidden component="h1">{texts.loading}</VisuallyHidden>
      <Skeleton className={classes.block} h={102} />
      <Skeleton className={`${classes.block} ${classes.clock}`} h={14} w={96} />
      <div className="page-columns">
        <div className="page-grid">
          <Skeleton className={classes.block} h={330} />
          <Skeleton className={classes.block} h={190} />
        </div>
        <Skeleton className={classes.block} h={590} />
      </div>
      <Skeleton className={classes.block} h={230} />
      <Skeleton className={classes.block} h={420} />
    </div>
  );
}

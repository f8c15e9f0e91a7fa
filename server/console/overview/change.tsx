import type { Range } from "../../api/figures.ts";
import { texts } from "../texts/texts.ts";
import classes from "./overview.module.css";

const { figures: words } = texts;

/** How a number stands to the time before; nothing where there is nothing to compare. */
export function Change({ now, before, range }: { now: number; before: number; range: Range }) {
  if (now === 0 && before === 0) return null;
  const explained = words.change.explained(before, words.range.before[range]);
  return (
    <span className={classes.change} title={explained}>
      {before === 0 ? words.change.new : now === before ? words.change.none : words.change.by(now, before)}
    </span>
  );
}

import { Button } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { Icon } from "./icons.tsx";
import classes from "./unreachable.module.css";

/** Nothing could be read yet: what failed, why, and what happens meanwhile. */
export function Unreachable({ why, trying, onTry }: { why: string; trying: boolean; onTry: () => void }) {
  return (
    <section className={classes.panel} data-tone="problem" aria-labelledby="unreachable">
      <span className={classes.icon}>
        <Icon name="warning" size={22} />
      </span>
      <h1 className={classes.title} id="unreachable">
        {texts.unreachable.title}
      </h1>
      <p className={classes.body}>{texts.unreachable.body(why)}</p>
      <Button variant="default" aria-disabled={trying} onClick={onTry}>
        {texts.unreachable.again}
      </Button>
    </section>
  );
}

import type { ConnectionFacts } from "../../api/connections.ts";
import { Icon } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./connections.module.css";
import { nameIn } from "./somebody.ts";

const { connectionsPage: words } = texts;

/** Who has paused it, and when. */
export function Paused({ paused: { at, by } }: { paused: NonNullable<ConnectionFacts["paused"]> }) {
  return (
    <p className={classes.paused} data-tone="paused">
      <Icon name="pause" size={14} />
      <span>
        <bdi>{words.paused(nameIn(by))}</bdi>, <Moment at={at} />
      </span>
    </p>
  );
}

import { Tooltip } from "@mantine/core";
import { useContext } from "react";
import { texts } from "../texts/texts.ts";
import { Layer } from "./layer.ts";
import classes from "./moment.module.css";
import { useNow } from "./now.tsx";

/** How long ago, or how long until; the full instant in the viewer's zone on hover, focus and touch. */
export function Moment({ at }: { at: string }) {
  const instant = new Date(at);
  const distance = texts.time.relative(instant.getTime() - useNow());
  const layer = useContext(Layer);
  return (
    <Tooltip
      label={texts.time.full(instant)}
      events={{ hover: true, focus: true, touch: true }}
      withArrow
      {...(layer && { portalProps: { target: layer } })}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the full instant is out of a keyboard's reach */}
      <time className={classes.moment} dateTime={at} tabIndex={0}>
        {distance}
      </time>
    </Tooltip>
  );
}

import { Tooltip } from "@mantine/core";
import type { Overview } from "../../api/schema.ts";
import { Icon } from "../elements/icons.tsx";
import { SessionMenu } from "../session/menu.tsx";
import { texts } from "../texts/texts.ts";
import { ColorSchemeSwitch } from "./color-scheme-switch.tsx";
import classes from "./top-line.module.css";

export function TopLine({ workspace }: { workspace: Overview["workspace"] | undefined }) {
  return (
    <header className={classes.line}>
      <span className={classes.product}>
        <img className={classes.mark} src="/favicon.svg" alt="" width={26} height={26} />
        {texts.product}
      </span>
      <SessionMenu />
      {workspace && (
        <span className={classes.workspace}>
          <bdi>{workspace.name}</bdi>
          {workspace.demo && (
            <Tooltip
              label={texts.demoExplained}
              events={{ hover: true, focus: true, touch: true }}
              multiline
              w={240}
              withArrow
            >
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the explanation is out of a keyboard's reach */}
              <span className={classes.demo} tabIndex={0}>
                {texts.demo}
              </span>
            </Tooltip>
          )}
        </span>
      )}
      <span className={classes.end}>
        {workspace?.demo && (
          <a className={classes.sandbox} href="/sandbox/">
            {texts.sandbox}
            <Icon name="arrow" size={14} />
          </a>
        )}
        <ColorSchemeSwitch />
      </span>
    </header>
  );
}

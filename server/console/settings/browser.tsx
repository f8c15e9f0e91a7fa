import { Switch } from "@mantine/core";
import { useState } from "react";
import { Card } from "../elements/card.tsx";
import { ColorSchemeSwitch } from "../shell/color-scheme-switch.tsx";
import { keysAreOn, switchKeys } from "../shell/keys.ts";
import { texts } from "../texts/texts.ts";
import classes from "./settings.module.css";

const { browser: words } = texts.settings;

/** What is kept in this browser alone. */
export function Browser() {
  const [on, switchOn] = useState(keysAreOn);
  return (
    <Card title={words.title}>
      <div className={classes.parts}>
        <p className={classes.lead}>{words.lead}</p>
        <div className={classes.beside}>
          <span>{words.colours}</span>
          <ColorSchemeSwitch />
        </div>
        <Switch
          classNames={{ body: classes.fits, labelWrapper: classes.fits }}
          label={words.keys}
          description={words.keysNote}
          checked={on}
          onChange={({ currentTarget }) => {
            switchKeys(currentTarget.checked);
            switchOn(currentTarget.checked);
          }}
        />
      </div>
    </Card>
  );
}

import { Button, Switch } from "@mantine/core";
import { useId, useRef, useState } from "react";
import { texts } from "../texts/texts.ts";
import classes from "./help.module.css";
import { keysAreOn, switchKeys } from "./keys.ts";

const { help: words } = texts.shell;

const keys: readonly (readonly [what: keyof typeof words.keys, ...keys: string[]])[] = [
  ["help", "?"],
  ["search", "/"],
  ["overview", "g", "o"],
  ["deliveries", "g", "d"],
  ["problems", "g", "p"],
  ["mapping", "g", "m"],
  ["settings", "g", "s"],
  ["next", "j"],
  ["previous", "k"],
  ["open", "Enter"],
  ["close", "Esc"],
  ["again", "r"],
  ["copy", "c"],
];

/** The keys, and the way to switch them off. The browser's own dialog: Escape closes it, the focus goes back. */
export function Help() {
  const sheet = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [on, switchOn] = useState(keysAreOn);
  return (
    <>
      <Button data-help size="compact-sm" variant="default" onClick={() => sheet.current?.showModal()}>
        {words.open}
      </Button>
      <dialog className={classes.sheet} ref={sheet} closedby="any" aria-labelledby={id}>
        <h2 className={classes.title} id={id}>
          {words.keyboard}
        </h2>
        <dl className={classes.keys}>
          {keys.map(([what, ...pressed]) => (
            <div key={what}>
              <dt>{words.keys[what]}</dt>
              <dd>
                {pressed.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <Switch
          label={words.on}
          description={words.onNote}
          checked={on}
          onChange={({ currentTarget }) => {
            switchKeys(currentTarget.checked);
            switchOn(currentTarget.checked);
          }}
        />
        <Button variant="default" onClick={() => sheet.current?.close()}>
          {words.close}
        </Button>
      </dialog>
    </>
  );
}

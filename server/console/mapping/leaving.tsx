import { Button } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useId, useLayoutEffect, useRef } from "react";
import { texts } from "../texts/texts.ts";
import classes from "./leaving.module.css";
import { useAllUnsaved } from "./unsaved.ts";

const { leaving: words } = texts.mapping;
/** More names than these are only counted. */
const most = 5;

/** Asks once before a page is left that holds something unsaved, and names it. */
export function Leaving() {
  const names = useAllUnsaved();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname,
    enableBeforeUnload: names.length > 0,
    disabled: names.length === 0,
    withResolver: true,
  });
  if (status !== "blocked") return null;
  return <Question names={names} onLeave={proceed} onStay={reset} />;
}

function Question(props: { names: readonly string[]; onLeave: () => void; onStay: () => void }) {
  const { names, onLeave, onStay } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const named = names.length > most ? [...names.slice(0, most - 1), words.more(names.length - most + 1)] : names;
  return (
    <dialog
      className={classes.question}
      ref={dialog}
      aria-labelledby={id}
      aria-describedby={`${id}-names`}
      onCancel={(event) => {
        event.preventDefault();
        onStay();
      }}
    >
      <h2 className={classes.title} id={id}>
        {words.title}
      </h2>
      <p className={classes.names} id={`${id}-names`}>
        <bdi>{words.lead(named)}</bdi>
      </p>
      <div className={classes.buttons}>
        <Button size="compact-md" onClick={onStay}>
          {words.stay}
        </Button>
        <Button size="compact-md" variant="default" onClick={onLeave}>
          {words.leave}
        </Button>
      </div>
    </dialog>
  );
}

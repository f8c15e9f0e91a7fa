import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { Icon } from "../elements/icons.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Layer } from "../elements/layer.ts";
import { Heard } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import { putAway } from "./address.ts";
import classes from "./drawer.module.css";

/**
 * Comes in from the right; on a phone it is the page. The browser's own modal dialog: Escape closes it, the page behind is out
 * of reach, and the focus returns to where it was.
 */
export function Drawer({ title, about, children }: { title: ReactNode; about: ReactNode; children: ReactNode }) {
  const id = useId();
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the element is taken out of the page: a dialog that is gone gives the focus back to nobody.
  useLayoutEffect(() => {
    dialog?.showModal();
    heading.current?.focus();
    return () => dialog?.close();
  }, [dialog]);

  return (
    <dialog
      ref={setDialog}
      className={classes.drawer}
      aria-labelledby={id}
      closedby="any"
      onClose={(event) => {
        if (event.target === event.currentTarget && !event.currentTarget.open) putAway();
      }}
    >
      <Layer value={dialog}>
        <div className={classes.head}>
          <div className={classes.words}>
            <h2 ref={heading} className={classes.title} id={id} tabIndex={-1}>
              {title}
            </h2>
            <p className={classes.about}>{about}</p>
          </div>
          <button
            type="button"
            className={classes.close}
            aria-label={texts.drawer.close}
            onClick={() => dialog?.close()}
          >
            <Icon name="cross" size={18} />
          </button>
        </div>
        <KeptFocus className={classes.body}>{children}</KeptFocus>
        <Heard />
      </Layer>
    </dialog>
  );
}

/** A titled part of what lies open. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle} id={id}>
          {props.title}
        </h3>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

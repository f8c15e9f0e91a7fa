import { type ReactNode, useEffect, useRef } from "react";
import { NowProvider } from "../elements/now.tsx";
import { Heard, Saying } from "../elements/saying.tsx";
import { hasMoved } from "../route/history.ts";
import { useSession } from "../session/session.ts";
import { TopLine } from "../shell/top-line.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./frame.module.css";

interface Props {
  /** Of the browser's tab. */
  title: string;
  heading: string;
  lead?: string | undefined;
  children?: ReactNode;
}

/** A page of one task: a heading, what it is about, and a narrow column. */
export function Frame({ title, heading, lead, children }: Props) {
  const { data } = useSession();
  const top = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = texts.title(title);
  }, [title]);
  useEffect(() => {
    if (hasMoved()) top.current?.focus();
  }, []);
  const workspace = data?.signedIn && data.workspace;
  return (
    <NowProvider offsetMs={0}>
      <Saying>
        <div className="page">
          <TopLine workspace={workspace ? { name: workspace.name, demo: data.sandbox } : undefined} />
          <main className={classes.column}>
            <div>
              <h1 className={classes.heading} tabIndex={-1} ref={top}>
                <bdi>{heading}</bdi>
              </h1>
              {lead && <p className={classes.lead}>{lead}</p>}
            </div>
            {children}
          </main>
          <Heard />
        </div>
      </Saying>
    </NowProvider>
  );
}

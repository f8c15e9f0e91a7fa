import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { Card } from "../elements/card.tsx";
import { Note } from "../elements/note.tsx";
import { useSearch } from "../route/search.ts";
import { secretIn } from "../route/secret.ts";
import { hasEnded, useSession } from "../session/session.ts";
import { Frame } from "../shell/frame.tsx";
import { texts } from "../texts/texts.ts";
import { Demo } from "./demo.tsx";
import { Operator } from "./operator.tsx";
import { Providers } from "./providers.tsx";
import classes from "./sign-in.module.css";
import { rememberWish } from "./wish.ts";

const { signIn: words } = texts;

/** Where everybody begins: a CRM's consent is the way in. For who is signed in, the way to connect another account. */
export function SignIn() {
  const { data: session } = useSession();
  // The link may be pasted into a tab in which this page lies open.
  const key = useRouterState({ select: ({ location }) => secretIn(location.hash, "key") });
  const workspace = session?.signedIn ? session.workspace : undefined;
  const fresh = useSearch().new !== undefined;
  useEffect(() => rememberWish(fresh), [fresh]);
  const said = fresh
    ? words.fresh
    : session?.signedIn
      ? { ...words.another, lead: workspace && words.another.lead(workspace.name) }
      : { title: words.title, heading: words.heading, lead: words.lead };
  if (key !== undefined) return <Operator secret={key} />;
  return (
    <Frame {...said}>
      {hasEnded(session) && (
        <Note tone="waiting" role="status">
          {words.ended}
        </Note>
      )}
      {session?.sandbox && !session.signedIn && !fresh && <Demo />}
      {session?.sandbox && <Note tone="setup">{words.simulated}</Note>}
      <Providers />
      <Card title={words.never.title}>
        <ul className={classes.points}>
          {words.never.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </Card>
    </Frame>
  );
}

import { useMutation } from "@tanstack/react-query";
import { addresses } from "../../api/addresses.ts";
import type { SessionView } from "../../api/session.ts";
import { ask } from "../api/call.ts";
import { Card } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { Frame } from "../shell/frame.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./no-workspace.module.css";

const { session: words } = texts;

/** Somebody is signed in and no workspace is open: it was removed, or they were. */
export function NoWorkspace({ session }: { session: SessionView & { signedIn: true } }) {
  const open = useMutation<unknown, Error, string>({
    mutationFn: (workspace) => ask("/session/open", { body: { workspace } }),
    onSuccess: () => location.reload(),
  });
  const some = session.workspaces.length > 0;
  return (
    <Frame title={words.none.title} heading={words.none.title} lead={some ? words.none.lead : words.none.alone}>
      {some && (
        <Card title={words.workspaces}>
          <ul className={classes.list}>
            {session.workspaces.map(({ id, name, role }) => (
              <li className={classes.row} key={id}>
                <span>
                  <bdi>{name}</bdi> · {words.roles[role]}
                </span>
                <DeedButton busy={words.open(name)} doing={open.isPending} onDo={() => open.mutate(id)}>
                  {words.open(name)}
                </DeedButton>
              </li>
            ))}
          </ul>
          {open.error && <Refusal what={words.failed} error={open.error} />}
        </Card>
      )}
      <p className={classes.row}>
        <Link to={addresses.signIn}>{words.connectCrm}</Link>
      </p>
    </Frame>
  );
}

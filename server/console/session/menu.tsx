import { Button } from "@mantine/core";
import { focusManager, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { addresses } from "../../api/addresses.ts";
import type { SessionView } from "../../api/session.ts";
import { ask } from "../api/call.ts";
import { Icon } from "../elements/icons.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { history } from "../route/history.ts";
import { Link } from "../route/link.tsx";
import { newWorkspace } from "../sign-in/wish.ts";
import { texts } from "../texts/texts.ts";
import classes from "./menu.module.css";
import { nameOf, useSession } from "./session.ts";

const { session: words } = texts;

/** Who is signed in, the workspaces, the pages about them, and the way out. Nothing where nobody is. */
export function SessionMenu() {
  const { data } = useSession();
  return data?.signedIn ? <Menu session={data} /> : null;
}

/** The browser's own popover: Escape and a press elsewhere put it away, and the focus goes back to its button. */
function Menu({ session }: { session: SessionView & { signedIn: true } }) {
  const panel = useRef<HTMLDivElement>(null);
  const { person, workspace, workspaces } = session;
  const name = nameOf(person) ?? words.nameless;
  useEffect(() => {
    return history.subscribe(() => panel.current?.hidePopover());
  }, []);
  const queries = useQueryClient();
  const leave = useMutation<unknown, Error, { path: string; body?: object; to: string }>({
    // This page asks nothing more: it would be told of another workspace, or that nobody is signed in.
    onMutate: async () => {
      focusManager.setFocused(false);
      await queries.cancelQueries();
    },
    mutationFn: ({ path, body = {} }) => ask(path, { body }),
    // All that was read belongs to whoever was signed in, and where: a browser that kept the page for its Back asks anew.
    onSuccess: (_answer, { to }) => {
      addEventListener("pageshow", () => location.reload());
      location.assign(to);
    },
    onError: () => focusManager.setFocused(undefined),
  });
  return (
    <div className={classes.menu}>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={words.menu(name)}
        popoverTarget="session-menu"
        leftSection={<Icon name="person" size={14} />}
        classNames={{ label: classes.name ?? "" }}
      >
        {name}
      </Button>
      <div id="session-menu" popover="auto" className={classes.panel} ref={panel}>
        <p className={classes.person}>
          <bdi>{name}</bdi>
          {person.mail && person.mail !== name && <span className={classes.mail}>{person.mail}</span>}
        </p>
        {workspaces.length > 0 && (
          <>
            <h2 className={classes.title}>{words.workspaces}</h2>
            <ul className={classes.list}>
              {workspaces.map(({ id, name: called, role }) => (
                <li key={id}>
                  {id === workspace?.id ? (
                    <span className={classes.here}>
                      <Icon name="tick" size={14} />
                      <span>
                        <bdi>{called}</bdi>
                        <span className={classes.mail}>
                          {texts.session.roles[role]}, {words.here}
                        </span>
                      </span>
                    </span>
                  ) : (
                    <button
                      type="button"
                      className={classes.item}
                      onClick={() => leave.mutate({ path: "/session/open", body: { workspace: id }, to: "/" })}
                    >
                      <bdi>{called}</bdi>
                      <span className={classes.mail}>{texts.session.roles[role]}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        <nav className={classes.list}>
          {workspace && <Item to="/">{words.overview}</Item>}
          {workspace && <Item to="/members">{words.members}</Item>}
          <Item to={addresses.signIn}>{words.connectCrm}</Item>
          <Item to={newWorkspace}>{words.setUp}</Item>
          {workspace && workspace.role !== "viewer" && <Item to={addresses.connectMeta}>{words.connectMeta}</Item>}
        </nav>
        <div className={classes.list}>
          <button
            type="button"
            className={classes.item}
            onClick={() => leave.mutate({ path: "/session/end", to: addresses.signIn })}
          >
            {words.end}
          </button>
          <button
            type="button"
            className={classes.item}
            onClick={() => leave.mutate({ path: "/session/end-all", to: addresses.signIn })}
          >
            {words.endAll}
          </button>
        </div>
        {leave.error && <Refusal what={words.failed} error={leave.error} />}
      </div>
    </div>
  );
}

function Item({ to, children }: { to: string; children: string }) {
  return (
    <Link to={to} className={classes.item}>
      {children}
    </Link>
  );
}

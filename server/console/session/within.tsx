import type { ReactNode } from "react";
import type { Role, SessionView } from "../../api/session.ts";
import { Frame } from "../frame/frame.tsx";
import { Placeholder } from "../placeholder.tsx";
import { Link } from "../route/link.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { en as texts } from "../texts/en.ts";
import { Unreachable } from "../unreachable.tsx";
import { NoWorkspace } from "./no-workspace.tsx";
import { isAtLeast, useSession } from "./session.ts";

export type Workspace = NonNullable<(SessionView & { signedIn: true })["workspace"]>;

interface Props {
  /** The page's name, while it cannot be shown. */
  title: string;
  atLeast: Role;
  children: (workspace: Workspace) => ReactNode;
}

/** A page inside the workspace that is open: for those who are signed in, with the role that it takes. */
export function Within({ title, atLeast, children }: Props) {
  const { data, error, isFetching, refetch } = useSession();
  if (!data)
    return (
      <div className="page">
        <main>
          {error ? (
            <Unreachable why={error.message} trying={isFetching} onTry={() => void refetch()} />
          ) : (
            <Placeholder />
          )}
        </main>
      </div>
    );
  if (!data.signedIn) return <SignIn />;
  if (!data.workspace) return <NoWorkspace session={data} />;
  const { workspace } = data;
  if (isAtLeast(workspace.role, atLeast)) return children(workspace);
  const { notAllowed, roles } = texts.session;
  return (
    <Frame
      title={title}
      heading={notAllowed.title}
      lead={notAllowed.lead(roles[atLeast].toLowerCase(), workspace.name)}
    >
      <p>
        <Link to="/members">{texts.session.members}</Link>
      </p>
    </Frame>
  );
}

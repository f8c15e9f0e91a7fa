import type { ReactNode } from "react";
import { Placeholder } from "../elements/placeholder.tsx";
import { Unreachable } from "../elements/unreachable.tsx";
import { NoWorkspace } from "../session/no-workspace.tsx";
import { useSession } from "../session/session.ts";
import { SignIn } from "../sign-in/sign-in.tsx";

/** What is shown to those who are signed in and have a workspace open; everybody else is shown the way there. */
export function Within({ children }: { children: ReactNode }) {
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
  return data.workspace ? children : <NoWorkspace session={data} />;
}

import { useQuery } from "@tanstack/react-query";
import type { Role, SessionView } from "../../api/session.ts";
import { ask } from "../api/call.ts";

export type Workspace = NonNullable<(SessionView & { signedIn: true })["workspace"]>;

/** Who is signed in; asked once, and again when the server says that nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: async ({ signal }) => {
      const session = await ask<SessionView>("/session", { signal });
      wasThere ||= session.signedIn;
      return session;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

let wasThere = false;
/** Somebody was signed in while this page lay open, and is no more. */
export const hasEnded = (session: SessionView | undefined): boolean => wasThere && session?.signedIn === false;

/** Who may do most comes first. */
export const roles: readonly Role[] = ["owner", "admin", "viewer"];
export const isAtLeast = (role: Role, wanted: Role): boolean => roles.indexOf(role) <= roles.indexOf(wanted);

/** The workspace that is open. Within the shell there always is one. */
export function useWorkspace(): Workspace {
  const { data } = useSession();
  if (!data?.signedIn || !data.workspace) throw new TypeError("this stands outside of the shell");
  return data.workspace;
}

/** Whether the one who looks may do what takes this role. */
export const useMay = (wanted: Role): boolean => isAtLeast(useWorkspace().role, wanted);

/** What the one who is signed in is called. */
export const nameOf = ({ name, mail }: { name?: string | undefined; mail?: string | undefined }): string | undefined =>
  name ?? mail;

import type { ReactNode } from "react";
import { addresses } from "../../api/addresses.ts";
import type { Role } from "../../api/session.ts";
import { Page } from "../elements/page.tsx";
import { Link } from "../route/link.tsx";
import { useMay, useWorkspace } from "../session/session.ts";
import { texts } from "../texts/texts.ts";

/** A page that takes a role: whoever has less is told who can, and where to ask. */
export function Only({ atLeast, children }: { atLeast: Role; children: ReactNode }) {
  const { name } = useWorkspace();
  const { notAllowed, roles, members } = texts.session;
  if (useMay(atLeast)) return children;
  return (
    <Page title={notAllowed.title} lead={notAllowed.lead(roles[atLeast].toLowerCase(), name)}>
      <p>
        <Link to={addresses.members}>{members}</Link>
      </p>
    </Page>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { MembersView } from "../../api/members.ts";
import { ask } from "../api/call.ts";
import { Absence, Card } from "../card.tsx";
import { Frame } from "../frame/frame.tsx";
import { Refusal } from "../refusal.tsx";
import { isAtLeast } from "../session/session.ts";
import type { Workspace } from "../session/within.tsx";
import { en as texts } from "../texts/en.ts";
import { Invitations } from "./invitations.tsx";
import { Invite } from "./invite.tsx";
import { Member } from "./member.tsx";
import classes from "./members.module.css";

const { members: words } = texts;

/** Who is in the workspace that is open, and who is invited. */
export function Members({ workspace }: { workspace: Workspace }) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["members"],
    queryFn: ({ signal }) => ask<MembersView>("/members", { signal }),
  });
  const owner = workspace.role === "owner";
  return (
    <Frame title={words.title} heading={words.heading(workspace.name)} lead={owner ? undefined : words.onlyOwners}>
      <Card title={words.title}>
        {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
        {!data && !error && <Absence>{words.loading}</Absence>}
        <ul className={classes.list}>
          {data?.members.map((member) => (
            <Member key={member.id} member={member} editable={owner} />
          ))}
        </ul>
      </Card>
      {isAtLeast(workspace.role, "admin") && <Invitations editable={owner} />}
      {owner && <Invite />}
    </Frame>
  );
}

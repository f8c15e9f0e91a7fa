import { useQuery } from "@tanstack/react-query";
import type { MembersView } from "../../api/members.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Rows } from "../elements/rows.tsx";
import { isAtLeast, useWorkspace } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { Invitations } from "./invitations.tsx";
import { Invite } from "./invite.tsx";
import { Member } from "./member.tsx";

const { members: words } = texts;

/** Who is in the workspace that is open, and who is invited. */
export function Members() {
  const workspace = useWorkspace();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["members"],
    queryFn: ({ signal }) => ask<MembersView>("/members", { signal }),
  });
  const owner = workspace.role === "owner";
  const owners = data?.members.filter(({ role }) => role === "owner").length ?? 0;
  return (
    <Page title={words.heading(workspace.name)} lead={owner ? undefined : words.onlyOwners}>
      <Card title={words.title}>
        {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
        {!data && !error && <Awaited label={words.loading} lines={3} />}
        <Rows>
          {data?.members.map((member) => (
            <Member
              key={member.id}
              member={member}
              editable={owner}
              lastOwner={member.role === "owner" && owners === 1}
            />
          ))}
        </Rows>
      </Card>
      {isAtLeast(workspace.role, "admin") && <Invitations editable={owner} />}
      {owner && <Invite />}
    </Page>
  );
}

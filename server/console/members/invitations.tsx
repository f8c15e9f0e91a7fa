import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { InvitationsView } from "../../api/members.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Row, Rows } from "../elements/rows.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";

const { members: words, session } = texts;
type One = InvitationsView["invitations"][number];

/** Who is invited and has not come yet. */
export function Invitations({ editable }: { editable: boolean }) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["invitations"],
    queryFn: ({ signal }) => ask<InvitationsView>("/invitations", { signal }),
  });
  return (
    <Card title={words.invitations}>
      {error && (
        <Refusal what={words.invitationsFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!data && !error && <Awaited label={words.loadingInvitations} lines={1} />}
      {data?.invitations.length === 0 && <Absence>{words.noInvitations}</Absence>}
      <Rows>
        {data?.invitations.map((one) => (
          <Invited key={one.id} invitation={one} editable={editable} />
        ))}
      </Rows>
    </Card>
  );
}

function Invited({ invitation: { id, mail, role, endsAt }, editable }: { invitation: One; editable: boolean }) {
  const queries = useQueryClient();
  const say = useSay();
  const withdraw = useMutation({
    mutationFn: () => ask(`/invitations/${id}/withdraw`, { body: {} }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["invitations"] });
      say(words.withdrawn(mail));
    },
  });
  return (
    <Row
      name={<bdi>{mail}</bdi>}
      about={
        <>
          {session.roles[role]} · {words.until} <Moment at={endsAt} />
        </>
      }
    >
      {editable && (
        <DeedButton busy={words.withdrawing} doing={withdraw.isPending} onDo={() => withdraw.mutate()}>
          {words.withdraw}
        </DeedButton>
      )}
      {withdraw.error && <Refusal what={words.withdrawFailed} error={withdraw.error} />}
    </Row>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MembersView } from "../../api/members.ts";
import { ask } from "../api/call.ts";
import { Confirming } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Row } from "../elements/rows.tsx";
import { useSay } from "../elements/saying.tsx";
import { nameOf } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import classes from "./members.module.css";
import { RoleSelect } from "./role-select.tsx";

type One = MembersView["members"][number];
const { members: words, session } = texts;

interface Props {
  member: One;
  editable: boolean;
  /** Nobody would be left who may do everything. */
  lastOwner: boolean;
}

/** A member and their role; an owner changes it here, or ends it. The last owner names another first. */
export function Member({ member, editable, lastOwner }: Props) {
  const { id, role, mail, joinedAt, you } = member;
  const name = nameOf(member) ?? words.unnamed;
  const queries = useQueryClient();
  const say = useSay();
  // Whoever changes their own role or leaves goes on in another session.
  const renew = async () => {
    await queries.invalidateQueries({ queryKey: ["members"] });
    if (you) await queries.invalidateQueries({ queryKey: ["session"] });
  };
  const change = useMutation<unknown, Error, One["role"]>({
    mutationFn: (wanted) => ask(`/members/${id}/role`, { body: { role: wanted } }),
    onSuccess: async (_answer, wanted) => {
      await renew();
      say(words.roleChanged(name, session.roles[wanted]));
    },
  });
  const remove = useMutation({
    mutationFn: () => ask(`/members/${id}/remove`, { body: {} }),
    onSuccess: async () => {
      await renew();
      say(words.removed(name));
    },
  });
  return (
    <Row
      name={
        <>
          <bdi>{name}</bdi> {you && <Pill tone="setup">{words.you}</Pill>}
        </>
      }
      about={
        <>
          {mail && mail !== name && (
            <>
              <bdi>{mail}</bdi> ·{" "}
            </>
          )}
          {words.joined} <Moment at={joinedAt} />
        </>
      }
    >
      {editable && !lastOwner ? (
        <RoleSelect
          label={words.role(name)}
          value={role}
          disabled={change.isPending}
          onChange={(wanted) => change.mutate(wanted)}
        />
      ) : (
        <span>{session.roles[role]}</span>
      )}
      {editable && lastOwner && <span className={classes.dim}>{words.lastOwner}</span>}
      {editable && !lastOwner && (
        <Confirming
          trigger={words.remove}
          question={you ? words.removeYou : words.removeAsked(name)}
          cancel={words.keep}
        >
          {() => (
            <DeedButton variant="filled" busy={words.removing} doing={remove.isPending} onDo={() => remove.mutate()}>
              {words.remove}
            </DeedButton>
          )}
        </Confirming>
      )}
      {change.error && <Refusal what={words.roleFailed} error={change.error} />}
      {remove.error && <Refusal what={words.removeFailed} error={remove.error} />}
    </Row>
  );
}

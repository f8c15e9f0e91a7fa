import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { Invited } from "../../api/members.ts";
import type { Role } from "../../api/session.ts";
import { ask } from "../api/call.ts";
import { Card } from "../elements/card.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { isMail } from "../elements/form/mail.ts";
import { Select } from "../elements/form/select.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { ToCopy } from "../elements/to-copy.tsx";
import { roles } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import classes from "./members.module.css";

const { members, session } = texts;
const { invite: words } = members;

/** Inviting somebody by mail; the link is shown here as well, once. */
export function Invite() {
  const [mail, type] = useState("");
  const [role, choose] = useState<Role>("viewer");
  const [tried, tryIt] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const queries = useQueryClient();
  const invite = useMutation({
    mutationFn: () => ask<Invited>("/invitations", { body: { mail: mail.trim(), role }, patienceMs: 30_000 }),
    onSuccess: () => {
      type("");
      tryIt(false);
      return queries.invalidateQueries({ queryKey: ["invitations"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tryIt(true);
    if (!isMail(mail.trim())) line.current?.focus();
    else if (!invite.isPending) invite.mutate();
  };
  return (
    <Card title={words.title}>
      <form className={`${form.form} ${classes.invite}`} onSubmit={submit} noValidate>
        <Field
          ref={line}
          label={words.mail}
          type="email"
          autoComplete="off"
          value={mail}
          error={tried && !isMail(mail.trim()) ? words.mailMissing : undefined}
          onChange={({ target }) => type(target.value)}
        />
        <Select
          label={words.role}
          hint={session.rolesExplained[role]}
          value={role}
          choices={roles.map((one) => ({ value: one, label: session.roles[one] }))}
          onChoose={choose}
        />
        <Button type="submit" aria-disabled={invite.isPending || undefined}>
          {invite.isPending ? words.sending : words.send}
        </Button>
      </form>
      {invite.error && <Refusal what={words.failed} error={invite.error} />}
      {invite.data && <Made invited={invite.data} />}
    </Card>
  );
}

function Made({ invited: { mail, mailed, link } }: { invited: Invited }) {
  return (
    <div className={classes.made}>
      <Note tone={mailed ? "live" : "waiting"} role="status">
        {mailed ? words.mailed(mail) : words.notMailed(mail)}
      </Note>
      <p className={classes.dim}>{words.link}</p>
      <ToCopy text={link} label={words.copy} />
    </div>
  );
}

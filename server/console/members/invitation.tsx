import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask, Refused } from "../api/call.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import form from "../elements/form/form.module.css";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { go } from "../route/history.ts";
import { nameOf, useSession } from "../session/session.ts";
import { Frame } from "../shell/frame.tsx";
import { Providers } from "../sign-in/providers.tsx";
import { texts } from "../texts/texts.ts";
import { forgetInvitation, rememberedInvitation, rememberInvitation } from "./remembered.ts";

const { invitation: words } = texts;

/** The link of an invitation: whoever is signed in joins by a press of the button. */
export function Invitation() {
  const { data: session } = useSession();
  const [secret] = useState(() => rememberInvitation() ?? rememberedInvitation());
  const join = useMutation({
    mutationFn: (token: string) => ask("/invitations/accept", { body: { token } }),
    onSuccess: () => {
      forgetInvitation();
      location.replace("/");
    },
    onError: (error) => {
      if (error instanceof Refused && error.code === "not_found") forgetInvitation();
    },
  });
  const person = session?.signedIn ? session.person : undefined;
  const name = person && (nameOf(person) ?? texts.session.nameless);
  return (
    <Frame title={words.title} heading={words.heading} lead={name && words.lead(name)}>
      {secret === undefined && !join.error && <Note tone="waiting">{words.none}</Note>}
      {secret !== undefined && session?.signedIn === false && (
        <>
          <Note tone="setup">{words.signIn}</Note>
          <Providers returnTo="invitation" />
        </>
      )}
      {secret !== undefined && person && (
        <div className={form.buttons}>
          <DeedButton variant="filled" busy={words.joining} doing={join.isPending} onDo={() => join.mutate(secret)}>
            {words.join}
          </DeedButton>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              forgetInvitation();
              go("/");
            }}
          >
            {words.notNow}
          </Button>
        </div>
      )}
      {join.error && <Refusal what={words.failed} error={join.error} />}
    </Frame>
  );
}

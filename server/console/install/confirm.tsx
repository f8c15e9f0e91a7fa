import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { InstallView } from "../../api/installs.ts";
import { ask } from "../api/call.ts";
import { Card } from "../elements/card.tsx";
import { Choices } from "../elements/form/choices.tsx";
import form from "../elements/form/form.module.css";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { wishesNewWorkspace } from "../sign-in/wish.ts";
import { texts } from "../texts/texts.ts";

const { install: words, installFailed } = texts;
const patienceMs = 30_000;

interface Props {
  install: InstallView;
  onRefused: () => void;
}

/** Where the account goes, and yes or no. Nothing is connected before. */
export function Confirm({ install, onRefused }: Props) {
  const { id, state, workspace, account, crmName, sharesDataset, manyGrants, grants } = install;
  const [chosen, choose] = useState(workspace && !wishesNewWorkspace() ? workspace.id : "new");
  const [shares, share] = useState(false);
  const connect = useMutation({
    mutationFn: () =>
      ask<{ goOn: string }>(`/installs/${id}/confirm`, {
        body: { workspace: chosen, allowSandbox: shares },
        patienceMs,
      }),
    // A new session, perhaps a new workspace: all is read anew. A marketplace wants the browser back on a page of its own.
    onSuccess: ({ goOn }) => location.assign(goOn),
  });
  const refuse = useMutation({
    mutationFn: () => ask(`/installs/${id}/refuse`, { body: {}, patienceMs }),
    onSuccess: onRefused,
  });
  const busy = connect.isPending || connect.isSuccess || refuse.isPending;
  const mayConnect = state === "new" || state === "yours";

  return (
    <Card title={words.where}>
      <div className={form.form}>
        {state === "sign_in" && (
          <Note tone="waiting">
            {words.signInFirst.title}. {words.signInFirst.body} <Link to={addresses.signIn}>{texts.signIn.title}</Link>
          </Note>
        )}
        {state === "taken" && (
          <Note tone="problem">
            {installFailed.codes.account_taken.title}. {installFailed.codes.account_taken.steps.join(" ")}
          </Note>
        )}
        {state === "yours" && workspace && <Note tone="live">{words.yours(workspace.name)}</Note>}
        {state === "new" && (
          <Choices
            legend={words.workspace}
            value={chosen}
            onChoose={choose}
            choices={[
              ...(workspace
                ? [{ value: workspace.id, label: words.joins(workspace.name), note: words.joinsNote }]
                : []),
              { value: "new", label: words.makesNew, note: words.newNote(account.name) },
            ]}
          />
        )}
        {state === "new" && sharesDataset !== null && chosen !== "new" && (
          <label className={form.tick}>
            <input type="checkbox" checked={shares} onChange={({ target }) => share(target.checked)} />
            <span>
              {words.shares(sharesDataset)}
              <span className={form.hint}>{words.sharesNote}</span>
            </span>
          </label>
        )}
        {manyGrants && <Note tone="waiting">{words.manyGrants(grants, crmName)}</Note>}
        <div className={form.buttons}>
          {mayConnect && (
            <Button aria-disabled={busy || undefined} onClick={() => busy || connect.mutate()}>
              {connect.isPending ? words.connecting : state === "yours" ? words.reconnect : words.connect}
            </Button>
          )}
          <Button variant="default" aria-disabled={busy || undefined} onClick={() => busy || refuse.mutate()}>
            {refuse.isPending ? words.leaving : words.notNow}
          </Button>
        </div>
        {connect.error && <Refusal what={words.failed} error={connect.error} />}
        {refuse.error && <Refusal what={words.refuseFailed} error={refuse.error} />}
      </div>
    </Card>
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PushedConnection, SigningSecretMade } from "../../api/developers.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { developersKey } from "./answers.ts";
import classes from "./developers.module.css";
import { Once } from "./once.tsx";

const { secret: words } = texts.developers;

/** The secret with which pushes are signed: made anew, shown once, and never again. */
export function Secret({ connection: { id, secretSince } }: { connection: PushedConnection }) {
  const queries = useQueryClient();
  const [made, show] = useState<string>();
  const make = useDeed(
    async (ask) => {
      const answer = await ask<SigningSecretMade>(`/connections/${encodeURIComponent(id)}/signing-secret`);
      await queries.invalidateQueries({ queryKey: developersKey });
      return answer;
    },
    () => words.shown,
    ({ secret }) => show(secret),
  );
  return (
    <KeptFocus className={classes.part}>
      <h3 className={classes.subtitle}>{words.title}</h3>
      <p className={classes.dim}>
        {words.lead}{" "}
        {secretSince ? (
          <>
            {words.since} <Moment at={secretSince} />.
          </>
        ) : (
          words.none
        )}
      </p>
      {made ? (
        <Once told={words.shown} secret={made} copy={words.copy} onKept={() => show(undefined)} />
      ) : (
        <div>
          <Confirming trigger={secretSince ? words.make : words.makeFirst} question={words.asked} cancel={words.keep}>
            {() => (
              <>
                <Means>{words.means}</Means>
                {make.error && <Refusal what={words.failed} error={make.error} />}
                <DeedButton
                  variant="filled"
                  busy={words.making}
                  doing={make.isPending}
                  onDo={() => make.mutate(undefined)}
                >
                  {words.make}
                </DeedButton>
              </>
            )}
          </Confirming>
        </div>
      )}
    </KeptFocus>
  );
}

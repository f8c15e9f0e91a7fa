import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { PersonAsked, PersonErased, PersonFound } from "../../api/people.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { Card } from "../elements/card.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import { Found } from "./found.tsx";
import { PersonDeeds } from "./person-deeds.tsx";
import classes from "./privacy.module.css";
import { Search } from "./search.tsx";
import { sum } from "./sum.ts";

const { person: words, erase } = texts.privacy;

/** One person: what is held of them, a copy, and their end. What is typed stands in no address and is kept nowhere. */
export function Person({ days }: { days: number }) {
  const say = useSay();
  const [erased, note] = useState<PersonErased>();
  const find = useMutation<PersonFound, Error, PersonAsked>({
    mutationFn: (asked) => ask("/people/find", { body: asked, patienceMs: longPatienceMs }),
    onSuccess: ({ connections }) => {
      const records = sum(connections, "records");
      say(records === 0 ? words.nothing : words.found(records));
    },
  });
  const found = find.data;
  const asked = find.variables;
  const records = found ? sum(found.connections, "records") : 0;
  const held = records > 0 && found?.connections.some((one) => one.entries + one.pushes > 0);
  return (
    <Card title={words.title}>
      <KeptFocus className={classes.parts}>
        <Search
          finding={find.isPending}
          onFind={(wanted) => {
            note(undefined);
            find.mutate(wanted);
          }}
          onChange={() => find.reset()}
        />
        {find.error && <Refusal what={words.failed} error={find.error} />}
        {erased && (
          <Note tone="live" role="status">
            {erase.doneWith(erased.records, erased.entries)}{" "}
            <a href={erased.receipt} target="_blank" rel="noreferrer">
              {erase.receipt}
            </a>
          </Note>
        )}
        {found && !held && !erased && (
          <p className={classes.lead} role="status">
            {words.nothing} {words.nothingMore(days)}
          </p>
        )}
        {found && held && asked && !erased && (
          <>
            <Found found={found} records={records} />
            <PersonDeeds asked={asked} found={found} records={records} onErased={note} />
          </>
        )}
      </KeptFocus>
    </Card>
  );
}

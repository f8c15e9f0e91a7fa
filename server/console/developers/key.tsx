import { useQueryClient } from "@tanstack/react-query";
import type { IngestKeyMade, IngestKeyView } from "../../api/ingest-keys.ts";
import type { Tone } from "../../api/schema.ts";
import { type Ask, useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Row } from "../elements/rows.tsx";
import { texts } from "../texts/texts.ts";
import { developersKey, keysOf, keysPath } from "./answers.ts";

const { keys: words } = texts.developers;
const tones: Record<IngestKeyView["state"], Tone> = { live: "live", ending: "waiting", ended: "paused" };

interface Props {
  connection: string;
  one: IngestKeyView;
  onRotated: (next: IngestKeyMade) => void;
}

/** One key: who may push with it is known to whoever holds it; here it is masked. */
export function Key({ connection, one: { id, name, createdAt, usedAt, endsAt, state }, onRotated }: Props) {
  const queries = useQueryClient();
  const change = <Answer,>(rest: string, body: object) => {
    return async (ask: Ask) => {
      const answer = await ask<Answer>(keysPath(connection, `/${id}/${rest}`), body);
      await queries.invalidateQueries({ queryKey: keysOf(connection) });
      await queries.invalidateQueries({ queryKey: developersKey });
      return answer;
    };
  };
  const rotate = useDeed(change<IngestKeyMade>("rotate", {}), ({ name: of }) => words.replaced(of), onRotated);
  const end = useDeed(change<IngestKeyView>("end", {}), () => words.ended(name));
  return (
    <Row
      name={
        <>
          <bdi>{name}</bdi> <Pill tone={tones[state]}>{words.states[state]}</Pill>
        </>
      }
      about={
        <>
          <code>{words.masked}</code> · {words.made} <Moment at={createdAt} /> · {words.used}{" "}
          {usedAt ? <Moment at={usedAt} /> : words.never}
          {endsAt && (
            <>
              {" "}
              · {words.ends} <Moment at={endsAt} />
            </>
          )}
        </>
      }
    >
      {state === "live" && (
        <DeedButton
          label={words.rotateOf(name)}
          busy={words.rotating}
          doing={rotate.isPending}
          onDo={() => rotate.mutate(undefined)}
        >
          {words.rotate}
        </DeedButton>
      )}
      {state !== "ended" && (
        <Confirming trigger={words.end} question={words.endAsked(name)} cancel={words.keep}>
          {() => (
            <>
              <Means>{words.endMeans}</Means>
              <DeedButton variant="filled" busy={words.ending} doing={end.isPending} onDo={() => end.mutate(undefined)}>
                {words.endDo}
              </DeedButton>
            </>
          )}
        </Confirming>
      )}
      {rotate.error && <Refusal what={words.rotateFailed} error={rotate.error} />}
      {end.error && <Refusal what={words.endFailed} error={end.error} />}
    </Row>
  );
}

import { Button, Skeleton } from "@mantine/core";
import type { ExplanationView } from "../../api/record.ts";
import { useExplanation } from "../api/answers.ts";
import { Absence } from "../elements/card.tsx";
import { Later } from "../elements/later.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./explain.module.css";
import { ExplainedEntry } from "./explained-entry.tsx";

interface Props {
  connection: string;
  object: string;
  record: string;
  /** When it entered the stage that is asked about. */
  at: string | undefined;
}

/** What becomes of a record and why, as the CRM tells of it at this moment. Nothing is sent to find out. */
export function Explain({ connection, object, record, at }: Props) {
  const { data, error, isFetching, refetch } = useExplanation(connection, object, record);
  const texted = texts.record;
  if (error) return <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data)
    return (
      <Later label={texted.loading}>
        <p className={classes.note}>{texted.loading}</p>
        <Skeleton h={280} />
      </Later>
    );
  const asked = data.entries.findLast(({ enteredAt }) => enteredAt === at) ?? data.entries.at(-1);
  return (
    <>
      <p className={classes.note}>
        {texted.found[data.found]} {data.gone && `${texted.gone[data.gone]} `}
        {texted.asOf(texts.time.clock(new Date(data.asOf)))}{" "}
        <Button
          size="compact-xs"
          variant="default"
          aria-disabled={isFetching || undefined}
          onClick={() => isFetching || void refetch()}
        >
          {texted.again}
        </Button>
      </p>
      {data.found !== "nowhere" && <Person explanation={data} />}
      <h4 className={classes.title}>{texted.entries}</h4>
      {data.entries.length === 0 && <Absence>{texted.noEntries}</Absence>}
      <ul className={classes.entries}>
        {data.entries.map((entry) => (
          <ExplainedEntry
            key={`${entry.pipelineId}/${entry.stageId}/${entry.enteredAt}`}
            entry={entry}
            open={entry === asked}
          />
        ))}
      </ul>
    </>
  );
}

function Person({ explanation: { person, keys, leftOut, mappingVersion } }: { explanation: ExplanationView }) {
  const texted = texts.record;
  return (
    <Facts>
      <Fact term={texted.personTerm}>{texted.person[person]}</Fact>
      <Fact term={texted.keysTerm}>{keys.length > 0 ? keys.map(keyName).join(", ") : texted.noKeys}</Fact>
      {leftOut.length > 0 && (
        <Fact term={texted.leftOutTerm}>
          <ul className={classes.leftOut}>
            {leftOut.map((text) => (
              <li key={text}>{leftOutName(text)}</li>
            ))}
          </ul>
        </Fact>
      )}
      <Fact term={texted.mappingTerm}>{texts.delivery.mappingVersion(mappingVersion)}</Fact>
    </Facts>
  );
}

const keyName = (key: string): string => texts.record.keys[key] ?? key;

/** `em:not_allowed` */
function leftOutName(text: string): string {
  const [key = "", why = ""] = text.split(":");
  return texts.record.keyLeftOut(keyName(key), texts.record.whys[why] ?? why.replaceAll("_", " "));
}

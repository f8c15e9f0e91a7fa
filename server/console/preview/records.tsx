import { Button, Skeleton } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Absence, Card } from "../elements/card.tsx";
import { Field } from "../elements/form/field.tsx";
import { Later } from "../elements/later.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { changeSearch, hrefWith, useSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { type Chosen, useSamples } from "./answers.ts";
import classes from "./preview.module.css";

const { records: words } = texts.preview;

interface Props {
  connection: string;
  chosen: Chosen | undefined;
}

/** Leads to look at: those that changed last, or the one whose id is typed. By ids alone: names are not kept. */
export function Records({ connection, chosen }: Props) {
  const { q = "" } = useSearch();
  const [typed, type] = useState(q);
  const { data, error, isFetching, refetch } = useSamples(connection, q);
  const latest = useSamples(connection, "").data?.records ?? [];
  const find = (event: FormEvent) => {
    event.preventDefault();
    changeSearch({ q: typed.trim() || undefined });
  };
  return (
    <Card title={words.title}>
      <form className={classes.find} onSubmit={find}>
        <Field
          label={words.search}
          hint={words.searchHint}
          value={typed}
          maxLength={256}
          autoComplete="off"
          data-search
          onChange={({ target }) => type(target.value)}
        />
        <Button type="submit" variant="default">
          {words.find}
        </Button>
      </form>
      {error && !data && (
        <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!data && !error && (
        <Later label={words.loading}>
          <Skeleton h={240} />
        </Later>
      )}
      {data?.records.length === 0 &&
        (q === "" ? <Absence>{words.empty}</Absence> : <Unknown q={q} objects={latest.map(({ object }) => object)} />)}
      {data && data.records.length > 0 && (
        <ul className={classes.records}>
          {data.records.map(({ object, record, eventName, stageId, enteredAt }) => (
            <li key={`${object}/${record}`}>
              <Link
                to={hrefWith({ object, record, entry: undefined })}
                className={classes.record}
                current={object === chosen?.object && record === chosen.record}
              >
                <span className={classes.id} data-row>
                  <bdi>{words.record(object, record)}</bdi>
                </span>
                <span className={classes.dim}>
                  <bdi>{eventName === undefined ? words.unmapped(stageId) : words.stage(eventName)}</bdi>
                </span>
              </Link>
              <span className={classes.dim}>
                <Moment at={enteredAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {q !== "" && (
        <p className={classes.after}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              type("");
              changeSearch({ q: undefined });
            }}
          >
            {words.clear}
          </Button>
        </p>
      )}
    </Card>
  );
}

/** We may not have read it yet: the CRM can be asked for it as whichever kind of record it is. */
function Unknown({ q, objects }: { q: string; objects: readonly string[] }) {
  return (
    <>
      <Absence>
        <bdi>{words.nothing(q)}</bdi>
      </Absence>
      {objects.length > 0 && (
        <p className={classes.after}>
          {words.anyway}{" "}
          {[...new Set(objects)].map((object) => (
            <Link key={object} to={hrefWith({ object, record: q })} className={classes.kind}>
              {object}
            </Link>
          ))}
        </p>
      )}
    </>
  );
}

import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { MappingSaved } from "../../api/mapping.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { changeSearch, useSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { useVersions } from "./answers.ts";
import { saverOf } from "./saver.ts";
import { Version } from "./version.tsx";
import classes from "./versions.module.css";

const { versions: words } = texts.mapping;

/** Every version of the mapping: who saved it, when, and what it changed. The address may name one whose stages lie open. */
export function Versions({ connection }: { connection: string }) {
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useVersions(connection);
  const open = Number(useSearch().version ?? 0);
  const listed = data?.pages.flatMap(({ versions }) => versions) ?? [];
  const older = open > 0 && listed.length > 0 && !listed.some(({ version }) => version === open);
  return (
    <Card title={words.title}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Awaited label={words.loading} />}
      {data && listed.length === 0 && <Absence>{words.empty}</Absence>}
      {older && <Version connection={connection} version={open} named />}
      <ol className={classes.versions} reversed>
        {listed.map((version, n) => (
          <Item
            key={version.version}
            connection={connection}
            version={version}
            current={n === 0}
            open={version.version === open}
          />
        ))}
      </ol>
      {hasNextPage && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            aria-disabled={isFetchingNextPage || undefined}
            onClick={() => isFetchingNextPage || void fetchNextPage()}
          >
            {isFetchingNextPage ? words.loadingOlder : words.older}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Item(props: { connection: string; version: MappingSaved; current: boolean; open: boolean }) {
  const { connection, version, current, open } = props;
  const { savedBy, savedAt, changes, sent, stages } = version;
  const item = useRef<HTMLLIElement>(null);
  const byAddress = useRef(open);
  useEffect(() => {
    if (byAddress.current) item.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <li ref={item}>
      <div className={classes.head}>
        <span className={classes.number}>{words.version(version.version)}</span>
        {current && <Pill tone="live">{words.current}</Pill>}
        <span className={classes.about}>
          <bdi>{saverOf(savedBy)}</bdi>
        </span>
        <span className={classes.about}>
          <Moment at={savedAt} />
        </span>
        <span className={classes.about}>{words.sent(sent, stages)}</span>
      </div>
      {changes.length === 0 ? (
        <p className={classes.unchanged}>{words.unchanged}</p>
      ) : (
        <ul className={classes.changes}>
          {changes.map((change) => (
            <li key={change}>
              <bdi>{change}</bdi>
            </li>
          ))}
        </ul>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.toggle}
        aria-expanded={open}
        onClick={() => changeSearch({ version: open ? undefined : String(version.version) })}
      >
        {open ? words.hide : words.show}
      </Button>
      {open && <Version connection={connection} version={version.version} />}
    </li>
  );
}

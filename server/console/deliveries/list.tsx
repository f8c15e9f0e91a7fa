import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import type { DeliveriesFilter, DeliveriesView } from "../../api/deliveries.ts";
import { Awaited } from "../elements/awaited.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { together, useBeginAnew, useDeliveries, useNewest } from "./answers.ts";
import classes from "./list.module.css";
import { None } from "./none.tsx";
import { useRowKeys } from "./row-keys.ts";
import { shown } from "./shown.ts";
import { Table } from "./table.tsx";

const { deliveries: words } = texts;

/** The list of a filter. A search goes on by itself until there is a page to show, there is nothing further, or somebody stops it. */
export function List({ filter }: { filter: DeliveriesFilter }) {
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, refetch, fetchNextPage } = useDeliveries(filter);
  const newest = useNewest(filter, data?.pages[0]);
  const beginAnew = useBeginAnew(filter);
  const [stopped, stop] = useState(false);
  const pages = data?.pages ?? [];
  const { rows, movedOn, fresh, freshAndMore } = shown(pages, newest.data);
  const open = useRowKeys(rows);
  const last = pages.at(-1);
  const read = (newest.data ?? pages[0])?.asOf ?? "";
  const back = last?.searchedTo === undefined ? undefined : new Date(last.searchedTo);
  const searching = back !== undefined && hasNextPage && !stopped && !error && rows.length < together;
  useEffect(() => {
    if (searching && !isFetching) void fetchNextPage();
  }, [searching, isFetching, fetchNextPage]);

  if (!data)
    return (
      <section className={classes.list} aria-label={words.title}>
        {error ? (
          <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
        ) : (
          <Awaited label={words.loading} lines={8} />
        )}
      </section>
    );
  return (
    <section className={classes.list} aria-label={words.title}>
      <div className={classes.head}>
        <p className={classes.told}>
          {last?.foundBy ? `${words.foundBy[last.foundBy]} ` : !back && words.asOf(texts.time.clock(new Date(read)))}
          <Progress searching={searching} back={back} />
        </p>
        {fresh > 0 && newest.data && (
          <Button size="compact-sm" variant="light" onClick={() => newest.data && beginAnew(newest.data)}>
            {words.fresh(fresh, freshAndMore)}
          </Button>
        )}
      </div>
      {newest.error && <Stale at={newest.data ?? pages[0]} why={newest.error.message} />}
      {rows.length > 0 && <Table rows={rows} movedOn={movedOn} open={open} />}
      {rows.length === 0 && !searching && !hasNextPage && last && <None filter={filter} view={last} />}
      {searching && (
        <div className={classes.more}>
          <Button size="compact-sm" variant="default" onClick={() => stop(true)}>
            {words.stopSearch}
          </Button>
        </div>
      )}
      {hasNextPage && !searching && (
        <div className={classes.more}>
          <DeedButton
            busy={words.loadingMore}
            doing={isFetchingNextPage}
            onDo={() => {
              stop(false);
              void fetchNextPage();
            }}
          >
            {back && rows.length < together ? words.goOn : words.more}
          </DeedButton>
        </div>
      )}
      {error && (
        <Refusal what={words.moreFailed} error={error} trying={isFetching} onAgain={() => void fetchNextPage()} />
      )}
      {!hasNextPage && rows.length > 0 && last && last.foundBy !== "record" && (
        <p className={classes.end}>{words.end(new Date(last.keptFrom))}</p>
      )}
    </section>
  );
}

/** How far a search has come: seen at once, and heard when it is over. */
function Progress({ searching, back }: { searching: boolean; back: Date | undefined }) {
  return (
    <>
      {back && (searching ? words.searching(back) : words.searchedTo(back))}
      <VisuallyHidden aria-live="polite">{back && !searching && words.searchedTo(back)}</VisuallyHidden>
    </>
  );
}

function Stale({ at, why }: { at: DeliveriesView | undefined; why: string }) {
  return (
    <Note tone="waiting" role="status">
      {words.stale(at ? texts.time.clock(new Date(at.asOf)) : texts.none, why)}
    </Note>
  );
}

import { Button } from "@mantine/core";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Page } from "../elements/page.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { hrefWith, useSearch } from "../route/search.ts";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { filtersOf, useAudit } from "./answers.ts";
import classes from "./audit.module.css";
import { Entries } from "./entries.tsx";
import { Filters } from "./filters.tsx";

const { audit: words } = texts;

/** Who did what: filtered by the address, page by page, as a file, and on paper. */
export function AuditPage() {
  const filters = filtersOf(useSearch());
  const may = useMay("admin");
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, refetch, fetchNextPage } = useAudit(filters);
  const pages = data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries);
  const names = Object.assign({}, ...pages.map((page) => page.names)) as Readonly<Record<string, string>>;
  const filtered = filters.size > 0;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <span className={classes.actions}>
          <Button variant="default" onClick={() => print()}>
            {words.print}
          </Button>
          {may && (
            <Button component="a" variant="default" href={`/api/v1/audit.csv?${filters}`} download>
              {words.download}
            </Button>
          )}
        </span>
      }
    >
      <Filters people={pages[0]?.people ?? []} names={names} />
      <Card title={words.entries}>
        {error && entries.length === 0 && (
          <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
        )}
        {!data && !error && <Awaited label={words.loading} lines={8} />}
        {data && entries.length === 0 && (
          <Absence>
            {words.none} {filtered && <Link to={hrefWith({ who: undefined, what: undefined })}>{words.clear}</Link>}
          </Absence>
        )}
        {entries.length > 0 && <Entries entries={entries} names={names} />}
        {data && !hasNextPage && entries.length > 0 && !filtered && <p className={classes.end}>{words.end}</p>}
        {hasNextPage && (
          <div className={classes.more}>
            <DeedButton busy={words.loadingMore} doing={isFetchingNextPage} onDo={() => void fetchNextPage()}>
              {words.more}
            </DeedButton>
          </div>
        )}
        {error && entries.length > 0 && <Refusal what={words.moreFailed} error={error} />}
      </Card>
    </Page>
  );
}

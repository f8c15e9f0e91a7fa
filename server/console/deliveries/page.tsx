import { Button } from "@mantine/core";
import { Page } from "../elements/page.tsx";
import { useSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { filterIn, queryOf } from "./filter.ts";
import { Filters } from "./filters.tsx";
import { List } from "./list.tsx";
import { Views } from "./views.tsx";

const { deliveries: words } = texts;

/** What became of every stage change: views and filters stand in the address, a row opens beside the page. */
export function DeliveriesPage() {
  const filter = filterIn(useSearch());
  const query = queryOf(filter);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button component="a" variant="default" href={`/api/v1/deliveries.csv${query}`} download>
          {words.download}
        </Button>
      }
    >
      <Views filter={filter} />
      <Filters filter={filter} />
      <List key={query} filter={filter} />
    </Page>
  );
}

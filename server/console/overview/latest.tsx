import { addresses } from "../../api/addresses.ts";
import { Table } from "../deliveries/table.tsx";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { useLatest } from "./answers.ts";

const { latest: said } = texts.figures;

/** The last ten stage changes; the whole list is a page of its own. */
export function Latest({ demo }: { demo: boolean }) {
  const { data, error, isFetching, refetch } = useLatest();
  const rows = data?.deliveries ?? [];
  return (
    <Card title={said.title} aside={<Link to={addresses.deliveries}>{said.all}</Link>}>
      {!data && !error && <Awaited label={said.loading} lines={5} />}
      {!data && error && (
        <Refusal what={said.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {data && rows.length === 0 && <Absence>{demo ? said.emptyDemo : said.empty}</Absence>}
      {rows.length > 0 && <Table rows={rows} movedOn={none} open={undefined} />}
    </Card>
  );
}

const none: ReadonlySet<string> = new Set();

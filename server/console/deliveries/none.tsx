import { addresses } from "../../api/addresses.ts";
import type { DeliveriesFilter, DeliveriesView } from "../../api/deliveries.ts";
import { Absence } from "../elements/card.tsx";
import { Link } from "../route/link.tsx";
import { hrefWith } from "../route/search.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { cleared, isNarrowed } from "./filter.ts";

const { deliveries: words } = texts;

/** Why nothing is shown: nobody has anything yet, all is well, or nothing matches. */
export function None({ filter, view }: { filter: DeliveriesFilter; view: DeliveriesView }) {
  const { connections, workspace } = useOverview();
  const from = new Date(view.keptFrom);
  if (filter.q !== undefined || isNarrowed(filter))
    return (
      <Absence>
        {filter.q === undefined ? words.noneMatch : words.noneFound(from)}{" "}
        <Link to={hrefWith({ ...cleared, state: filter.q === undefined ? filter.state : undefined })}>
          {words.clear}
        </Link>
      </Absence>
    );
  if (filter.state === "waiting") return <Absence>{words.noneWaiting}</Absence>;
  if (filter.state === "refused") return <Absence>{words.noneRefused(from)}</Absence>;
  if (filter.state !== undefined) return <Absence>{words.noneMatch}</Absence>;
  if (connections.length === 0)
    return (
      <Absence>
        {words.emptySetup} <Link to={addresses.setup}>{words.toSetup}</Link>
      </Absence>
    );
  return (
    <Absence>
      {workspace.demo ? words.emptyDemo : words.empty} {workspace.demo && <a href="/sandbox/">{texts.sandbox}</a>}
    </Absence>
  );
}

import { useEffect, useState } from "react";
import { Absence, Card } from "../elements/card.tsx";
import { useSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { type Chosen, useSamples } from "./answers.ts";
import { EventOf } from "./event.tsx";
import classes from "./preview.module.css";
import { Records } from "./records.tsx";

const { preview: words } = texts;

interface Props {
  connection: string;
  /** Meta accepted a test event. */
  onTested?: () => void;
}

/** Left the leads, right the event of the one that is chosen: by the address, else the one that changed last. */
export function Look({ connection, onTested }: Props) {
  const { object, record } = useSearch();
  const { data } = useSamples(connection, "");
  const [latest] = data?.records ?? [];
  // Leads go on moving while somebody looks at one of them.
  const [first, meet] = useState<Chosen>();
  useEffect(() => {
    if (latest) meet((known) => known ?? { object: latest.object, record: latest.record });
  }, [latest]);
  const chosen = object && record ? { object, record } : first;
  return (
    <div className={classes.columns}>
      <Records connection={connection} chosen={chosen} />
      {chosen ? (
        <EventOf
          key={`${chosen.object}/${chosen.record}`}
          connection={connection}
          chosen={chosen}
          {...(onTested && { onTested })}
        />
      ) : (
        <Card title={words.event.payload}>
          <Absence>{words.choose}</Absence>
        </Card>
      )}
    </div>
  );
}

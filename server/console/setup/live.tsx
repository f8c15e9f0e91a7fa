import { addresses } from "../../api/addresses.ts";
import type { SetupView } from "../../api/setup.ts";
import { Mark } from "../elements/mark.tsx";
import { useNow } from "../elements/now.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { NextAtMeta } from "./next-at-meta.tsx";
import classes from "./setup.module.css";
import type { Account } from "./steps.tsx";

const { live: words } = texts.setup;

interface Props {
  setup: SetupView;
  account: Account;
  live: NonNullable<SetupView["live"]>;
}

/** It is live: the heartbeat until Meta has accepted the first event, that it has, and what happens next. */
export function Live({ setup, account, live: { since, sendFrom, firstAcceptedAt } }: Props) {
  return (
    <div className={classes.narrow}>
      <div className={classes.live} data-tone={firstAcceptedAt ? "live" : "setup"} role="status">
        <Mark icon={firstAcceptedAt ? "tick" : "clock"} large />
        <div>
          <p className={classes.name}>{firstAcceptedAt ? words.first : words.waiting}</p>
          {firstAcceptedAt ? (
            <p className={classes.dim}>{words.firstAt(texts.time.exact(new Date(firstAcceptedAt)))}</p>
          ) : (
            <Heartbeat setup={setup} crmName={account.crmName} />
          )}
        </div>
      </div>
      {since && <p className={classes.dim}>{words.since(texts.time.exact(new Date(since)))}</p>}
      <p className={classes.row}>
        <Link to={addresses.overview}>{words.overview}</Link>
      </p>
      <NextAtMeta connection={account.id} from={new Date(since ?? sendFrom)} marks={setup.marks} />
    </div>
  );
}

/** Not announced: it changes with every second. */
function Heartbeat({ setup: { reading }, crmName }: { setup: SetupView; crmName: string }) {
  const now = useNow();
  if (!reading?.lastReadAt || reading.first) return <p className={classes.dim}>{words.reading(crmName)}</p>;
  const ago = texts.time.relative(Math.min(0, Date.parse(reading.lastReadAt) - now));
  return (
    <p className={classes.dim} aria-live="off">
      {words.heartbeat(crmName, ago)}
    </p>
  );
}

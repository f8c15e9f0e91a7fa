import { addresses } from "../../api/addresses.ts";
import type { SettingsView } from "../../api/settings.ts";
import { Card } from "../elements/card.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./settings.module.css";

const { kept: words } = texts.settings;
const kinds = ["payloads", "outcomes", "ledger", "proofs"] as const;

/** How long what is kept: nobody here can change it. */
export function Kept({ kept, here = false }: { kept: SettingsView["kept"]; here?: boolean }) {
  return (
    <Card title={words.title}>
      <p className={classes.lead}>{words.lead}</p>
      <dl className={classes.kept}>
        {kinds.map((kind) => (
          <div key={kind}>
            <dt>
              {words[kind]} <span className={classes.note}>{words[`${kind}Note`]}</span>
            </dt>
            <dd>{words.days(kept[kind])}</dd>
          </div>
        ))}
      </dl>
      {!here && (
        <p className={classes.way}>
          <Link to={addresses.privacy}>{words.privacy}</Link>
        </p>
      )}
    </Card>
  );
}

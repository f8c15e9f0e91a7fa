import type { ConnectionFacts } from "../../api/connections.ts";
import { Disclosure } from "../elements/disclosure.tsx";
import { Icon } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./connections.module.css";

const { accounts: words } = texts.connectionsPage;
type Scope = ConnectionFacts["scopes"][number];

/** What we may read there, and why each is needed. */
export function Scopes({ scopes }: { scopes: readonly Scope[] }) {
  return (
    <Disclosure below summary={words.scopes(scopes.length)}>
      <ul className={classes.scopes}>
        {scopes.map((one) => (
          <li key={one.scope}>
            <span className={classes.scope} data-tone={one.granted === false && one.required ? "problem" : "live"}>
              <Icon name={one.granted === false ? "dash" : "tick"} size={14} />
              <code>{one.scope}</code>
              <span className={classes.dim}>{grantOf(one)}</span>
            </span>
            <span className={classes.reason}>{one.reason}</span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function grantOf({ granted, required }: Scope): string {
  if (granted === undefined) return words.unknown;
  if (granted) return words.granted;
  return required ? words.missing : words.optional;
}

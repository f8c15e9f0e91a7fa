import type { ReactNode } from "react";
import { Disclosure } from "../elements/disclosure.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./scopes.module.css";

interface Scope {
  readonly scope: string;
  readonly required: boolean;
  readonly reason: string;
}

/** What is asked for, each with its reason; put away until somebody wants to know. */
export function Scopes({ scopes }: { scopes: readonly Scope[] }) {
  return (
    <Disclosure summary={texts.signIn.scopes(scopes.length)}>
      <ScopeList scopes={scopes} />
    </Disclosure>
  );
}

/** `mark` tells something more of each. */
export function ScopeList<One extends Scope>({
  scopes,
  mark,
}: {
  scopes: readonly One[];
  mark?: (scope: One) => ReactNode;
}) {
  return (
    <ul className={classes.list}>
      {scopes.map((one) => (
        <li key={one.scope}>
          <span className={classes.head}>
            <code className={classes.code}>{one.scope}</code>
            {mark ? mark(one) : !one.required && <span className={classes.optional}>{texts.signIn.optional}</span>}
          </span>
          <span className={classes.reason}>{one.reason}</span>
        </li>
      ))}
    </ul>
  );
}

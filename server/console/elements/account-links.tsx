import { Link } from "../route/link.tsx";
import classes from "./account-links.module.css";

interface Account {
  readonly id: string;
  readonly name: string;
  /** What it is, where names alone do not tell. */
  readonly note?: string;
  readonly to: string;
}

/** A page about one account of several, and the ways to the same page about the others. */
export function AccountLinks(props: { label: string; accounts: readonly Account[]; shown: string | undefined }) {
  return (
    <nav aria-label={props.label}>
      <ul className={classes.accounts}>
        {props.accounts.map(({ id, name, note, to }) => (
          <li key={id}>
            <Link to={to} className={classes.account} current={id === props.shown}>
              <bdi>{name}</bdi>
              {note !== undefined && <span className={classes.note}>{note}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

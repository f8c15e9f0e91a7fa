import { useSession } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import classes from "./foot.module.css";
import { Help } from "./help.tsx";

/** Help, in the same place on every page. */
export function Foot() {
  const { data } = useSession();
  const support = data?.support;
  return (
    <footer className={classes.foot}>
      <Help />
      {support && <a href={support.documentation}>{texts.shell.documentation}</a>}
      {support && <a href={`mailto:${support.mail}`}>{support.mail}</a>}
      <a href="/api/reference">{texts.shell.reference}</a>
    </footer>
  );
}

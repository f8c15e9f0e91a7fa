import { useRef } from "react";
import { addresses } from "../../api/addresses.ts";
import { Card } from "../elements/card.tsx";
import { CopyButton } from "../elements/copy-button.tsx";
import { Link } from "../route/link.tsx";
import { Frame } from "../shell/frame.tsx";
import { useProviders } from "../sign-in/providers.tsx";
import { ScopeList } from "../sign-in/scopes.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./install.module.css";

const { installFailed: words } = texts;
const { codes, other } = words;
/** Those that somebody else has to mend, who is not here. */
const forOthers = ["oauth_app", "oauth_denied"];

const isKnown = (code: string): code is keyof typeof codes => Object.hasOwn(codes, code);

/** An install came to nothing: why, and what to do. The address tells the code and nothing else. */
export function InstallFailed() {
  const query = new URLSearchParams(location.search);
  const code = query.get("code") ?? "";
  const missing = code === "oauth_scopes" ? (query.get("missing") ?? "").split(" ").filter(Boolean) : [];
  const { title, body, steps } = isKnown(code) ? codes[code] : other;
  return (
    <Frame title={words.heading} heading={title} lead={body}>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {missing.length > 0 && <Missing scopes={missing} />}
      {forOthers.includes(code) && <Forward />}
      <p>
        <Link to={addresses.signIn}>{words.again}</Link>
      </p>
    </Frame>
  );
}

/** The permissions that were left out, each with what it is for; only those that some CRM's app really asks for. */
function Missing({ scopes }: { scopes: readonly string[] }) {
  const { data } = useProviders();
  const known =
    data?.providers.flatMap((provider) => provider.scopes).filter(({ scope }) => scopes.includes(scope)) ?? [];
  if (known.length === 0) return null;
  return (
    <Card title={words.missing(known.length)}>
      <ScopeList scopes={known} />
    </Card>
  );
}

function Forward() {
  const message = `${words.message} ${location.origin}/sign-in`;
  const shown = useRef<HTMLParagraphElement>(null);
  return (
    <Card title={words.forward} aside={<CopyButton text={message} shown={shown} label={words.copy} />}>
      <p className={classes.message} ref={shown}>
        {message}
      </p>
    </Card>
  );
}

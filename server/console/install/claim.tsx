import { useQuery } from "@tanstack/react-query";
import { addresses } from "../../api/addresses.ts";
import type { installList } from "../../api/installs.ts";
import { ask, Refused } from "../api/call.ts";
import type { AnswerOf } from "../api/deed.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Note } from "../elements/note.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useSession } from "../session/session.ts";
import { Frame } from "../shell/frame.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./install.module.css";

const { claim: words, install } = texts;

/** Accounts that let us in from this browser, without anybody having asked for them here. */
export function Claim() {
  const session = useSession();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["installs"],
    queryFn: ({ signal }) => ask<AnswerOf<typeof installList>>("/installs", { signal }),
  });
  // Without its cookie this browser has brought nothing.
  const nothing = error instanceof Refused && error.code === "not_signed_in";
  const installs = data?.installs ?? [];
  return (
    <Frame title={words.title} heading={words.heading} lead={words.lead}>
      {session.data?.signedIn === false && installs.length > 0 && (
        <Note tone="waiting">
          {words.signIn} <Link to={addresses.signIn}>{texts.signIn.title}</Link>
        </Note>
      )}
      {error && !nothing && (
        <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!data && !error && <Awaited label={texts.shell.loading} />}
      {(nothing || data?.installs.length === 0) && <Absence>{words.empty}</Absence>}
      {installs.map(({ id, account, crmName, endsAt }) => (
        <Card key={id} title={account.name} aside={account.sandbox && <Pill tone="setup">{install.test}</Pill>}>
          <div className={classes.facts}>
            <Facts>
              <Fact term={words.crm}>{crmName}</Fact>
              <Fact term={install.accountId(crmName)}>{account.id}</Fact>
              <Fact term={install.ends}>
                <Moment at={endsAt} />
              </Fact>
            </Facts>
          </div>
          <p className={classes.way}>
            <Link to={`/install/${id}`}>{words.look(account.name)}</Link>
          </p>
        </Card>
      ))}
    </Frame>
  );
}

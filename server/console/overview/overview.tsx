import { Skeleton } from "@mantine/core";
import { useEffect } from "react";
import { addresses } from "../../api/addresses.ts";
import type { Figures } from "../../api/figures.ts";
import { Later } from "../elements/later.tsx";
import { Page } from "../elements/page.tsx";
import placeholder from "../elements/placeholder.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { rememberedInvitation } from "../members/remembered.ts";
import { go } from "../route/history.ts";
import { SetupCard } from "../setup/setup-card.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Accounts } from "./accounts.tsx";
import { useFigures } from "./answers.ts";
import { type Choice, useChoice } from "./choice.ts";
import { Coverage } from "./coverage.tsx";
import { Funnels } from "./funnels.tsx";
import { Latest } from "./latest.tsx";
import { Losses } from "./losses.tsx";
import { OpenProblems } from "./open-problems.tsx";
import classes from "./overview.module.css";
import { Readiness } from "./readiness.tsx";
import { Series } from "./series.tsx";
import { Sources } from "./sources.tsx";
import { Switches } from "./switches.tsx";

const { figures: words } = texts;

/** What is true now, and how it went. Whoever came to sign in because of an invitation goes on to it. */
export function OverviewPage() {
  const overview = useOverview();
  const choice = useChoice();
  const { data, error, isFetching, isPlaceholderData, refetch } = useFigures(choice);
  const invited = rememberedInvitation() !== undefined;
  useEffect(() => {
    if (invited) go(addresses.invitation);
  }, [invited]);
  return (
    <Page
      title={words.heading}
      lead={data ? words.asOf(texts.time.short(new Date(data.asOf))) : words.loading}
      actions={<Switches choice={choice} figures={data} />}
    >
      <SetupCard />
      <OpenProblems count={overview.problems} />
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {data && (
        <div className={classes.figures} data-old={isPlaceholderData || undefined}>
          <Flow figures={data} choice={choice} />
        </div>
      )}
      {!data && !error && <Shape />}
      <Latest demo={overview.workspace.demo} />
      <div className={classes.halves} data-old={isPlaceholderData || undefined}>
        {data && <Coverage figures={data} choice={choice} />}
        <Accounts overview={overview} />
        {data && <Readiness readiness={data.readiness} />}
        {data && <Sources figures={data} />}
      </div>
    </Page>
  );
}

/** How much came how far. */
function Flow({ figures, choice }: { figures: Figures; choice: Choice }) {
  const chosen = { ...choice, from: figures.from, to: figures.to };
  return (
    <>
      <Losses losses={figures.losses} chosen={chosen} choice={choice} />
      <Series figures={figures} />
      <Funnels figures={figures} choice={choice} />
    </>
  );
}

/** As high as what comes, so that nothing below it moves. */
function Shape() {
  return (
    <Later label={words.loading}>
      <div className="page-grid">
        <Skeleton className={placeholder.block} h={280} />
        <Skeleton className={placeholder.block} h={360} />
        <Skeleton className={placeholder.block} h={280} />
      </div>
    </Later>
  );
}

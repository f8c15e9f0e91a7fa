import { VisuallyHidden } from "@mantine/core";
import type { DeliveriesFilter, SavedView } from "../../api/deliveries.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Unread } from "../elements/unread.tsx";
import { Link } from "../route/link.tsx";
import { changeSearch, hrefWith } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { useChoices, useViews } from "./answers.ts";
import { cleared, isNarrowed, sameView, usualStep, viewOf } from "./filter.ts";
import { SaveView } from "./save-view.tsx";
import classes from "./views.module.css";

const { deliveries: words } = texts;
const states = [undefined, "accepted", "waiting", "refused", "not_sent"] as const;

/** The states, and what members have saved; each is a link to itself. */
export function Views({ filter }: { filter: DeliveriesFilter }) {
  const { data, error, isFetching, refetch } = useViews();
  const { data: choices } = useChoices();
  const views = data?.views ?? [];
  const here = views.find((view) => sameView(view.filter, viewOf(filter)));
  return (
    <>
      <div className={classes.views}>
        <nav aria-label={words.views}>
          <ul className={classes.list}>
            {states.map((state) => (
              <li key={state ?? "all"}>
                <Link to={hrefOf(state, filter)} className={classes.view} current={!here && filter.state === state}>
                  {state ? words.states[state] : words.all}
                  {(state === "waiting" || state === "refused") && <Count of={choices?.counts[state]} state={state} />}
                </Link>
              </li>
            ))}
            {views.map((view) => (
              <li key={view.id}>
                <Link to={hrefWith({ ...cleared, ...view.filter })} className={classes.view} current={view === here}>
                  <bdi>{view.name}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {here && <RemoveView key={here.id} view={here} />}
        {!here && isNarrowed(viewOf(filter)) && <SaveView filter={viewOf(filter)} />}
      </div>
      <Unread what={words.viewsFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />
    </>
  );
}

/** Other filters stay, but reasons belong to a state, and so does the step that nobody chose. */
function hrefOf(state: (typeof states)[number], { step, ...filter }: DeliveriesFilter): string {
  const chosen = step === usualStep(filter.state) ? usualStep(state) : step;
  return hrefWith({ state, show: undefined, ...(state !== filter.state && { reason: undefined, step: chosen }) });
}

function Count({ of, state }: { of: number | undefined; state: "waiting" | "refused" }) {
  if (!of) return null;
  return (
    <span className={classes.count} data-tone={state === "refused" ? "problem" : "waiting"}>
      <span aria-hidden="true">{texts.number(of)}</span>
      <VisuallyHidden>{words.count(of)}</VisuallyHidden>
    </span>
  );
}

function RemoveView({ view }: { view: SavedView }) {
  const { mutate, isPending, error } = useDeed(
    (ask) => ask(`/views/${view.id}/remove`),
    () => words.viewRemoved,
    () => changeSearch(cleared),
  );
  return (
    <div>
      <Confirming trigger={words.removeView} question={words.removeViewAsk(view.name)} cancel={words.cancel}>
        {() => (
          <DeedButton busy={words.removing} doing={isPending} onDo={() => mutate(undefined)}>
            {words.removeView}
          </DeedButton>
        )}
      </Confirming>
      {error && <Refusal what={words.viewNotRemoved} error={error} />}
    </div>
  );
}

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { CoverageView, LeadFieldsDraft, LeadFieldsView } from "../../api/lead-fields.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import type { Choice } from "./choice.ts";
import type { Told } from "./field-words.ts";
import { FieldsConflict } from "./fields-conflict.tsx";
import classes from "./lead-fields.module.css";
import { useUnsaved } from "./unsaved.ts";

const { fields: words } = texts.mapping;

interface Props {
  view: LeadFieldsView;
  choice: Choice;
  crm: string;
  lead: string;
  /** What it is called where it is not saved. */
  unsaved: string;
  /** A choice in words. */
  tell: (chosen: LeadFieldsDraft) => readonly Told[];
  coverage: (coverage: CoverageView, before: CoverageView | undefined) => ReactNode;
  /** What there is to choose. */
  children: ReactNode;
}

/** Fields to choose beside what they give; another choice is tried before it is saved. */
export function FieldsForm({ view, choice, crm, lead, unsaved, tell, coverage, children }: Props) {
  const may = useMay("admin");
  const editable = may && view.crm.answered;
  const { mine, draft, tried, check, theirs } = choice;
  useUnsaved(unsaved, draft ? [unsaved] : []);
  return (
    <div className={classes.columns}>
      {theirs && <FieldsConflict theirs={tell(theirs)} mine={tell(mine)} choice={choice} />}
      <div className={classes.fields}>
        <p className={classes.lead}>{lead}</p>
        {!view.crm.answered && <Note tone="waiting">{words.silent(crm, view.crm.reason?.title ?? "")}</Note>}
        {editable ? children : <Facts told={tell(view.chosen)} />}
        {choice.error && <Refusal what={words.saveFailed} error={choice.error} />}
        {editable && draft && !theirs && (
          <div className={classes.buttons}>
            <DeedButton variant="filled" busy={words.saving} doing={choice.saving} onDo={choice.save}>
              {words.save}
            </DeedButton>
            <Button size="compact-sm" variant="subtle" onClick={choice.discard}>
              {words.discard}
            </Button>
          </div>
        )}
      </div>
      <div className={classes.coverage} aria-busy={check.isFetching || undefined}>
        {draft && <p className={classes.draft}>{check.isFetching || !tried ? words.trying : words.draft}</p>}
        {check.error && <Refusal what={words.failed} error={check.error} onAgain={() => void check.refetch()} />}
        {view.coverage && coverage(tried ?? view.coverage, tried ? view.coverage : undefined)}
      </div>
    </div>
  );
}

function Facts({ told }: { told: readonly Told[] }) {
  return (
    <dl className={classes.told}>
      {told.map(({ key, label, chosen, missing }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>
            <bdi>{chosen}</bdi>
          </dd>
          {missing && (
            <dd className={classes.missing}>
              <bdi>{missing}</bdi>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

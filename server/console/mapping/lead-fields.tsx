import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { FieldUse, LeadFieldsAsked, LeadFieldsSaved, LeadFieldsView } from "../../api/lead-fields.ts";
import { useDeed } from "../api/deed.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Field } from "../elements/form/field.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { fieldsPath, useFieldsCheck, useLeadFields } from "./answers.ts";
import { Coverage } from "./coverage.tsx";
import { useSettled } from "./editing.ts";
import { FieldSelect } from "./field-select.tsx";
import classes from "./lead-fields.module.css";
import { useUnsaved } from "./unsaved.ts";

const { fields: words } = texts.mapping;
const uses = ["leadId", "clickId", "consent"] as const satisfies readonly FieldUse[];

/** Which CRM fields tell who a lead is, and of how many leads they do; another choice is tried before it is saved. */
export function LeadFields({ connection }: { connection: string }) {
  const { data, error, isFetching, refetch } = useLeadFields(connection);
  return (
    <Card title={words.title}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Awaited label={words.loading} />}
      {data && !data.choosable && <Absence>{words.nothing}</Absence>}
      {data?.choosable && <Chooser connection={connection} view={data} />}
    </Card>
  );
}

function Chooser({ connection, view }: { connection: string; view: LeadFieldsView }) {
  const queries = useQueryClient();
  const may = useMay("admin");
  const { connections } = useOverview();
  const crm = connections.find(({ id }) => id === connection)?.crmName ?? "";
  const [chosen, choose] = useState<LeadFieldsAsked>(view.chosen);
  const draft = useMemo(() => (sameChoice(chosen, view.chosen) ? undefined : chosen), [chosen, view.chosen]);
  const currencyWrong = chosen.currency !== undefined && !/^[A-Z]{3}$/.test(chosen.currency);
  const settled = useSettled(currencyWrong ? undefined : draft, 350);
  const check = useFieldsCheck(connection, settled);
  const deed = useDeed<LeadFieldsAsked, LeadFieldsSaved>(
    async (post, asked) => {
      const saved = await post<LeadFieldsSaved>(fieldsPath(connection), asked);
      await queries.invalidateQueries({ queryKey: ["lead-fields", connection] });
      return saved;
    },
    () => words.saved,
    ({ chosen: saved }) => choose(saved),
  );
  useUnsaved("fields", draft ? [words.unsaved] : []);
  const editable = may && view.crm.answered;
  const tried = settled && settled === draft ? check.data?.coverage : undefined;
  return (
    <div className={classes.columns}>
      <div className={classes.fields}>
        <p className={classes.lead}>{words.lead}</p>
        {!view.crm.answered && <Note tone="waiting">{words.silent(crm, view.crm.reason?.title ?? "")}</Note>}
        {editable ? (
          <>
            {uses.map((use) => (
              <FieldSelect
                key={use}
                use={use}
                crm={crm}
                fields={view.fields}
                value={chosen[use]}
                onChange={(name) => choose(({ [use]: _, ...rest }) => (name ? { ...rest, [use]: name } : rest))}
              />
            ))}
            {view.currencyChoosable && (
              <Field
                label={words.currency}
                hint={words.currencyNote}
                value={chosen.currency ?? ""}
                maxLength={3}
                error={currencyWrong ? words.currencyWrong : undefined}
                onChange={({ target }) => {
                  const currency = target.value.trim().toUpperCase();
                  choose(({ currency: _, ...rest }) => (currency === "" ? rest : { ...rest, currency }));
                }}
              />
            )}
          </>
        ) : (
          <Told view={view} />
        )}
        {deed.error && <Refusal what={words.saveFailed} error={deed.error} />}
        {editable && draft && (
          <div className={classes.buttons}>
            <DeedButton
              variant="filled"
              busy={words.saving}
              doing={deed.isPending}
              onDo={() => currencyWrong || deed.mutate(draft)}
            >
              {words.save}
            </DeedButton>
            <Button size="compact-sm" variant="subtle" onClick={() => choose(view.chosen)}>
              {words.discard}
            </Button>
          </div>
        )}
      </div>
      <div className={classes.coverage} aria-busy={check.isFetching || undefined}>
        {draft && <p className={classes.draft}>{check.isFetching || !tried ? words.trying : words.draft}</p>}
        {check.error && <Refusal what={words.failed} error={check.error} onAgain={() => void check.refetch()} />}
        {view.coverage && <Coverage coverage={tried ?? view.coverage} before={tried ? view.coverage : undefined} />}
      </div>
    </div>
  );
}

function Told({ view: { chosen, fields } }: { view: LeadFieldsView }) {
  return (
    <dl className={classes.told}>
      {uses.map((use) => {
        const name = chosen[use];
        const label = fields.find((field) => field.name === name)?.label;
        return (
          <div key={use}>
            <dt>{words[use]}</dt>
            <dd>
              <bdi>
                {name === undefined
                  ? use === "consent"
                    ? words.noConsent
                    : texts.none
                  : words.option(label ?? name, name)}
              </bdi>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const sameChoice = (one: LeadFieldsAsked, other: LeadFieldsAsked): boolean =>
  [...uses, "currency" as const].every((name) => one[name] === other[name]);

import type { LeadFieldsDraft } from "../../api/lead-fields.ts";
import { texts } from "../texts/texts.ts";
import { useChoice } from "./choice.ts";
import { Coverage } from "./coverage.tsx";
import { FieldSelect } from "./field-select.tsx";
import { toldField } from "./field-words.ts";
import { type Choosable, FieldsCard } from "./fields-card.tsx";
import { FieldsForm } from "./fields-form.tsx";

const { fields: words } = texts.mapping;
const uses = ["leadId", "clickId", "consent"] as const;

/** Which CRM fields tell who a lead is, and of how many leads they do. */
export function LeadFields({ connection }: { connection: string }) {
  return (
    <FieldsCard connection={connection} title={words.title} nothing={words.nothing}>
      {(choosable) => <Chooser {...choosable} />}
    </FieldsCard>
  );
}

function Chooser({ connection, crm, view }: Choosable) {
  const choice = useChoice(connection, view, uses);
  const fields = view.fields.filter(({ tells }) => tells.includes("person"));
  const noneOf = (use: (typeof uses)[number]) => (use === "consent" ? words.noConsent : undefined);
  const tell = (chosen: LeadFieldsDraft) =>
    uses.map((use) =>
      toldField({ key: use, label: words[use], none: noneOf(use) ?? texts.none }, chosen[use], fields, crm),
    );
  return (
    <FieldsForm
      view={view}
      choice={choice}
      crm={crm}
      lead={words.lead}
      unsaved={words.unsaved}
      tell={tell}
      coverage={(coverage, before) => <Coverage coverage={coverage} before={before} />}
    >
      {uses.map((use) => (
        <FieldSelect
          key={use}
          label={words[use]}
          note={words[`${use}Note`]}
          none={noneOf(use)}
          suggests={use}
          crm={crm}
          fields={fields}
          value={choice.mine[use]}
          onChange={(name) => choice.choose(({ [use]: _, ...rest }) => (name ? { ...rest, [use]: name } : rest))}
        />
      ))}
    </FieldsForm>
  );
}

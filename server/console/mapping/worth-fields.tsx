import type { LeadFieldsDraft, LeadFieldsView } from "../../api/lead-fields.ts";
import { Note } from "../elements/note.tsx";
import { texts } from "../texts/texts.ts";
import { useMapping } from "./answers.ts";
import { useChoice } from "./choice.ts";
import { WorthCoverage } from "./coverage.tsx";
import { FieldSelect } from "./field-select.tsx";
import { toldField } from "./field-words.ts";
import { type Choosable, FieldsCard } from "./fields-card.tsx";
import { FieldsForm } from "./fields-form.tsx";
import { Select } from "./select.tsx";

const { worth: words } = texts.mapping;
const uses = ["value", "currency"] as const;

/** Which CRM fields tell what a record is worth and in which currency, and of how many records they do. */
export function WorthFields({ connection }: { connection: string }) {
  return (
    <FieldsCard connection={connection} title={words.title} nothing={words.nothing}>
      {(choosable) => <Chooser {...choosable} />}
    </FieldsCard>
  );
}

function Chooser({ connection, connector, crm, view }: Choosable) {
  const sent = useMapping(connection).data?.sendValue;
  const choice = useChoice(connection, view, uses);
  const fields = view.fields.filter(({ tells }) => tells.includes("worth"));
  const named = Object.keys({ ...view.standard, ...view.chosen.value });
  const objects = [...new Set([...named, ...fields.map(({ object }) => object)])];
  const ofObject = (object: string) => fields.filter((field) => field.object === object);
  const noneOf = (object: string) => (object in view.standard ? undefined : words.noValue);
  const tell = ({ value, currency }: LeadFieldsDraft) => [
    ...objects.map((object) => {
      const about = { key: `value.${object}`, label: words.valueOf(object), none: noneOf(object) ?? texts.none };
      return toldField(about, value?.[object], ofObject(object), crm);
    }),
    { key: "currency", label: words.currency, chosen: currency ? texts.currency(currency) : words.ownCurrency },
  ];
  const { mine, choose } = choice;
  return (
    <FieldsForm
      view={view}
      choice={choice}
      crm={crm}
      lead={words.lead}
      unsaved={words.unsaved}
      tell={tell}
      coverage={(coverage, before) => <WorthCoverage coverage={coverage} before={before} />}
    >
      {sent === false && <Note tone="setup">{words.notSent}</Note>}
      {objects.map((object) => (
        <FieldSelect
          key={object}
          label={words.valueOf(object)}
          note={words.valueNote(object, labelOf(ofObject(object), view.standard[object]))}
          none={noneOf(object)}
          suggests="value"
          crm={crm}
          fields={ofObject(object)}
          value={mine.value?.[object]}
          onChange={(name) =>
            choose(({ value = {}, ...rest }) => {
              const { [object]: _, ...others } = value;
              return { ...rest, value: name ? { ...others, [object]: name } : others };
            })
          }
        />
      ))}
      <Select
        label={words.currency}
        note={words.currencyNote(connector, crm)}
        groups={[{ group: words.currencies, items: currenciesWith(mine.currency) }]}
        value={mine.currency}
        none={words.ownCurrency}
        nowhere={words.noCurrency}
        onChange={(currency) => choose(({ currency: _, ...rest }) => (currency ? { ...rest, currency } : rest))}
      />
    </FieldsForm>
  );
}

/** Of ISO 4217; one that was chosen before is not taken away. */
const currenciesWith = (chosen: string | undefined) =>
  [...new Set([...Intl.supportedValuesOf("currency"), ...(chosen ? [chosen] : [])])].map((code) => ({
    value: code,
    label: texts.currency(code),
  }));

const labelOf = (fields: LeadFieldsView["fields"], name: string | undefined): string | undefined =>
  fields.find((field) => field.name === name)?.label ?? name;

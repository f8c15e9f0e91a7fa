import { useId } from "react";
import form from "../elements/form/form.module.css";
import { Link } from "../route/link.tsx";
import { changeSearch, hrefWith, useSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import classes from "./audit.module.css";
import { calledIn } from "./called.ts";

const { audit: words } = texts;

interface Props {
  /** Everybody who ever did something here. */
  people: readonly string[];
  names: Readonly<Record<string, string>>;
}

/** By whom, and about what: kept in the address, so that a link leads to the same entries. */
export function Filters({ people, names }: Props) {
  const { who = "", what = "" } = useSearch();
  const everybody = [...new Set([...people, ...(who ? [who] : [])])]
    .map((id) => ({ value: id, label: calledIn(id, names) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const kinds = Object.entries(words.kinds).map(([value, label]) => ({ value, label }));
  const told =
    what === "" || kinds.some(({ value }) => value === what) ? kinds : [...kinds, { value: what, label: what }];
  return (
    <search className={classes.filters} aria-label={words.filters}>
      <Filter
        label={words.person}
        all={words.everybody}
        value={who}
        choices={everybody}
        onChoose={(value) => changeSearch({ who: value })}
      />
      <Filter
        label={words.kind}
        all={words.everything}
        value={what}
        choices={told}
        onChoose={(value) => changeSearch({ what: value })}
      />
      {(who || what) && <Link to={hrefWith({ who: undefined, what: undefined })}>{words.clear}</Link>}
    </search>
  );
}

interface FilterProps {
  label: string;
  all: string;
  value: string;
  choices: readonly { readonly value: string; readonly label: string }[];
  onChoose: (value: string) => void;
}

function Filter({ label, all, value, choices, onChoose }: FilterProps) {
  const id = useId();
  return (
    <span className={classes.filter}>
      <label className={form.label} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={form.select} value={value} onChange={({ target }) => onChoose(target.value)}>
        <option value="">{all}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </span>
  );
}

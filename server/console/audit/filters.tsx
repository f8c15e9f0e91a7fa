import { Select } from "../elements/form/select.tsx";
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
      <Select
        label={words.person}
        value={who}
        choices={[{ value: "", label: words.everybody }, ...everybody]}
        onChoose={(value) => changeSearch({ who: value })}
      />
      <Select
        label={words.kind}
        value={what}
        choices={[{ value: "", label: words.everything }, ...told]}
        onChoose={(value) => changeSearch({ what: value })}
      />
      {(who || what) && <Link to={hrefWith({ who: undefined, what: undefined })}>{words.clear}</Link>}
    </search>
  );
}

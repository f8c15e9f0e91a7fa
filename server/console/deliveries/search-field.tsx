import { Button } from "@mantine/core";
import { useId, useState } from "react";
import form from "../elements/form/form.module.css";
import { changeSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import classes from "./filters.module.css";

const { deliveries: words } = texts;

/** Looks for one thing by its id, exactly; an empty field looks for everything again. */
export function SearchField({ q = "" }: { q: string | undefined }) {
  const id = useId();
  const [typed, type] = useState(q);
  return (
    <form
      className={classes.search}
      onSubmit={(event) => {
        event.preventDefault();
        changeSearch({ q: typed.trim(), show: undefined });
      }}
    >
      <label className={form.label} htmlFor={id}>
        {words.search}
      </label>
      <span className={classes.searchLine}>
        <input
          id={id}
          data-search
          type="search"
          className={form.input}
          value={typed}
          maxLength={256}
          placeholder={words.searchHint}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            type(target.value);
            if (target.value === "" && q !== "") changeSearch({ q: undefined });
          }}
        />
        <Button type="submit" variant="default" h={40}>
          {words.searchDo}
        </Button>
      </span>
    </form>
  );
}

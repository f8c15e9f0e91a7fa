import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { IngestKeyMade } from "../../api/ingest-keys.ts";
import { useDeed } from "../api/deed.ts";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { developersKey, keysOf, keysPath } from "./answers.ts";
import classes from "./developers.module.css";

const { keys: words } = texts.developers;

/** A new key, named for what holds it. */
export function MakeKey({ connection, onMade }: { connection: string; onMade: (made: IngestKeyMade) => void }) {
  const queries = useQueryClient();
  const [name, type] = useState("");
  const [tried, tryIt] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const make = useDeed(
    async (ask) => {
      const made = await ask<IngestKeyMade>(keysPath(connection), { name: name.trim() });
      await queries.invalidateQueries({ queryKey: keysOf(connection) });
      await queries.invalidateQueries({ queryKey: developersKey });
      return made;
    },
    (made) => words.shown(made.name),
    (made) => {
      type("");
      tryIt(false);
      onMade(made);
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tryIt(true);
    if (name.trim() === "") line.current?.focus();
    else if (!make.isPending) make.mutate(undefined);
  };
  return (
    <form className={classes.make} onSubmit={submit} noValidate>
      <div className={form.form}>
        <Field
          ref={line}
          label={words.name}
          hint={words.nameHint}
          value={name}
          maxLength={60}
          autoComplete="off"
          error={tried && name.trim() === "" ? words.missing : undefined}
          onChange={({ target }) => type(target.value)}
        />
        <Button type="submit" variant="default" size="compact-sm" aria-disabled={make.isPending || undefined}>
          {make.isPending ? words.making : words.make}
        </Button>
        {make.error && <Refusal what={words.makeFailed} error={make.error} />}
      </div>
    </form>
  );
}

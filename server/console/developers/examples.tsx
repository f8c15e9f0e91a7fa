import { useId, useRef, useState } from "react";
import type { Example } from "../../api/developers.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import form from "../elements/form/form.module.css";
import { texts } from "../texts/texts.ts";
import classes from "./developers.module.css";

const { examples: words } = texts.developers;

/** Calls that run as they are pasted; they name no secret. */
export function Examples({ examples }: { examples: readonly Example[] }) {
  const [chosen, choose] = useState<string>();
  const shown = useRef<HTMLPreElement>(null);
  const id = useId();
  const example = examples.find((one) => one.id === chosen) ?? examples[0];
  if (!example) return null;
  return (
    <section className={classes.part} aria-labelledby={`${id}-title`}>
      <h3 className={classes.subtitle} id={`${id}-title`}>
        {words.title}
      </h3>
      <div className={classes.beside}>
        <label className={form.label} htmlFor={id}>
          {words.choose}
        </label>
        <select id={id} className={form.select} value={example.id} onChange={({ target }) => choose(target.value)}>
          {examples.map((one) => (
            <option key={one.id} value={one.id}>
              {words.names[one.id]}
            </option>
          ))}
        </select>
        <CopyButton text={example.code} shown={shown} label={words.copy} />
      </div>
      <pre className={classes.code} ref={shown} dir="ltr">
        <code>{example.code}</code>
      </pre>
      <p className={classes.dim}>
        {words.note} {example.id.endsWith("signed") && words.signed}
      </p>
    </section>
  );
}

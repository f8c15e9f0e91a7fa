import { useMemo, useRef } from "react";
import type { PreviewView } from "../../api/preview.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { type JsonLine, jsonLines } from "../inspector/json-lines.ts";
import { texts } from "../texts/texts.ts";
import classes from "./annotated-json.module.css";
import type { Entry } from "./event.tsx";

const { preview: words } = texts;

interface Props {
  text: string;
  entry: Entry;
  preview: PreviewView;
  crm: string;
  /** The path of the line that Meta refused. */
  blamed: string | undefined;
}

/** The event's exact text, each line with where it comes from: beside it, and below it where there is no room. */
export function AnnotatedJson({ text, entry, preview: { origins, mappingVersion }, crm, blamed }: Props) {
  const lines = useMemo(() => withPaths(jsonLines(text)), [text]);
  const shown = useRef<HTMLDivElement>(null);
  const about = { crm, version: mappingVersion, time: words.times[entry.timeQuality] };
  const originOf = (path: string | undefined): string | undefined => {
    const found = origins.find((one) => one.path === path);
    return found && words.originOf(found.origin, about);
  };
  return (
    <figure className={classes.figure} aria-label={words.event.payload}>
      <div className={classes.head}>
        <span className={classes.dim}>{words.event.origins}</span>
        <CopyButton text={text} shown={shown} />
      </div>
      <div className={classes.lines} ref={shown}>
        {lines.map(({ depth, parts, path }, n) => {
          const line = { depth, parts, origin: originOf(path), wrong: blamed !== undefined && path === blamed };
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text are what they are by their place
          return <Line key={n} {...line} />;
        })}
      </div>
    </figure>
  );
}

function Line({ depth, parts, origin, wrong }: JsonLine & { origin: string | undefined; wrong: boolean }) {
  return (
    <div className={classes.line} data-blamed={wrong || undefined} data-tone={wrong ? "problem" : undefined}>
      <code className={classes.code} data-depth={Math.min(depth, 3)} translate="no">
        {parts.map(({ kind, text }, m) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <span key={m} data-kind={kind}>
            {text}
          </span>
        ))}
      </code>
      {(origin !== undefined || wrong) && (
        <span className={classes.origin}>
          {wrong && <strong>{words.event.blamed}. </strong>}
          <bdi>{origin}</bdi>
        </span>
      )}
    </div>
  );
}

/** Each line with the path of its key: `user_data.em`. */
function withPaths(lines: readonly JsonLine[]): readonly (JsonLine & { readonly path: string | undefined })[] {
  const within: string[] = [];
  return lines.map((line) => {
    const key = line.parts.find(({ kind }) => kind === "key")?.text.match(/^"([^"]*)"/)?.[1];
    if (key === undefined) return { ...line, path: undefined };
    within.splice(line.depth - 1, Number.POSITIVE_INFINITY, key);
    return { ...line, path: within.join(".") };
  });
}

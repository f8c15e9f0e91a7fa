import { VisuallyHidden } from "@mantine/core";
import type { AuditView } from "../../api/audit.ts";
import { texts } from "../texts/texts.ts";
import classes from "./audit.module.css";

const { audit: words } = texts;
type Entry = AuditView["entries"][number];

/** Said already in other words, or of use to nobody but us. */
const silent = new Set(["before", "after", "field", "asked", "cause", "problem", "reading"]);

/** What the entry names beside its words. */
export function About({ entry, names }: { entry: Entry; names: Readonly<Record<string, string>> }) {
  const told = Object.entries(entry.about).filter(
    ([key, value]) => !silent.has(key) && value !== null && !(entry.change && ["role", "from", "to"].includes(key)),
  );
  if (told.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {told.map(([key, value]) => (
        <div key={key}>
          {key === "id" ? (
            <VisuallyHidden component="dt">{words.keys.id}</VisuallyHidden>
          ) : (
            <dt>{words.keys[key] ?? key}</dt>
          )}
          <dd>
            <Value of={key} value={value} names={names} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ValueProps {
  of: string;
  value: Entry["about"][string] | undefined;
  names: Readonly<Record<string, string>>;
}

function Value({ of, value, names }: ValueProps) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return texts.number(value);
  const text = String(value);
  if (of === "receipt") return <a href={`/receipts/${encodeURIComponent(text)}`}>{text}</a>;
  if (of === "endsAt") return texts.time.short(new Date(text));
  return <bdi>{names[text] ?? text}</bdi>;
}

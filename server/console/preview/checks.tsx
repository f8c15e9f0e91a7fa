import { VisuallyHidden } from "@mantine/core";
import type { PreviewView } from "../../api/preview.ts";
import { Check, CheckList } from "../elements/check-list.tsx";
import { Disclosure } from "../elements/disclosure.tsx";
import { toDo } from "../elements/fix.ts";
import { texts } from "../texts/texts.ts";
import type { Entry } from "./event.tsx";
import classes from "./preview.module.css";

const { checks: words } = texts.preview;
type Answer = "ok" | "fails" | "unknown";
interface Checked {
  readonly answer: Answer;
  readonly said: string;
  /** What to do where it does not hold. */
  readonly fix?: string | undefined;
}

/** What somebody asks first, and under it every rule with its answer. */
export function Checks({ preview, entry }: { preview: PreviewView; entry: Entry }) {
  return (
    <section aria-label={words.title}>
      <h3 className={classes.title}>{words.title}</h3>
      <CheckList>
        {checksOf(preview, entry).map((check) => (
          <Line key={check.said} {...check} />
        ))}
      </CheckList>
      <Disclosure below summary={words.rules(entry.rules.length)}>
        <CheckList ordered>
          {entry.rules.map(({ rule, answer, title, fix }) => (
            <Line
              key={rule}
              answer={answer === "unreached" ? "unknown" : answer}
              said={answer === "fails" ? title : (texts.record.holds[rule] ?? title)}
              fix={answer === "fails" ? fix : undefined}
            />
          ))}
        </CheckList>
      </Disclosure>
    </section>
  );
}

const looks = {
  ok: { icon: "tick", tone: "live" },
  fails: { icon: "cross", tone: "problem" },
  unknown: { icon: "dash", tone: "paused" },
} as const;

function Line({ answer, said, fix }: Checked) {
  const todo = toDo(fix);
  return (
    <Check {...looks[answer]} state={answer}>
      <VisuallyHidden>{words[answer]} </VisuallyHidden>
      <bdi>{said}</bdi>
      {todo && <span className={classes.fix}>{texts.record.fix(todo)}</span>}
    </Check>
  );
}

function checksOf(
  { keys, person }: PreviewView,
  { rules, eventName = "", delivery, ledger }: Entry,
): readonly Checked[] {
  const rule = (name: string) => rules.find((one) => one.rule === name);
  const answers = (...names: readonly string[]): Answer => {
    const found = names.map((name) => rule(name)?.answer);
    if (found.includes("fails")) return "fails";
    return found.includes("unreached") ? "unknown" : "ok";
  };
  const others = keys.filter((key) => key !== "lead_id").map((key) => texts.record.keys[key] ?? key);
  const mapped = answers("stage_not_mapped", "stage_ignored");
  const young = answers("too_old");
  const sent = delivery !== undefined || ledger?.outcome === "event";
  const unkept = person === "not_kept";
  return [
    {
      answer: unkept ? "unknown" : keys.includes("lead_id") ? "ok" : others.length > 0 ? "unknown" : "fails",
      said: keys.includes("lead_id") ? words.leadId.ok : words.leadId.fails,
    },
    {
      answer: unkept ? "unknown" : keys.length > 0 ? (others.length > 0 ? "ok" : "unknown") : "fails",
      said: others.length > 0 ? words.keys(others.join(", ")) : keys.length > 0 ? words.noKeys : words.noKeyAtAll,
      fix: keys.length === 0 ? rule("no_match_key")?.fix : undefined,
    },
    {
      answer: mapped,
      said: mapped === "ok" ? words.mapped.ok(eventName) : words.mapped.fails,
      fix: rules.find(({ rule: name, answer }) => answer === "fails" && name.startsWith("stage_"))?.fix,
    },
    { answer: young, said: young === "fails" ? words.young.fails : words.young.ok },
    { answer: sent ? "unknown" : "ok", said: sent ? words.once.fails : words.once.ok },
  ];
}

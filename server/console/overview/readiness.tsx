import type { Figures, RequirementView } from "../../api/figures.ts";
import type { Tone } from "../../api/schema.ts";
import { Card } from "../elements/card.tsx";
import { Icon, type IconName } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./readiness.module.css";

const { readiness: said } = texts.figures;

const looks: Record<RequirementView["state"], { tone: Tone; icon: IconName }> = {
  met: { tone: "live", icon: "tick" },
  not_yet: { tone: "waiting", icon: "clock" },
  unknown: { tone: "paused", icon: "dash" },
};

/** What Meta requires for Conversion Leads, what we see of it, and what helps. */
export function Readiness({ readiness: { requirements } }: Pick<Figures, "readiness">) {
  const met = requirements.filter(({ state }) => state === "met").length;
  return (
    <Card title={said.title} aside={`${said.explained} · ${said.whole(met, requirements.length)}`}>
      <ul className={classes.list}>
        {requirements.map((requirement) => (
          <Requirement key={requirement.code} requirement={requirement} />
        ))}
      </ul>
    </Card>
  );
}

function Requirement({ requirement }: { requirement: RequirementView }) {
  const { code, state } = requirement;
  const { tone, icon } = looks[state];
  return (
    <li className={classes.line} data-tone={tone}>
      <span className={classes.mark}>
        <Icon name={icon} size={14} />
      </span>
      <span className={classes.needed}>{said.needed[code]}</span>
      <span className={classes.state}>{said.states[state]}</span>
      <span className={classes.seen}>
        <bdi>{said.seen[code](requirement)}</bdi>
        {state === "not_yet" && <span className={classes.todo}>{said.todo[code]}</span>}
      </span>
    </li>
  );
}

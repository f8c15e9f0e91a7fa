import { Switch } from "@mantine/core";
import { Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./switches.module.css";

const { switches: words } = texts.mapping;
type Name = "fillSkipped" | "sendValue";

interface Props {
  connector: string;
  on: Readonly<Record<Name, boolean>>;
  editable: boolean;
  onChange: (name: Name, on: boolean) => void;
}

/** What holds for all stages alike. */
export function Switches({ connector, on, editable, onChange }: Props) {
  const value = words.sendValueNote;
  const notes = {
    fillSkipped: words.fillSkippedNote,
    sendValue: Object.hasOwn(value, connector) ? value[connector as keyof typeof value] : value.other,
  };
  return (
    <Card title={words.title}>
      <div className={classes.switches}>
        {(["fillSkipped", "sendValue"] as const).map((name) =>
          editable ? (
            <Switch
              key={name}
              label={words[name]}
              description={notes[name]}
              classNames={{ track: classes.track, labelWrapper: classes.words }}
              checked={on[name]}
              onChange={({ currentTarget }) => onChange(name, currentTarget.checked)}
            />
          ) : (
            <div key={name} className={classes.told}>
              <Icon name={on[name] ? "tick" : "dash"} size={16} />
              <div>
                {words[name]}: {on[name] ? texts.mapping.conflict.on : texts.mapping.conflict.off}
                <span className={classes.note}>{notes[name]}</span>
              </div>
            </div>
          ),
        )}
      </div>
    </Card>
  );
}

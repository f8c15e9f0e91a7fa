import { SegmentedControl } from "@mantine/core";
import type { Figures } from "../../api/figures.ts";
import form from "../elements/form/form.module.css";
import { texts } from "../texts/texts.ts";
import { type Choice, choose, pipelinesOf, ranges } from "./choice.ts";
import classes from "./overview.module.css";

const { figures: words } = texts;

/** Long words of a language are shortened rather than pushed off the page. */
const segments = { root: classes.segments ?? "", control: classes.segment ?? "" };

/** What of the figures is shown, and how. */
export function Switches({ choice, figures }: { choice: Choice; figures: Figures | undefined }) {
  const accounts = figures?.connections ?? [];
  const pipelines = figures ? pipelinesOf(figures, choice) : [];
  return (
    <div className={classes.switches}>
      {accounts.length > 1 && (
        <Select
          label={words.source.label}
          all={words.source.all}
          value={choice.connection}
          options={accounts.map(({ id, crmName, name }) => ({ value: id, label: `${crmName} · ${name}` }))}
          onChoose={(connection) => choose({ connection })}
        />
      )}
      {pipelines.length > 0 && (
        <Select
          label={words.pipeline.label}
          all={words.pipeline.all}
          value={choice.pipeline}
          options={pipelines.map(({ id, label }) => ({ value: id, label }))}
          onChoose={(pipeline) => choose({ pipeline })}
        />
      )}
      <SegmentedControl
        aria-label={words.range.label}
        size="sm"
        classNames={segments}
        value={choice.range}
        onChange={(range) => choose({ range })}
        data={ranges.map((value) => ({ value, label: words.range.ranges[value] }))}
      />
      <SegmentedControl
        aria-label={words.display.label}
        size="sm"
        classNames={segments}
        value={choice.display}
        onChange={(display) => choose({ display })}
        data={(["count", "share"] as const).map((value) => ({ value, label: words.display[value] }))}
      />
    </div>
  );
}

interface SelectProps {
  label: string;
  /** What leaves it open. */
  all: string;
  value: string | undefined;
  options: readonly { readonly value: string; readonly label: string }[];
  onChoose: (value: string) => void;
}

function Select({ label, all, value = "", options, onChoose }: SelectProps) {
  return (
    <select
      className={`${form.select} ${classes.select}`}
      aria-label={label}
      value={value}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

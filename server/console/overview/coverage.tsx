import { Button, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { CoverageView, Figures } from "../../api/figures.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import type { Choice } from "./choice.ts";
import classes from "./coverage.module.css";

const { coverage: said } = texts.figures;

/** Meta's "lead coverage" wants 60 % of the leads matched (Conversion Leads, verify your data). */
const wanted = 0.6;

/** Rows that are shown at first. */
const most = 8;

const columns = {
  lead_id: ["lead_id"],
  fbc: ["fbc"],
  em: ["em"],
  ph: ["ph"],
  name: ["fn", "ln"],
  place: ["ct", "st", "zp", "country"],
  other: ["db", "ge", "external_id"],
} as const;
type Name = keyof typeof columns;

/** Which fields that name a person the events carry, and whether the lead id is in enough of them. */
export function Coverage({ figures: { coverage, sample }, choice }: { figures: Figures; choice: Choice }) {
  const used = (Object.keys(columns) as Name[]).filter(
    (name) => ["lead_id", "fbc", "em", "ph"].includes(name) || coverage.some((row) => carrying(row, name) > 0),
  );
  const [all, showAll] = useState(false);
  const shown = all ? coverage : coverage.slice(0, most);
  return (
    <Card title={said.title} aside={<Link to={addresses.mapping}>{said.mapping}</Link>}>
      {coverage.length === 0 ? (
        <Absence>{said.empty}</Absence>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may be wider than the screen, and is pushed along by keys */}
          <section className={classes.scroll} aria-label={said.caption} tabIndex={0}>
            <table className={classes.table}>
              <caption>
                <VisuallyHidden>{said.caption}</VisuallyHidden>
              </caption>
              <thead>
                <tr>
                  <th scope="col">{said.event}</th>
                  <th scope="col">{said.of}</th>
                  {used.map((name) => (
                    <th key={name} scope="col">
                      {said.keys[name]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row) => (
                  <tr key={row.eventName}>
                    <th scope="row">
                      <bdi>{row.eventName}</bdi>
                    </th>
                    <td className={classes.of}>{texts.number(row.of)}</td>
                    {used.map((name) => (
                      <Cell key={name} name={name} row={row} choice={choice} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {coverage.length > most && (
            <Button size="compact-sm" variant="subtle" aria-expanded={all} onClick={() => showAll(!all)}>
              {all ? said.fewer : said.all(coverage.length)}
            </Button>
          )}
          <p className={classes.note}>
            {said.bar} {said.sample(sample.count, sample.of)}.
          </p>
        </>
      )}
    </Card>
  );
}

function Cell({ name, row, choice }: { name: Name; row: CoverageView; choice: Choice }) {
  const count = carrying(row, name);
  const share = row.of === 0 ? 0 : count / row.of;
  const low = name === "lead_id" && share < wanted;
  const shown = choice.display === "count" ? texts.number(count) : texts.share(count, row.of);
  return (
    <td data-tone={low ? "waiting" : undefined} data-low={low || undefined}>
      <span className={classes.value}>
        {low && <Icon name="warning" size={12} />}
        {shown}
        {low && <VisuallyHidden>{said.below(texts.share(count, row.of))}</VisuallyHidden>}
      </span>
      <span className={classes.bar} aria-hidden="true">
        <span className={classes.fill} style={{ width: `${share * 100}%` }} />
        {name === "lead_id" && <span className={classes.mark} title={said.mark} />}
      </span>
    </td>
  );
}

/** Of several fields that say the same kind of thing, the one that most events carry. */
const carrying = ({ keys }: CoverageView, name: Name): number =>
  Math.max(...columns[name].map((key) => keys[key] ?? 0));

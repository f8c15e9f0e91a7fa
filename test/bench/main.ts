import { type Figure, met, round } from "./figure.ts";
import { flow } from "./flow.ts";
import { sending } from "./sending.ts";

/** `npm run bench`: a table for people; `-- --json`: one line per figure for machines. */
const json = process.argv.includes("--json");
const show = (figure: Figure): void => {
  const value = round(figure.value);
  const ok = met(figure);
  if (json) {
    console.log(
      JSON.stringify({ figure: figure.figure, value, unit: figure.unit, target: figure.target ?? null, met: ok }),
    );
    return;
  }
  const target =
    figure.target === undefined ? "" : `${figure.atMost ? "≤" : "≥"} ${round(figure.target).toLocaleString("en")}`;
  const verdict = ok === null ? "" : ok ? "met" : "MISSED";
  console.log(
    `${figure.figure.padEnd(48)}${value.toLocaleString("en").padStart(10)} ${figure.unit.padEnd(14)}${target.padStart(10)}  ${verdict}`,
  );
};
if (!json) console.log(`${"figure".padEnd(48)}${"value".padStart(10)} ${"unit".padEnd(14)}${"target".padStart(10)}`);
for (const part of [sending, flow]) for (const figure of await part()) show(figure);
process.exit(0);

import type { Literal } from "./query.ts";
import { unescaped } from "./strings.ts";
import type { Token } from "./tokens.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,3})?(Z|[+-]\d{2}:?\d{2})$/i;

/** What a token says as a value; undefined when it is none. Text stands in quotes, everything else does not. */
export function readLiteral({ kind, text, at }: Token): Literal | undefined {
  if (kind === "string") return { kind, value: unescaped(text), at };
  if (kind === "word") return readWord(text.toUpperCase(), at);
  if (kind !== "value") return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return { kind: "number", value: Number(text), at };
  if (DATE.test(text)) return Number.isFinite(Date.parse(text)) ? { kind: "date", value: text, at } : undefined;
  const [, moment, fraction = "", zone = ""] = DATETIME.exec(text) ?? [];
  const value = Date.parse(`${moment}${fraction}${zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  return Number.isFinite(value) ? { kind: "datetime", value, at } : undefined;
}

/** Of the relative dates those that name whole days (SOQL reference, "Date Formats and Date Literals"). */
function readWord(word: string, at: number): Literal | undefined {
  if (word === "NULL") return { kind: "null", at };
  if (word === "TRUE" || word === "FALSE") return { kind: "boolean", value: word === "TRUE", at };
  if (word === "YESTERDAY") return { kind: "days", from: -1, to: 0, at };
  if (word === "TODAY") return { kind: "days", from: 0, to: 1, at };
  if (word === "TOMORROW") return { kind: "days", from: 1, to: 2, at };
  const [name, count] = word.split(":");
  if (!/^\d+$/.test(count ?? "")) return undefined;
  if (name === "LAST_N_DAYS") return { kind: "days", from: -Number(count), to: 1, at };
  if (name === "NEXT_N_DAYS") return { kind: "days", from: 1, to: 1 + Number(count), at };
  return undefined;
}

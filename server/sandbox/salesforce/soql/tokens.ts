import { atPosition, malformed } from "../errors.ts";

export interface Token {
  /** `word` holds paths too (`CreatedBy.Name`), `value` numbers and dates as written. */
  readonly kind: "word" | "string" | "value" | "symbol" | "end";
  /** A string's text is what stands between the quotes, escapes and all. */
  readonly text: string;
  readonly at: number;
}

const SYMBOLS = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];
const isSpace = (char: string): boolean => char !== "" && " \t\r\n".includes(char);
const isWordStart = (char: string): boolean => /[A-Za-z_]/.test(char);
/** The colon is of `LAST_N_DAYS:7`. */
const isWordPart = (char: string): boolean => /[A-Za-z0-9_.:]/.test(char);
const isValueStart = (char: string): boolean => /[0-9+-]/.test(char);
const isValuePart = (char: string): boolean => /[0-9A-Za-z:.+-]/.test(char);

export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const char = query.charAt(at);
    if (isSpace(char)) {
      at += 1;
      continue;
    }
    const token = readToken(query, at);
    tokens.push(token);
    at += token.text.length + (token.kind === "string" ? 2 : 0);
  }
  return [...tokens, { kind: "end", text: "<EOF>", at: query.length }];
}

function readToken(query: string, at: number): Token {
  const char = query.charAt(at);
  if (char === "'") return { kind: "string", text: query.slice(at + 1, endOfString(query, at)), at };
  if (isWordStart(char)) return { kind: "word", text: readWhile(query, at, isWordPart), at };
  if (isValueStart(char)) return { kind: "value", text: readWhile(query, at, isValuePart), at };
  const symbol = SYMBOLS.find((each) => query.startsWith(each, at));
  if (symbol) return { kind: "symbol", text: symbol, at };
  throw malformed(atPosition(query, at, `unexpected token: '${char}'`));
}

function readWhile(query: string, from: number, belongs: (char: string) => boolean): string {
  let to = from;
  while (to < query.length && belongs(query.charAt(to))) to += 1;
  return query.slice(from, to);
}

function endOfString(query: string, at: number): number {
  let end = at + 1;
  while (end < query.length && query.charAt(end) !== "'") end += query.charAt(end) === "\\" ? 2 : 1;
  if (end >= query.length) throw malformed(atPosition(query, at, "line breaks not allowed in string literals"));
  return end;
}

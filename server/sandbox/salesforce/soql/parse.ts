import { atPosition, malformed, RestError } from "../errors.ts";
import { readLiteral } from "./literals.ts";
import type { Comparison, Condition, Literal, Order, Path, Query } from "./query.ts";
import { likePattern } from "./strings.ts";
import { type Token, tokenize } from "./tokens.ts";

/**
 * Recursive descent over the tokens. Where SOQL is stricter than SQL so is this: AND and OR do not mix without parentheses,
 * and NOT stands before one term only (SOQL reference, "conditionExpression").
 */
export function parseSoql(text: string): Query {
  if (text.length > 100_000) throw malformed("SOQL statements cannot be longer than 100000 characters.");
  return new Parser(text).query();
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  query(): Query {
    this.#expectWord("SELECT");
    const select = this.#select();
    this.#expectWord("FROM");
    const from = this.#path();
    const where = this.#takeWord("WHERE") ? this.#condition() : undefined;
    const order = this.#takeWord("ORDER") ? this.#orders() : [];
    const limit = this.#takeWord("LIMIT") ? this.#count() : undefined;
    const offset = this.#takeWord("OFFSET") ? this.#count() : 0;
    if (offset > 2000) throw new RestError(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
    if (this.#next.kind !== "end") throw this.#unexpected();
    return { text: this.#text, select, from, where, order, limit, offset };
  }

  #select(): readonly Path[] | "count" {
    const second = this.#tokens[this.#at + 1];
    if (isWord(this.#next, "COUNT") && second?.text === "(") {
      this.#at += 2;
      this.#expectSymbol(")");
      return "count";
    }
    return this.#list(() => this.#path());
  }

  #condition(): Condition {
    if (this.#takeWord("NOT")) return { kind: "not", term: this.#term() };
    const terms = [this.#term()];
    const kind = isWord(this.#next, "AND") ? "and" : "or";
    while (this.#takeWord(kind)) terms.push(this.#term());
    return terms.length === 1 && terms[0] ? terms[0] : { kind, terms };
  }

  #term(): Condition {
    if (!this.#takeSymbol("(")) return this.#comparison();
    const condition = this.#condition();
    this.#expectSymbol(")");
    return condition;
  }

  #comparison(): Condition {
    const path = this.#path();
    if (this.#takeWord("NOT")) {
      this.#expectWord("IN");
      return { kind: "in", path, negated: true, values: this.#literals() };
    }
    if (this.#takeWord("IN")) return { kind: "in", path, negated: false, values: this.#literals() };
    if (this.#takeWord("LIKE")) {
      const token = this.#take();
      if (token.kind !== "string") throw this.#unexpected(token);
      return { kind: "like", path, pattern: likePattern(token.text) };
    }
    const token = this.#take();
    const comparison = COMPARISONS[token.text];
    if (token.kind !== "symbol" || !comparison) throw this.#unexpected(token);
    return { kind: "compare", path, comparison, value: this.#literal() };
  }

  #literals(): readonly Literal[] {
    this.#expectSymbol("(");
    const values = this.#list(() => this.#literal());
    this.#expectSymbol(")");
    return values;
  }

  #literal(): Literal {
    const token = this.#take();
    const literal = readLiteral(token);
    if (!literal) throw this.#unexpected(token);
    return literal;
  }

  #orders(): readonly Order[] {
    this.#expectWord("BY");
    return this.#list(() => {
      const path = this.#path();
      const descending = !this.#takeWord("ASC") && this.#takeWord("DESC");
      let nullsLast = false;
      if (this.#takeWord("NULLS")) {
        nullsLast = this.#takeWord("LAST");
        if (!nullsLast) this.#expectWord("FIRST");
      }
      return { path, descending, nullsLast };
    });
  }

  #path(): Path {
    const token = this.#take();
    if (token.kind !== "word" || KEYWORDS.has(token.text.toUpperCase())) throw this.#unexpected(token);
    return { steps: token.text.split("."), text: token.text, at: token.at };
  }

  #count(): number {
    const token = this.#take();
    if (token.kind !== "value" || !/^\d+$/.test(token.text)) throw this.#unexpected(token);
    return Number(token.text);
  }

  #list<Item>(item: () => Item): readonly Item[] {
    const items = [item()];
    while (this.#takeSymbol(",")) items.push(item());
    return items;
  }

  get #next(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }
  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }
  #takeWord(word: string): boolean {
    const found = isWord(this.#next, word);
    if (found) this.#at += 1;
    return found;
  }
  #takeSymbol(symbol: string): boolean {
    const found = this.#next.kind === "symbol" && this.#next.text === symbol;
    if (found) this.#at += 1;
    return found;
  }
  #expectWord(word: string): void {
    if (!this.#takeWord(word)) throw this.#unexpected();
  }
  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw this.#unexpected();
  }
  #unexpected(token = this.#next): RestError {
    return malformed(atPosition(this.#text, token.at, `unexpected token: '${token.text}'`));
  }
}

const isWord = (token: Token, word: string): boolean =>
  token.kind === "word" && token.text.toUpperCase() === word.toUpperCase();
const KEYWORDS = new Set(["SELECT", "FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "AND", "OR", "NOT", "IN", "LIKE"]);

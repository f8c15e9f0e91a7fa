/** A query as it was written, before anybody asked whether its fields exist. */
export interface Query {
  readonly text: string;
  readonly select: readonly Path[] | "count";
  readonly from: Path;
  readonly where: Condition | undefined;
  readonly order: readonly Order[];
  readonly limit: number | undefined;
  readonly offset: number;
}

/** A field, or the way to a field of a parent record: `Contact.Email`. */
export interface Path {
  readonly steps: readonly string[];
  readonly text: string;
  readonly at: number;
}

export interface Order {
  readonly path: Path;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type Condition =
  | { readonly kind: "and" | "or"; readonly terms: readonly Condition[] }
  | { readonly kind: "not"; readonly term: Condition }
  | { readonly kind: "compare"; readonly path: Path; readonly comparison: Comparison; readonly value: Literal }
  | { readonly kind: "like"; readonly path: Path; readonly pattern: RegExp }
  | { readonly kind: "in"; readonly path: Path; readonly negated: boolean; readonly values: readonly Literal[] };

export type Literal = { readonly at: number } & (
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  /** Milliseconds. */
  | { readonly kind: "datetime"; readonly value: number }
  /** `YYYY-MM-DD` */
  | { readonly kind: "date"; readonly value: string }
  /** Days from today: the first one and the one after the last. */
  | { readonly kind: "days"; readonly from: number; readonly to: number }
);

import { parseSync } from "vite";

/** What a person reads or hears though it is no element's content. */
const read =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|description)$/;
const word = /\p{L}{2}/u;
/** Keys as they stand on a keyboard are called the same everywhere. */
const keys = /^(Enter|Esc|Tab)$/;

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** Words that stand in a page itself: between its tags, in what is read aloud of it, in what it shows by an expression. */
export function literalWords(file: string, text: string): readonly string[] {
  const { program, errors } = parseSync(file, text, { lang: "tsx" });
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
  const found: string[] = [];
  const note = (words: unknown) => {
    if (typeof words === "string" && word.test(words) && !keys.test(words.trim())) found.push(words.trim());
  };
  const walk = (node: Node): void => {
    if (node.type === "JSXText") note(node.value);
    if (node.type === "JSXExpressionContainer") shown(node.expression, note);
    if (node.type === "JSXAttribute") {
      const { name, value } = node as { name?: { name?: unknown }; value?: unknown };
      if (!read.test(String(name?.name))) {
        // A class or an id is nobody's word; what stands deeper may be.
        if (isNode(value) && value.type === "JSXExpressionContainer" && isNode(value.expression))
          each(value.expression);
        return;
      }
      if (isNode(value) && value.type === "Literal") note(value.value);
    }
    each(node);
  };
  const each = (node: Node): void => {
    for (const value of Object.values(node))
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) walk(one);
  };
  walk(program as unknown as Node);
  return found;
}

/** The words that an expression in braces gives, whichever way it is chosen. */
function shown(expression: unknown, note: (words: unknown) => void): void {
  if (!isNode(expression)) return;
  const { type, operator, left, right, consequent, alternate, value, quasis } = expression;
  if (type === "Literal") note(value);
  if (type === "TemplateLiteral") for (const { value: text } of quasis as { value: { raw: string } }[]) note(text.raw);
  // What is compared or tested is not what is shown.
  if (type === "BinaryExpression" && operator !== "+") return;
  const parts = operator === "&&" ? [right] : [left, right, consequent, alternate];
  for (const part of parts) shown(part, note);
}

/** Declarations that know left and right, where a language may run the other way. */
export function sidedStyles(text: string): readonly string[] {
  const css = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const sided =
    /(?:^|[;{\s])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|(?:text-align|float|clear)\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)(?=\s*[:;])/g;
  const shorthands = [...css.matchAll(/(?:inset|margin|padding)\s*:\s*([^;}]+)/g)].filter(([, values]) =>
    isLopsided(values ?? ""),
  );
  return [...[...css.matchAll(sided)].map(([, found]) => found ?? ""), ...shorthands.map(([whole]) => whole)];
}

/** Of top, right, bottom and left, the second and the fourth differ. */
function isLopsided(values: string): boolean {
  const [, right, , left] = values.trim().split(/\s+(?![^(]*\))/);
  return left !== undefined && left !== right;
}

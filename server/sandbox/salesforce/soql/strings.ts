import { malformed } from "../errors.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  '"': '"',
  "'": "'",
  "\\": "\\",
  _: "_",
  "%": "%",
};

/** Longest text in quotes (limits: "Maximum length of strings in a WHERE clause"). */
const LONGEST = 4000;

/** What an escaped text says. */
export const unescaped = (text: string): string =>
  pieces(text)
    .map((piece) => piece.char)
    .join("");

/** `%` is any text, `_` one character; escaped they are themselves. No matter of case. */
export function likePattern(text: string): RegExp {
  const source = pieces(text).map(({ char, escaped }) => {
    if (char === "%" && !escaped) return ".*";
    if (char === "_" && !escaped) return ".";
    return char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "isu");
}

function pieces(text: string): { char: string; escaped: boolean }[] {
  if (text.length > LONGEST) throw malformed("SOQL string literals cannot be longer than 4000 characters.");
  const found: { char: string; escaped: boolean }[] = [];
  const chars = [...text];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    if (char !== "\\") {
      found.push({ char, escaped: false });
      continue;
    }
    at += 1;
    const name = chars[at] ?? "";
    const code = chars.slice(at + 1, at + 5).join("");
    if (name === "u" && /^[0-9a-fA-F]{4}$/.test(code)) {
      found.push({ char: String.fromCharCode(Number.parseInt(code, 16)), escaped: true });
      at += 4;
    } else {
      const char = ESCAPES[name];
      if (char === undefined) throw malformed(`Illegal backslash sequence: \\${name}`);
      found.push({ char, escaped: true });
    }
  }
  return found;
}

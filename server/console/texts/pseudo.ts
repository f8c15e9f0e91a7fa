const accents: Readonly<Record<string, string>> = {
  a: "á", c: "ç", e: "é", i: "ï", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", z: "ž",
  A: "Á", C: "Ç", D: "Ð", E: "É", I: "Ï", N: "Ñ", O: "Ö", S: "Š", U: "Ü", Y: "Ý",
}; // biome-ignore format: a table
const rightToLeft = "\u202e";
const end = "\u202c";

/**
 * The texts as two languages of CLDR that nobody speaks: `en-XA` puts accents on every word, makes it 40 % longer and sets it in
 * brackets, `ar-XB` writes it from right to left. Any other language is left as it is.
 */
export function pseudo<Texts extends object>(texts: Texts, language: string): Texts {
  if (language === "en-XA") return turned(texts, longer) as Texts;
  if (language === "ar-XB") return turned(texts, (text) => `${rightToLeft}${text}${end}`) as Texts;
  return texts;
}

/** Every text, also those that functions make; numbers and lists of other things stay. */
function turned(value: unknown, turn: (text: string) => string): unknown {
  if (typeof value === "string") return value === "" ? "" : turn(value);
  if (typeof value === "function")
    return (...told: unknown[]) => turned((value as (...told: unknown[]) => unknown).apply(undefined, told), turn);
  if (Array.isArray(value)) return value.map((one) => turned(one, turn));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, turned(one, turn)]));
  return value;
}

function longer(text: string): string {
  const accented = [...text].map((letter) => accents[letter] ?? letter).join("");
  return `⟦${accented}${"~".repeat(Math.ceil(text.length * 0.4))}⟧`;
}

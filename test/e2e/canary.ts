/** A text that must not be found anywhere, and what it is, so that a find names it without repeating it. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** Shorter texts turn up by chance. */
const shortest = 8;

/** All ways in which this text may lie about: as it is, in base64 (wherever it begins), hexadecimal, escaped for a URL or JSON. */
export function forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((shift) => {
    // The digits that depend on what stands before and behind are left out.
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const hex = bytes.toString("hex");
  const url = encodeURIComponent(text);
  const all = [
    text,
    text.toLowerCase(),
    ...base64,
    hex,
    hex.toUpperCase(),
    url,
    url.toLowerCase(),
    JSON.stringify(text).slice(1, -1),
  ];
  return [...new Set(all)].filter((form) => form.length >= shortest);
}

/** Which canaries a text holds, in whatever form. */
export function found(haystack: string, canaries: readonly Canary[]): readonly string[] {
  return canaries.filter(({ text }) => forms(text).some((form) => haystack.includes(form))).map(({ what }) => what);
}

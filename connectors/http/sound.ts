/** What is wrong with one field, and what to do. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

const deepest = 5;
const longestText = 4_096;
const mostParts = 1_000;
const tooManyParts: readonly FieldError[] = [
  { path: "", code: "too_many_parts", message: "Send at most 1,000 parts in one stage change." },
];

/**
 * What makes a parsed JSON value unreadable whatever its fields mean: not an object, nested too deep, too many parts, texts
 * over 4 KiB, NUL characters or broken Unicode. Walks without recursion, at most 1,000 parts.
 */
export function unsoundParts(raw: unknown): readonly FieldError[] {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return [{ path: "", code: "not_an_object", message: "Send a JSON object." }];
  const errors: FieldError[] = [];
  const waiting: { path: string; value: unknown; depth: number }[] = [{ path: "", value: raw, depth: 0 }];
  for (let seen = 0; ; seen++) {
    const part = waiting.pop();
    if (!part) return errors;
    if (seen >= mostParts) return tooManyParts;
    const { path, value, depth } = part;
    if (typeof value === "string") errors.push(...unsoundText(path, value));
    if (typeof value !== "object" || value === null) continue;
    if (depth >= deepest) {
      errors.push({ path, code: "too_deep", message: "Nest at most 5 levels." });
      continue;
    }
    const names = Object.keys(value);
    if (names.length > mostParts) return tooManyParts;
    for (const [name, inner] of Object.entries(value)) {
      if (unsoundText(path, name).length > 0)
        errors.push({
          path,
          code: "bad_name",
          message: "A field name is too long or holds characters that are not text.",
        });
      else waiting.push({ path: path ? `${path}.${name}` : name, value: inner, depth: depth + 1 });
    }
  }
}

function unsoundText(path: string, text: string): readonly FieldError[] {
  if (text.length > longestText || Buffer.byteLength(text) > longestText)
    return [{ path, code: "too_long", message: "Send at most 4 KiB of text." }];
  if (text.includes("\0")) return [{ path, code: "nul", message: "Take out the NUL character." }];
  if (!text.isWellFormed())
    return [{ path, code: "broken_unicode", message: "Send well-formed Unicode: half a surrogate pair was found." }];
  return [];
}

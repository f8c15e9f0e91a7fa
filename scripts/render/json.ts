const width = 120;

/** JSON as the formatter of this repository writes it: lists of plain values in one line where they fit. */
export const jsonText = (value: unknown): string => `${written(value, 0, 0)}\n`;

/** `before`: characters that stand in front of it in its line. */
function written(value: unknown, level: number, before: number): string {
  const inner = "  ".repeat(level + 1);
  const outer = "  ".repeat(level);
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const plain = value.every((item) => typeof item !== "object" || item === null);
    if (plain && before + line.length < width) return line;
    return `[\n${value.map((item) => inner + written(item, level + 1, inner.length)).join(",\n")}\n${outer}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([name, item]) => {
    const start = `${inner}${JSON.stringify(name)}: `;
    return start + written(item, level + 1, start.length);
  });
  return `{\n${lines.join(",\n")}\n${outer}}`;
}

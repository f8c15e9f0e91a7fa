/** The samples of the text, by name and labels; without those that say how the process is. */
export function samples(text: string): Readonly<Record<string, number>> {
  const lines = text.split("\n").filter((line) => line.startsWith("stagewire_"));
  return Object.fromEntries(
    lines.map((line): [string, number] => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" "))),
    ]),
  );
}

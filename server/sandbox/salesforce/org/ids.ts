const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/** Prefix (3) + pod (2) + a counter of 10 digits to base 62 + checksum: later ids sort after earlier ones. */
export function makeId(prefix: string, pod: string, count: number): string {
  let rest = count;
  let digits = "";
  for (let place = 0; place < 10; place += 1) {
    digits = DIGITS.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return withChecksum(`${prefix}${pod}${digits}`);
}

/** The counter in an id of ours. */
export function countOf(id: string): number {
  return [...id.slice(5, 15)].reduce((count, digit) => count * 62 + DIGITS.indexOf(digit), 0);
}

/** 15 → 18 characters: each of the last three says which of five characters are capitals. */
export function withChecksum(id15: string): string {
  let suffix = "";
  for (let block = 0; block < 3; block += 1) {
    let capitals = 0;
    for (let place = 0; place < 5; place += 1) if (/[A-Z]/.test(id15.charAt(block * 5 + place))) capitals += 1 << place;
    suffix += SUFFIX.charAt(capitals);
  }
  return id15 + suffix;
}

/** The 18-character form of an id as a caller wrote it; undefined when it is none. */
export function readId(text: string): string | undefined {
  if (!/^([a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})$/.test(text)) return undefined;
  const id = withChecksum(text.slice(0, 15));
  return text.length === 15 || id === text ? id : undefined;
}

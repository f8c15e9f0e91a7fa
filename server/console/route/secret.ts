/** The part of the address after `#name=`, which no server gets to see. */
export function secretIn(hash: string, name: string): string | undefined {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get(name);
  return value === null || value === "" ? undefined : value;
}

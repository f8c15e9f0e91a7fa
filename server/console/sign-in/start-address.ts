import type { ProvidersView } from "../../api/providers.ts";

type ProviderView = ProvidersView["providers"][number];

/** Stands for an address of the account's own among the places. */
export const ownHost = "own-host";

/** A host as people copy it: with `https://` and a path, or without. The server looks again. */
export function fitsHost(typed: string, { pattern, simulated }: NonNullable<ProviderView["ownHosts"]>): boolean {
  const text = hostIn(typed);
  return simulated.some((origin) => origin === text || origin === `http://${text}`) || new RegExp(pattern).test(text);
}

/** Pages to come back to. `invitation`: it is only about who they are. */
export type ReturnTo = "invitation" | "setup";

export function startAddress(
  { startPath }: ProviderView,
  place: string,
  host: string,
  returnTo: ReturnTo | undefined,
): string {
  const where = place === ownHost ? { host: hostIn(host) } : { place };
  return `${startPath}?${new URLSearchParams({ ...where, ...(returnTo && { returnTo }) })}`;
}

/** Of an address that was copied whole, the host; of a simulated one the origin, which has no other name. */
function hostIn(typed: string): string {
  const text = typed.trim().toLowerCase();
  const url = URL.parse(text);
  if (url?.protocol === "http:") return url.origin;
  if (url?.protocol === "https:") return url.host;
  return text.replace(/\/.*$/, "");
}

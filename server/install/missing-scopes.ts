import type { Identity, Manifest } from "../../core/connector.ts";

/** Required ones that were not granted. `offline_access` is the same as `refresh_token` (OpenID Connect Core, section 11). */
export function missingScopes(
  { scopes: wanted }: Pick<Manifest, "scopes">,
  { scopes }: Pick<Identity, "scopes">,
): readonly string[] {
  const granted = new Set(scopes.map((scope) => (scope === "offline_access" ? "refresh_token" : scope)));
  return wanted.filter(({ scope, required }) => required && !granted.has(scope)).map(({ scope }) => scope);
}

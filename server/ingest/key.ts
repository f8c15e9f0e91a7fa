import { randomBytes } from "node:crypto";
import { ingestKeyHash } from "../../connectors/http/signature.ts";
import type { ConnectionId } from "../../core/types.ts";

/**
 * `swk_`, the connection's id and 256 random bits. The prefix lets secret scanners know a lost one; the id says where to look,
 * so that a key is compared with those of its connection only, and opens no other.
 */
export const newIngestKey = (of: ConnectionId): string =>
  `swk_${of.slice("con_".length)}_${randomBytes(32).toString("base64url")}`;

/** All that is kept of it; see `tokenHash`. */
export const ingestKeyHashOf = (key: string): string => ingestKeyHash(key);

/** What a request shows in `Authorization`. `secret`: the connection's signing secret, by its older form. */
export interface Shown {
  readonly connection: string;
  readonly kind: "key" | "secret";
  readonly text: string;
}

/** Undefined where it is neither. */
export function shownIn(authorization: string): Shown | undefined {
  const [, text = ""] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization) ?? [];
  const [, owner] = /^swk_([a-z0-9]{1,40})_[\w-]{43}$/.exec(text) ?? [];
  if (owner !== undefined) return { connection: `con_${owner}`, kind: "key", text };
  const [, connection, secret] = /^(con_[a-z0-9]{1,40})\.(\S+)$/.exec(text) ?? [];
  return connection === undefined || secret === undefined ? undefined : { connection, kind: "secret", text: secret };
}

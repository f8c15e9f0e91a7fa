import { randomBytes } from "node:crypto";
import type { ConnectionId, DatasetId, PersonId, TenantId } from "../../core/types.ts";

interface Ids {
  readonly ten: TenantId;
  readonly con: ConnectionId;
  readonly dst: DatasetId;
  readonly prb: string;
  readonly mai: string;
  readonly aud: string;
  readonly usr: PersonId;
  readonly ins: string;
  readonly inv: string;
  readonly key: string;
  readonly rcp: string;
  readonly tsk: string;
  readonly vew: string;
}

/**
 * `ten_` and 10 characters: 50 random bits. Short, because every row and key repeats it; unique by the tables' keys, and no
 * secret: knowing one opens nothing.
 */
export function newId<Prefix extends keyof Ids>(prefix: Prefix): Ids[Prefix] {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: none is mistaken for another.
  const digits = [...randomBytes(10)].map((byte) => letters[byte & 31]);
  return `${prefix}_${digits.join("")}` as Ids[Prefix];
}

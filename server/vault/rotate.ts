import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import { sealedWithOthers } from "../store/sealed-rows.ts";
import type { Tables } from "../store/tables.ts";
import type { Vault } from "../store/vault.ts";

const page = 200;
/** Pages in a row in which nothing could be replaced, because others were faster each time. */
const patience = 50;

/**
 * Seals with the vault's newest key whatever another key sealed, while everything goes on working; tells how many. Safe to be
 * killed and begun anew. It stops at the first secret that it cannot read and has changed nothing of it.
 *
 * @throws Failure `secret_unreadable`; `conflict` when somebody still seals with an older key
 */
export async function rotate({ db, vault }: { db: Kysely<Tables>; vault: Vault }): Promise<number> {
  let done = 0;
  let idle = 0;
  const seen = new Map<string, number>();
  while (idle < patience) {
    const rows = await sealedWithOthers(db, vault.keyId, page);
    if (rows.length === 0) return done;
    const before = done;
    for (const { place, sealed, replace } of rows) {
      const key = JSON.stringify(place);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      if (times > patience) throw stillOld();
      const plain = vault.open(place, sealed);
      const anew = vault.seal(place, plain);
      if (vault.open(place, anew) !== plain) throw new Failure("secret_unreadable", "the new key does not open");
      if (await replace(anew)) done += 1;
    }
    idle = done > before ? 0 : idle + 1;
  }
  throw stillOld();
}

const stillOld = (): Failure =>
  new Failure("conflict", "another process still seals with an older key: start all with the new list first");

import { resolve } from "node:path";
import type { Log } from "../../core/ports.ts";
import type { Config } from "../config.ts";
import { refuseSecond } from "../data-dir.ts";
import { startEmbedded } from "../store/embedded/start.ts";
import { openStore } from "../store/open.ts";
import { addOwnKey, configuredKeys, keepOwnKeys, openVault } from "./keys.ts";
import { rotate } from "./rotate.ts";

/**
 * `node server/main.ts rotate-keys`. With keys of your own, all that is stored is sealed with the first of ENCRYPTION_KEYS,
 * while the servers go on. Without, a new key is made beside the data; no server may run meanwhile, since it would not know it.
 *
 * @throws Failure `config_invalid`, `secret_unreadable`, `conflict`; the old keys then still open what they sealed
 */
export async function rotateKeys(config: Config, log: Log): Promise<void> {
  const dataDir = resolve(config.DATA_DIR);
  const configured = configuredKeys(config);
  if (!configured) await refuseSecond(dataDir);
  const embedded = config.DATABASE_URL ? undefined : await startEmbedded({ dataDir, log });
  try {
    const store = await openStore(config.DATABASE_URL ?? embedded?.url ?? "", { log, connections: 3 });
    try {
      const keys = configured ?? addOwnKey(dataDir);
      const done = await rotate({ db: store.db, vault: await openVault(keys) });
      if (!configured) keepOwnKeys(dataDir, [keys[0]]);
      log.info(`Sealed ${done} secrets with the key ${keys[0].id}; no other key is needed any more`, { count: done });
    } finally {
      await store.close();
    }
  } finally {
    await (embedded?.adopted ? embedded.leave() : embedded?.stop());
  }
}

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../core/errors.ts";
import type { Config } from "../config.ts";
import { writePrivate } from "../data-dir.ts";
import { createVault, type Vault, type VaultKey } from "../store/vault.ts";
import type { KeyStore } from "./key-store.ts";
import { plainKeys } from "./plain-keys.ts";

/** Newest first: it seals, the others still open what they sealed. As the key store wrote them down. */
export type ListedKeys = readonly [VaultKey, ...VaultKey[]];

/** The id of a key that was configured without one. */
const only = "k1";

/**
 * The keys that are configured, else those that lie beside our data, made once.
 *
 * @throws Failure `config_invalid` when an id stands for two keys
 */
export function listedKeys(config: Pick<Config, "ENCRYPTION_KEYS" | "ENCRYPTION_KEY">, dataDir: string): ListedKeys {
  return configuredKeys(config) ?? ownKeys(dataDir);
}

export function configuredKeys({
  ENCRYPTION_KEYS: list = [],
  ENCRYPTION_KEY: one,
}: Pick<Config, "ENCRYPTION_KEYS" | "ENCRYPTION_KEY">): ListedKeys | undefined {
  const [first, ...others] = [...list, ...(one ? [{ id: only, key: one }] : [])];
  return first && distinct([first, ...others]);
}

/** The vault that these keys open. */
export async function openVault(listed: ListedKeys, keyStore: KeyStore = plainKeys): Promise<Vault> {
  const open = async ({ id, key }: VaultKey): Promise<VaultKey> => ({
    id,
    key: (await keyStore.unwrap(id, key)).toString("hex"),
  });
  const [first, ...others] = listed;
  return createVault([await open(first), ...(await Promise.all(others.map(open)))]);
}

const fileOf = (dataDir: string): string => join(dataDir, "encryption.key");

/** One a line, newest first, as `id:key`; the only key may stand without an id. */
function ownKeys(dataDir: string): ListedKeys {
  const file = fileOf(dataDir);
  if (!existsSync(file)) writePrivate(file, randomBytes(32).toString("hex"));
  const lines = readFileSync(file, "utf8").trim().split(/\s+/);
  const [first, ...others] = lines.map((line) => {
    const [key = "", id = only] = line.split(":").reverse();
    return { id, key };
  });
  if (!first) throw new Failure("config_invalid", `${file} holds no key`);
  return distinct([first, ...others]);
}

/** A new key before those that lie beside our data. What the old ones sealed can still be read. */
export function addOwnKey(dataDir: string): ListedKeys {
  const old = ownKeys(dataDir);
  const id = `k${1 + Math.max(...old.map(({ id }) => Number(id.replace(/^k/, "")) || 0))}`;
  return keepOwnKeys(dataDir, [{ id, key: randomBytes(32).toString("hex") }, ...old]);
}

export function keepOwnKeys(dataDir: string, keys: ListedKeys): ListedKeys {
  writePrivate(fileOf(dataDir), keys.map(({ id, key }) => `${id}:${key}`).join("\n"));
  return keys;
}

function distinct(keys: ListedKeys): ListedKeys {
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice) throw new Failure("config_invalid", `two encryption keys are called ${twice}`);
  return keys;
}

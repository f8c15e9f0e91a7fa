/**
 * Keeps the vault's keys from lying about in clear: what is configured is a key as this store wrote it down, and only the
 * store can read it. A key management service would encrypt and decrypt here; it is asked once per key, when the process
 * starts, so the vault itself never waits for it.
 */
export interface KeyStore {
  /** How a new key of 32 bytes is written into the configuration. */
  wrap(id: string, key: Buffer): Promise<string>;
  /** @throws Failure `config_invalid` when this is not a key that the store wrote */
  unwrap(id: string, wrapped: string): Promise<Buffer>;
}

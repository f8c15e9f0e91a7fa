import { Failure } from "../../core/errors.ts";
import type { KeyStore } from "./key-store.ts";

/** The environment (or a file that only we may read) is trusted with the keys themselves: 32 bytes as hexadecimal digits. */
export const plainKeys: KeyStore = {
  wrap: async (_id, key) => key.toString("hex"),
  unwrap: async (id, wrapped) => {
    if (!/^[0-9a-f]{64}$/i.test(wrapped)) throw new Failure("config_invalid", `encryption key ${id}: not 32 bytes`);
    return Buffer.from(wrapped, "hex");
  },
};

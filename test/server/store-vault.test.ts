import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import { createVault } from "../../server/store/vault.ts";

const place = { tenantId: "ten_1" as TenantId, ownerId: "con_1", kind: "refresh_token" };
const key = (id: string) => ({ id, key: randomBytes(32).toString("hex") });
const old = key("k1");
const vault = createVault([old]);

describe("the vault", () => {
  test("opens what it sealed, and never seals alike twice", () => {
    const [a, b] = [vault.seal(place, "tôken"), vault.seal(place, "tôken")];
    expect(vault.open(place, a)).toBe("tôken");
    expect(a.ciphertext.equals(b.ciphertext)).toBe(false);
    expect(a.ciphertext.includes("tôken")).toBe(false);
    expect(vault.open(place, vault.seal(place, ""))).toBe("");
  });

  test("opens nothing that was moved to another tenant, owner or kind", () => {
    const sealed = vault.seal(place, "secret");
    for (const other of [{ tenantId: "ten_2" as TenantId }, { ownerId: "con_2" }, { kind: "access_token" }])
      expect(() => vault.open({ ...place, ...other }, sealed)).toThrow(
        expect.objectContaining({ code: "secret_unreadable" }),
      );
  });

  test("opens nothing in which a single bit was changed, or that was cut short", () => {
    const { keyId, ciphertext } = vault.seal(place, "secret");
    for (let bit = 0; bit < ciphertext.length * 8; bit += 1) {
      const changed = Buffer.from(ciphertext);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => vault.open(place, { keyId, ciphertext: changed })).toThrow(/cannot be decrypted/);
    }
    for (let length = 0; length < ciphertext.length; length += 1)
      expect(() => vault.open(place, { keyId, ciphertext: ciphertext.subarray(0, length) })).toThrow(
        /cannot be decrypted/,
      );
  });

  test("seals with the new key after a rotation and still opens what the old one sealed", () => {
    const before = vault.seal(place, "secret");
    const rotated = createVault([{ id: "k2", key: randomBytes(32).toString("base64") }, old]);
    expect(rotated.open(place, before)).toBe("secret");
    const after = rotated.seal(place, "secret");
    expect(after.keyId).toBe("k2");
    expect(() => vault.open(place, after)).toThrow(/k2 is not configured/);
    expect(() => rotated.open(place, { ...before, keyId: "k2" })).toThrow(/cannot be decrypted/);
  });

  test("takes no key that is not 32 bytes", () => {
    expect(() => createVault([{ id: "k", key: "short" }])).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });
});

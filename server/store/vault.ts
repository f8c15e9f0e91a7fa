import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { Failure } from "../../core/errors.ts";
import type { TenantId } from "../../core/types.ts";

/** Whose secret it is and what it opens: authenticated with the ciphertext, so that none can be moved to another place. */
export interface SecretPlace {
  readonly tenantId: TenantId;
  /** A connection's or a dataset's id. */
  readonly ownerId: string;
  /** `refresh_token`, `meta_token` … */
  readonly kind: string;
}

export interface Sealed {
  readonly keyId: string;
  /** Version 1, 12 bytes nonce, 16 bytes tag, then the ciphertext. */
  readonly ciphertext: Buffer;
}

export interface Vault {
  /** New secrets are sealed with this key. */
  readonly keyId: string;
  seal(place: SecretPlace, plain: string): Sealed;
  /** Throws `secret_unreadable`. */
  open(place: SecretPlace, sealed: Sealed): string;
}

export interface VaultKey {
  readonly id: string;
  /** 32 bytes as hexadecimal digits or base64. */
  readonly key: string;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. The first key seals; the others still open what they sealed, until all of it is sealed anew. */
export function createVault(keys: readonly [VaultKey, ...VaultKey[]]): Vault {
  // As key objects: Node looks at bytes anew with every use, which takes longer than to decipher a token.
  const byId = new Map(keys.map(({ id, key }) => [id, createSecretKey(keyBytes(id, key))]));
  const keyId = keys[0].id;
  return {
    keyId,
    seal: (place, plain) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", keyOf(byId, keyId), nonce, { authTagLength: tagBytes });
      cipher.setAAD(context(place, keyId));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return { keyId, ciphertext: Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body]) };
    },
    open: (place, sealed) => {
      const { ciphertext } = sealed;
      const key = keyOf(byId, sealed.keyId);
      const nonce = ciphertext.subarray(1, 1 + nonceBytes);
      const tag = ciphertext.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      try {
        if (ciphertext[0] !== version) throw new TypeError(`unknown version ${ciphertext[0]}`);
        // The length is named: without it Node takes a tag of four bytes.
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
        decipher.setAAD(context(place, sealed.keyId));
        decipher.setAuthTag(tag);
        const body = ciphertext.subarray(1 + nonceBytes + tagBytes);
        return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw new Failure("secret_unreadable", `${place.kind} of ${place.ownerId}`, { cause });
      }
    },
  };
}

/** As JSON, so that no two places read the same. */
const context = ({ tenantId, ownerId, kind }: SecretPlace, keyId: string): Buffer =>
  Buffer.from(JSON.stringify([version, tenantId, ownerId, kind, keyId]));

function keyOf(keys: ReadonlyMap<string, KeyObject>, id: string): KeyObject {
  const key = keys.get(id);
  if (!key) throw new Failure("secret_unreadable", `the encryption key ${id} is not configured`);
  return key;
}

function keyBytes(id: string, text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (key.length !== 32) throw new Failure("config_invalid", `encryption key ${id}: 32 bytes as hexadecimal or base64`);
  return key;
}

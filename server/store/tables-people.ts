import type { Generated } from "kysely";
import type { Json } from "./json-column.ts";

/** Somebody, as the CRM (or the operator's link) vouches for them: `issuer` and `subject` together, never one alone. */
export interface PersonTable {
  id: string;
  issuer: string;
  subject: string;
  name: string | null;
  mail: string | null;
  created_at: Date;
  seen_at: Date;
}
/** `token_hash`: SHA-256 (hex) of what the cookie holds. `tenant_id`: the workspace that is open; null: none chosen yet. */
export interface SessionTable {
  token_hash: string;
  person_id: string;
  tenant_id: string | null;
  created_at: Date;
  seen_at: Date;
  ends_at: Date;
}
/**
 * A consent page that somebody was sent to. `browser_hash`: of the cookie of the browser that may come back; the ciphertext
 * holds the PKCE verifier, the place of sign-in and where to go on, sealed.
 */
export interface AuthorizationRequestTable {
  state_hash: string;
  browser_hash: string;
  provider: string;
  purpose: "install" | "sign_in" | "meta";
  tenant_id: string | null;
  person_id: string | null;
  key_id: string;
  ciphertext: Buffer;
  created_at: Date;
}
/**
 * An account that let us in and that nobody has confirmed yet; `asked`: its consent was asked for by us. The ciphertext is the
 * grant, `about` what is shown before it is confirmed: names, scopes, whether it is a test account.
 */
export interface InstallTable {
  id: string;
  browser_hash: string;
  provider: string;
  account_id: string;
  person_id: string;
  tenant_id: string | null;
  asked: boolean;
  about: Json;
  key_id: string;
  ciphertext: Buffer;
  created_at: Date;
}
/** Whose workspace an account at a vendor belongs to, over all tenants; `owner_id` is its connection. */
export interface ClaimedAccountTable {
  provider: string;
  account_id: string;
  tenant_id: string;
  owner_id: string;
  claimed_at: Date;
}
/** That something was erased, in counts; nothing of what it was. Outlives the tenant. */
export interface ReceiptTable {
  id: string;
  at: Date;
  what: string;
  about: Json;
}
export type Role = "owner" | "admin" | "viewer";
export interface MemberTable {
  tenant_id: string;
  person_id: string;
  role: Role;
  joined_at: Date;
}
export interface InvitationTable {
  tenant_id: string;
  id: string;
  mail: string;
  role: Role;
  token_hash: string;
  invited_by: string;
  created_at: Date;
  ends_at: Date;
  accepted_at: Generated<Date | null>;
}
/** `key_hash`: SHA-256 (hex) of a 256-bit key that is shown once. */
export interface IngestKeyTable {
  tenant_id: string;
  connection_id: string;
  id: string;
  name: string;
  key_hash: string;
  created_by: string;
  created_at: Date;
  used_at: Generated<Date | null>;
  ends_at: Generated<Date | null>;
}
/** Records whose person is erased: never read again. `record_hash`: HMAC of the record's key, keyed with the tenant's event key. */
export interface ErasedTable {
  tenant_id: string;
  connection_id: string;
  record_hash: string;
  at: Date;
}

/** A filter of the deliveries that members gave a name. */
export interface SavedViewTable {
  tenant_id: string;
  id: string;
  name: string;
  filter: Json;
  created_at: Date;
  created_by: string;
}

import { createHmac } from "node:crypto";
import { recordKey } from "./connector.ts";
import type { ConnectionId, RecordRef, Tenant } from "./types.ts";

/**
 * What is kept of a record whose person is erased: a keyed hash (HMAC-SHA-256, hexadecimal), by which the record is known again
 * and nobody can tell which one it was.
 */
export const tombstone = (
  { eventKey }: Pick<Tenant, "eventKey">,
  connectionId: ConnectionId,
  record: RecordRef,
): string =>
  createHmac("sha256", eventKey)
    .update(JSON.stringify(["erased", connectionId, recordKey(record)]))
    .digest("hex");

/** The name under which the ledger goes on with such a record. No CRM's objects are called so. */
export const erasedRecord = (hash: string): RecordRef => ({ object: "erased", id: hash.slice(0, 32) });

/** Nothing in an event names anybody: its person was erased while it waited, or after it had left. */
export const namesNobody = (payload: string): boolean => payload.includes('"user_data":{}');

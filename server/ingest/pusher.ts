import { randomBytes } from "node:crypto";
import type { Request } from "express";
import { ingestKeyHash, verifyBearer, verifySignature } from "../../connectors/http/signature.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { Connection, Tenant } from "../../core/types.ts";
import { ipKey } from "../sign-in/ip-key.ts";
import type { Limits } from "../sign-in/limits.ts";
import { connectionOfId } from "../store/connections.ts";
import { liveIngestKeys, noteIngestKeyUsed } from "../store/ingest-keys.ts";
import type { Store } from "../store/open.ts";
import { loadSecret } from "../store/secrets.ts";
import { findTenant } from "../store/tenants.ts";
import type { Vault } from "../store/vault.ts";
import { ingestSecretOf } from "../workspaces/workspace.ts";
import { shownIn } from "./key.ts";

export interface PusherParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly limits: Limits;
}
export interface Pusher {
  readonly connection: Connection;
  readonly tenant: Tenant;
}

const connectionId = /^con_[a-z0-9]{1,40}$/;
/** Checked against where there is nobody's secret to check against. */
const nobodys = `whsec_${randomBytes(32).toString("base64")}`;
/** A key's last use is noted to the minute: not one write more for each push. */
const noteEveryMs = 60_000;

/**
 * Whose connection is pushed to: one of its keys was shown, or its secret, or the secret signed these bytes. Tries that prove
 * nothing are counted by address, pushes by connection.
 *
 * @throws Failure `signature_invalid`, in the same words whether or not there is such a connection; `too_many`
 */
export async function pusherOf(request: Request, body: Buffer, parts: PusherParts): Promise<Pusher> {
  const pusher = await proven(request, body, parts).catch(async (error: unknown) => {
    if (isFailure(error) && error.code === "signature_invalid") await parts.limits.take("anyone", ipKey(request.ip));
    throw error;
  });
  await parts.limits.take("ingest", pusher.connection.id);
  return pusher;
}

async function proven(request: Request, body: Buffer, { store, vault, clock }: PusherParts): Promise<Pusher> {
  const { db } = store;
  const { authorization } = request.headers;
  const shown = shownIn(authorization ?? "");
  const named = String(request.params.connection ?? shown?.connection);
  const found = connectionId.test(named) ? await connectionOfId(db, named) : undefined;
  const connection = found?.connector === "http" ? found : undefined;
  const tenant = connection && (await findTenant(db, connection.tenantId));
  // Whoever guesses learns nothing: an unknown connection is answered, in all its words, like a wrong key.
  if (shown?.kind === "key") {
    const keys = connection ? await liveIngestKeys(db, connection, clock.now()) : [];
    verifyBearer(`Bearer ${shown.text}`, [ingestKeyHash(nobodys), ...keys.map(({ hash }) => hash)]);
    const key = keys.find(({ hash }) => hash === ingestKeyHash(shown.text));
    const now = clock.now();
    if (connection && key && !(key.usedAt && now.getTime() - key.usedAt.getTime() < noteEveryMs))
      await noteIngestKeyUsed(db, connection, key.id, now);
  } else {
    const sealed = connection && (await loadSecret(db, ingestSecretOf(connection)));
    const secret = connection && sealed ? vault.open(ingestSecretOf(connection), sealed) : nobodys;
    if (authorization) verifyBearer(`Bearer ${shown?.text ?? ""}`, [ingestKeyHash(secret)]);
    else verifySignature(request.headers as Record<string, string>, body, [secret], clock.now());
  }
  if (!connection || !tenant || (shown && shown.connection !== connection.id)) throw new Failure("signature_invalid");
  return { connection, tenant };
}

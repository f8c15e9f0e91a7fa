import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { ConnectionId, PersonId } from "../../core/types.ts";
import {
  type IngestKeyView,
  ingestKeyAsked,
  ingestKeyMade,
  ingestKeyRotation,
  ingestKeysView,
  ingestKeyView,
} from "../api/ingest-keys.ts";
import { nothing } from "../api/operations.ts";
import { ingestKeyHashOf, newIngestKey } from "../ingest/key.ts";
import { writeAudit } from "../store/audit.ts";
import { findConnection } from "../store/connections.ts";
import {
  addIngestKey,
  endIngestKeys,
  type IngestKey,
  isLive,
  type KeysOf,
  listIngestKeys,
} from "../store/ingest-keys.ts";
import type { Tables } from "../store/tables.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Each push is compared with all of them. */
const mostLive = 10;
const hour = 3_600_000;

/** The keys of a connection that is pushed to: made, rotated and ended by its admins. */
export const ingestKeyRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/keys",
      who: "admin",
      summary: "The keys that may push to a connection",
      answer: ingestKeysView,
      handle: async (call) => ({
        keys: await within(call, parts, async (trx, of) =>
          (await listIngestKeys(trx, of)).map((key) => view(key, call.now)),
        ),
      }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/keys",
      who: "admin",
      summary: "Make a key that may push to a connection; it is shown once",
      body: ingestKeyAsked,
      answer: ingestKeyMade,
      handle: async (call) =>
        await within(call, parts, async (trx, of) => {
          const { made, key } = await make(trx, of, call.body.name, call);
          const about = { connection: of.id, key: made.id };
          await writeAudit(trx, of.tenantId, { who: call.who, what: "ingest_key.made", about }, call.now);
          return { ...view(made, call.now), key };
        }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/keys/:key/rotate",
      who: "admin",
      summary: "Make a new key in the place of one, which goes on serving for a while",
      body: ingestKeyRotation,
      answer: ingestKeyMade,
      handle: async (call) =>
        await within(call, parts, async (trx, of) => {
          const old = await find(trx, of, call);
          if (!isLive(old, call.now)) throw new Failure("conflict", "this key has ended; make a new one");
          const { made, key } = await make(trx, of, old.name, call);
          const { oldEndsInHours } = call.body;
          await endIngestKeys(trx, of, new Date(call.now.getTime() + oldEndsInHours * hour), old.id);
          const about = { connection: of.id, key: old.id, next: made.id, oldEndsInHours };
          await writeAudit(trx, of.tenantId, { who: call.who, what: "ingest_key.rotated", about }, call.now);
          return { ...view(made, call.now), key };
        }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/keys/:key/end",
      who: "admin",
      summary: "End a key at once",
      body: nothing,
      answer: ingestKeyView,
      handle: async (call) =>
        await within(call, parts, async (trx, of) => {
          const key = await find(trx, of, call);
          if (isLive(key, call.now)) {
            await endIngestKeys(trx, of, call.now, key.id);
            const about = { connection: of.id, key: key.id };
            await writeAudit(trx, of.tenantId, { who: call.who, what: "ingest_key.ended", about }, call.now);
          }
          return view(await find(trx, of, call), call.now);
        }),
    },
    parts,
  ),
];

type Asked = Call<unknown, unknown>;

/** One transaction about a connection of this workspace that is pushed to. */
async function within<Answer>(
  { tenant, params }: Asked,
  { store }: ApiParts,
  work: (trx: Transaction<Tables>, of: KeysOf) => Promise<Answer>,
): Promise<Answer> {
  const id = idIn<ConnectionId>(params, "id", "con");
  return await store.web(tenant.id, async (trx) => {
    const connection = await findConnection(trx, tenant.id, id);
    if (!connection) throw new Failure("not_found", `connection ${id}`);
    if (connection.connector !== "http") throw new Failure("conflict", "nothing is pushed to this connection");
    return await work(trx, { tenantId: tenant.id, id });
  });
}

async function find(trx: Transaction<Tables>, of: KeysOf, { params }: Asked): Promise<IngestKey> {
  const id = idIn<string>(params, "key", "key");
  const key = (await listIngestKeys(trx, of)).find((one) => one.id === id);
  if (!key) throw new Failure("not_found", `key ${id}`);
  return key;
}

async function make(
  trx: Transaction<Tables>,
  of: KeysOf,
  name: string,
  { who, now }: { readonly who: PersonId; readonly now: Date },
): Promise<{ made: IngestKey; key: string }> {
  const live = (await listIngestKeys(trx, of)).filter((key) => isLive(key, now));
  if (live.length >= mostLive) throw new Failure("conflict", `${mostLive} keys are live; end one of them first`);
  const key = newIngestKey(of.id);
  return { made: await addIngestKey(trx, of, { name, hash: ingestKeyHashOf(key), createdBy: who }, now), key };
}

const view = (key: IngestKey, now: Date): IngestKeyView => ({
  id: key.id,
  name: key.name,
  createdBy: key.createdBy,
  createdAt: key.createdAt.toISOString(),
  ...(key.usedAt && { usedAt: key.usedAt.toISOString() }),
  ...(key.endsAt && { endsAt: key.endsAt.toISOString() }),
  state: !isLive(key, now) ? "ended" : key.endsAt ? "ending" : "live",
});

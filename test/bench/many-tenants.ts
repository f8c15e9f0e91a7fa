import type { ConnectionId, PersonId, TenantId } from "../../core/types.ts";
import { grantOf } from "../../server/access/access.ts";
import { createSession } from "../../server/sign-in/session.ts";
import { ensurePartitions } from "../../server/store/partitions.ts";
import { knowPerson } from "../../server/store/people.ts";
import { personOf } from "./crm.ts";
import { allReadOnce } from "./rung-alone.ts";
import { type Database, multiply } from "./server.ts";
import { startSink } from "./sink.ts";
import { startWorkers } from "./workers.ts";
import { clock, keysTo, openWorkspace, progress, until } from "./workspace.ts";

/** Of the one account that is really read and sent: pages of two changes, of which every fourth has no lead behind it. */
const pages = 300;
const pageSize = 2;
const days = 7;
const tenant = "'ten_' || n";
const dataset = "'dst_' || n";
const connection = "'con_' || n";
/** A checkpoint's text as if its account had been looked at too long ago. */
export const neverPolled = `regexp_replace(body, '"polledAt":"[0-9]+', '"polledAt":"2000')`;

/**
 * One customer who has been read to the end and has all events accepted, so many times, each with an owner and a sealed token of
 * its own, all due at once. The first `remembering` of them have the history as well, spread over a week.
 */
export async function manyTenants(database: Database, tenants: number, remembering: number): Promise<void> {
  const { store, owner } = database;
  for (let day = 1 - days; day < 0; day += 1) await ensurePartitions(store, new Date(Date.now() + day * 86_400_000));
  const real = await oneCustomer(database);
  const ofReal = `tenant_id = '${real}'`;
  const all = `generate_series(1, ${tenants}) n`;
  const copy = (table: string, columns: Readonly<Record<string, string>>, where = ofReal): Promise<void> =>
    multiply(database, table, where, all, columns);
  await copy("tenant", { id: tenant, name: "'Customer ' || n" }, `id = '${real}'`);
  await copy("dataset", { tenant_id: tenant, id: dataset });
  const account = { tenant_id: tenant, id: connection, account_id: "n::text", dataset_id: dataset };
  await copy("connection", account);
  await copy("stage_mapping", { tenant_id: tenant, connection_id: connection });
  await copy("checkpoint", { tenant_id: tenant, connection_id: connection, body: neverPolled });
  await copy("lane", { tenant_id: tenant, id: connection, due_at: "now()" }, `${ofReal} and kind = 'read'`);
  await copy("lane", { tenant_id: tenant, id: dataset }, `${ofReal} and kind = 'send'`);
  await history(database, real, remembering);
  await owner("delete from lane where tenant_id = $1", [real]);
  await copy("person", { id: "'usr_' || n", subject: "n::text" }, "issuer = 'bench'");
  await copy("member", { tenant_id: tenant, person_id: "'usr_' || n" });
  await grants(database, tenants);
  await owner("vacuum analyze");
  await owner("checkpoint");
}

/** The `Cookie` header of this customer's owner. */
export async function ownerOf({ store }: Database, n: number): Promise<string> {
  const who = { personId: `usr_${n}` as PersonId, tenantId: `ten_${n}` as TenantId };
  const { token } = await createSession(store.db, who, clock.now());
  return `session=${token}`;
}

async function oneCustomer({ store, owner }: Database): Promise<TenantId> {
  const sink = await startSink();
  const { tenantId } = await openWorkspace(store, 1);
  const { id } = await knowPerson(store.db, { issuer: "bench", subject: "0", name: "The owner" }, clock.now());
  const member = { tenant_id: tenantId, person_id: id, role: "owner", joined_at: clock.now() } as const;
  await store.db.insertInto("member").values(member).execute();
  const workers = startWorkers(
    store,
    { origin: sink.origin, crm: { pages, pageSize } },
    { person: (record) => (Number(record.id) % 4 === 0 ? { contact: {} } : personOf(record)) },
  );
  await until(() => allReadOnce({ owner }));
  await until(async () => {
    const [seen] = await owner("select count(*)::int as read from record_stage where tenant_id = $1", [tenantId]);
    const { kept, settled } = await progress(store, tenantId);
    return seen?.read === pages * pageSize && kept === settled;
  });
  await workers.stop();
  sink.stop();
  return tenantId;
}

/** Whatever the customer's rows tell, at times spread backwards over the days; three events were refused. */
async function history(database: Database, real: TenantId, remembering: number): Promise<void> {
  const copies = `generate_series(1, ${remembering}) n`;
  const rows = pages * pageSize;
  const back = (at: string, number: string): string =>
    `like_this.${at} - (${rows} - ${number}) * interval '1 day' * ${days - 1} / ${rows}`;
  const copy = (table: string, from: string, columns: Readonly<Record<string, string>>): Promise<void> =>
    multiply(database, table, `tenant_id = '${real}'`, from, { tenant_id: tenant, ...columns }, "all");
  // Three of four became events: the number of one tells how many rows came before it.
  const nth = (seq: string): string => `${seq} * 4 / 3`;
  const ofRecord = "substr(like_this.record, strpos(like_this.record, ':') + 1)::int % 1000000";
  await copy("record_stage", copies, {
    connection_id: connection,
    dataset_id: `case when like_this.seq is not null then ${dataset} end`,
    read_at: back("read_at", `coalesce(${nth("like_this.seq")}, ${ofRecord})`),
  });
  await copy("outbox", copies, {
    dataset_id: dataset,
    connection_id: connection,
    created_at: back("created_at", nth("like_this.seq")),
  });
  await copy("dispatch", copies, { dataset_id: dataset, sent_at: back("sent_at", nth("like_this.seq_to")) });
  // A tally has an `n` of its own.
  await copy("tally", `generate_series(1, ${remembering}) number, generate_series(0, 27) d`, {
    tenant_id: "'ten_' || number",
    connection_id: "'con_' || number",
    day: "like_this.day - d",
  });
  await database.owner(`insert into dead_event (tenant_id, dataset_id, seq, at, reason, code)
    select ${tenant}, ${dataset}, seq, now() - interval '1 hour', 'refused_lead_id', 100
    from ${copies}, generate_series(1, 3) seq`);
}

/** Each account's token, sealed for its own place. */
async function grants({ store, owner }: Database, tenants: number): Promise<void> {
  const { vault } = keysTo(store);
  const grant = JSON.stringify({ type: "static", accessToken: "t".repeat(40) });
  const places = Array.from({ length: tenants }, (_, n) =>
    grantOf({ tenantId: `ten_${n + 1}` as TenantId, id: `con_${n + 1}` as ConnectionId }),
  );
  await owner(
    `insert into secret (tenant_id, owner_id, kind, generation, key_id, ciphertext, updated_at)
     select t, o, k, 1, $5, c, now() from unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) s (t, o, k, c)`,
    [
      places.map(({ tenantId }) => tenantId),
      places.map(({ ownerId }) => ownerId),
      places.map(({ kind }) => kind),
      places.map((place) => vault.seal(place, grant).ciphertext),
      vault.keyId,
    ],
  );
}

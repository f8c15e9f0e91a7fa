import type { ConnectionId, TenantId } from "../../core/types.ts";
import { grantOf } from "../../server/access/access.ts";
import type { Figure } from "./figure.ts";
import { profiled } from "./profile.ts";
import { allReadOnce } from "./rung-alone.ts";
import { type Database, embeddedServer, freshDatabase, multiply } from "./server.ts";
import { countingStatements, countStatements } from "./statements.ts";
import { startWorkers, type WorkersOptions } from "./workers.ts";
import { keysTo, openWorkspace, pause, until } from "./workspace.ts";

const connections = 100_000;
const tenants = 1_000;
const pollEveryMs = 300_000;
const warmUpMs = 10_000;
const measuredMs = 30_000;
const profiledMs = 10_000;
const nobody: WorkersOptions = { origin: "http://127.0.0.1:1", send: 0, pollEveryMs };

/** What it costs to look at 100,000 CRM accounts every five minutes in which nothing happens. */
export async function idle(): Promise<readonly Figure[]> {
  const server = await embeddedServer({ settings: countingStatements });
  const database = await freshDatabase(server);
  try {
    await fill(database);
    const statements = await countStatements(database);
    const workers = startWorkers(database.store, nobody);
    await pause(warmUpMs);
    await statements.reset();
    const [before, cpu, databaseCpu, started] = [
      await polls(database),
      process.cpuUsage(),
      server.cpuUs(),
      performance.now(),
    ];
    await pause(measuredMs);
    const us = (performance.now() - started) * 1000;
    const { user, system } = process.cpuUsage(cpu);
    const own = user + system;
    const theirs = (server.cpuUs() ?? Number.NaN) - (databaseCpu ?? Number.NaN);
    const made = (await polls(database)) - before;
    const asked = await statements.costliest();
    const places = await profiled(() => pause(profiledMs));
    await workers.stop();
    return [
      { figure: "polls", value: (made / us) * 1e6, unit: "/s" },
      {
        figure: "100,000 idle connections every 5 min",
        value: (100 * (own + theirs)) / us,
        unit: "% of a core",
        target: 5,
        atMost: true,
      },
      { figure: "  node", value: (100 * own) / us, unit: "% of a core" },
      { figure: "  PostgreSQL", value: (100 * theirs) / us, unit: "% of a core" },
      { figure: "  one poll, node", value: own / made, unit: "µs CPU" },
      { figure: "  one poll, PostgreSQL", value: theirs / made, unit: "µs CPU" },
      { figure: "  statements for a poll", value: sum(asked, ({ calls }) => calls) / made, unit: "" },
      ...asked.slice(0, 10).map(({ statement, calls, us }) => ({
        figure: `  ${(calls / made).toFixed(1)} × ${statement.slice(0, 50)}`,
        value: us / made,
        unit: "µs in the server",
      })),
      ...places.slice(0, 8).map(([place, share]) => ({
        figure: `  node, in ${place}`,
        value: share,
        unit: "% of a core",
      })),
    ];
  } finally {
    await database.drop();
    await server.stop();
  }
}

/** One real connection that has been read to its end, 100,000 times, due one after the other. */
async function fill(database: Database): Promise<void> {
  const { store, owner } = database;
  const real = await openWorkspace(store, 1);
  const workers = startWorkers(store, nobody);
  await until(() => allReadOnce(database));
  await workers.stop();
  const tenant = `'ten_' || n % ${tenants}`;
  const each = `generate_series(1, ${connections}) n`;
  const ofReal = `tenant_id = '${real.tenantId}'`;
  const someTenants = `generate_series(0, ${tenants - 1}) n`;
  await multiply(database, "tenant", `id = '${real.tenantId}'`, someTenants, { id: tenant });
  await multiply(database, "dataset", ofReal, someTenants, { tenant_id: tenant, id: tenant });
  const ids = { tenant_id: tenant, connection_id: "'con_' || n" };
  await multiply(database, "connection", ofReal, each, {
    tenant_id: tenant,
    id: ids.connection_id,
    account_id: "n::text",
    dataset_id: tenant,
  });
  await multiply(database, "stage_mapping", ofReal, each, ids);
  await multiply(database, "checkpoint", ofReal, each, {
    ...ids,
    body: `regexp_replace(like_this.body, '"polledAt":"[0-9]+', '"polledAt":"2000')`,
  });
  await multiply(database, "lane", `${ofReal} and kind = 'read'`, each, {
    tenant_id: tenant,
    id: ids.connection_id,
    due_at: `now() + interval '20 seconds' + n * interval '${pollEveryMs / connections} milliseconds'`,
  });
  await owner("delete from lane where tenant_id = $1", [real.tenantId]);
  await grants(database);
  await owner("vacuum analyze");
  await owner("checkpoint");
  // The set-up took as long as it took: from now on they are due one by one.
  await owner(`update lane set due_at = now() + (due_at - (select min(due_at) from lane where kind = 'read'))
    where kind = 'read'`);
  await owner("vacuum lane");
}

/** Each account's token, sealed for its own place: that it is opened at every poll belongs to the cost. */
async function grants({ store, owner }: Database): Promise<void> {
  const { vault } = keysTo(store);
  const grant = JSON.stringify({ type: "static", accessToken: "t".repeat(40) });
  const slice = 10_000;
  for (let from = 1; from <= connections; from += slice) {
    const places = Array.from({ length: slice }, (_, n) =>
      grantOf({ tenantId: `ten_${(from + n) % tenants}` as TenantId, id: `con_${from + n}` as ConnectionId }),
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
}

async function polls({ owner }: Database): Promise<number> {
  const [row] = await owner("select sum(lease_token)::float8 as polls from lane where kind = 'read'");
  return Number(row?.polls);
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);

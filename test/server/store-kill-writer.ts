// A product that is killed at any moment: starts or adopts the server in the folder it is given and writes rows until then.
// Says `server <pid> <adopted>`, then the highest row of each commit that the database has acknowledged.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../../server/store/embedded/start.ts";

const [dataDir = "", first = "0"] = process.argv.slice(2);
const complain = (message: string) => process.stderr.write(`${message}\n`);
const server = await startEmbedded({ dataDir, log: { info: () => {}, warn: complain, error: complain } });
await server.leave();
const [pid] = readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n");
const client = new pg.Client({ connectionString: server.url });
client.on("error", () => {}); // The server is killed as well; the next statement says so.
await client.connect();
await client.query("create table if not exists acknowledged (n bigint primary key)");
process.stdout.write(`server ${pid} ${server.adopted}\n`);
for (let n = Number(first); ; ) {
  const count = 1 + (n % 20);
  await client.query("insert into acknowledged select generate_series($1::bigint, $2::bigint)", [n, n + count - 1]);
  n += count;
  process.stdout.write(`${n - 1}\n`);
}

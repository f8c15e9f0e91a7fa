// A worker that is killed at any moment: goes on with the long work of the database it is given.
import { openStore } from "../../server/store/open.ts";
import { runTasks } from "../../server/tasks/run.ts";

const [url = ""] = process.argv.slice(2);
const log = { info: () => {}, warn: () => {}, error: (message: string) => void process.stderr.write(`${message}\n`) };
const store = await openStore(url, { log, connections: 2 });
const run = runTasks({
  store,
  log,
  clock: { now: () => new Date() },
  connectors: new Map(),
  access: undefined as never,
});
process.stdout.write("at it\n");
while ((await run()) === "more");
process.stdout.write("done\n");
await store.close();

import { rmSync } from "node:fs";
import { type Figure, skipped } from "./figure.ts";
import { keepAndDrain, type Run } from "./keep-and-drain.ts";
import { rungAlone } from "./rung-alone.ts";
import { embeddedServer, givenServer, lingerMs, type Server, temporaryFolder } from "./server.ts";
import { slowDisk } from "./slow-disk.ts";

/** From observation to Meta's yes through the whole of ingest, store and delivery. */
export async function flow(): Promise<readonly Figure[]> {
  const { DATABASE_URL: given } = process.env;
  return [
    ...(await during(await embeddedServer(), (server) => oneProcess(server))),
    ...(await during(await embeddedServer(), (server) => processes(server, "embedded"))),
    ...(given
      ? await processes(givenServer(given), "DATABASE_URL")
      : [skipped("PostgreSQL of DATABASE_URL, 1 and 2 processes", "DATABASE_URL is not set")]),
    ...(await onSlowDisk()),
  ];
}

const hundreds: Run = { accounts: 100, pages: 20, pageSize: 100 };
const thousands: Run = { accounts: 20, pages: 10, pageSize: 1_000 };
const singles: Run = { accounts: 100, pages: 200, pageSize: 1 };

async function oneProcess(server: Server): Promise<readonly Figure[]> {
  const keep = await keepAndDrain(server, hundreds, "keep");
  const drain = await keepAndDrain(server, hundreds, "drain");
  const both = await keepAndDrain(server, hundreds);
  const large = await keepAndDrain(server, thousands);
  const single = await keepAndDrain(server, singles);
  const hasty = await keepAndDrain(server, { ...singles, lingerMs: 0 });
  const late = await keepAndDrain(server, { ...hundreds, metaMs: 200 });
  return [
    { figure: "keep alone, pages of 100", value: keep.perSecond, unit: "events/s" },
    { figure: "drain alone", value: drain.perSecond, unit: "events/s" },
    { figure: "keep and drain, pages of 100", value: both.perSecond, unit: "events/s", target: 40_000 },
    { figure: "  of it node", value: both.nodeUs, unit: "µs CPU/event" },
    { figure: "  of it PostgreSQL", value: both.databaseUs, unit: "µs CPU/event" },
    { figure: "  of it the stand-in for Meta", value: both.sinkUs, unit: "µs CPU/event" },
    {
      figure: "  written to PostgreSQL's log, ledger included",
      value: both.bytes,
      unit: "bytes/event",
      target: 900,
      atMost: true,
    },
    { figure: "keep and drain, pages of 1,000", value: large.perSecond, unit: "events/s", target: 40_000 },
    { figure: "keep and drain, flushes of 1", value: single.perSecond, unit: "events/s", target: 5_000 },
    { figure: "  of it node", value: single.nodeUs, unit: "µs CPU/event" },
    { figure: "  of it PostgreSQL", value: single.databaseUs, unit: "µs CPU/event" },
    { figure: "  written to PostgreSQL's log", value: single.bytes, unit: "bytes/event" },
    { figure: "keep and drain, flushes of 1, without linger", value: hasty.perSecond, unit: "events/s" },
    { figure: "  of it node", value: hasty.nodeUs, unit: "µs CPU/event" },
    { figure: "  of it PostgreSQL", value: hasty.databaseUs, unit: "µs CPU/event" },
    {
      figure: "every change rung by itself",
      value: await rungAlone(server, lingerMs),
      unit: "events/s",
      target: 5_000,
    },
    { figure: "every change rung by itself, without linger", value: await rungAlone(server, 0), unit: "events/s" },
    { figure: "Meta answers after 200 ms", value: late.perSecond, unit: "events/s", target: 30_000 },
    { figure: "  requests in flight, at most", value: late.mostInFlight, unit: "" },
  ];
}

/** Workers in processes of their own; the bench itself only looks on. */
async function processes(server: Server, where: string): Promise<readonly Figure[]> {
  const one = await keepAndDrain(server, { ...hundreds, processes: 1 });
  const two = await keepAndDrain(server, { ...hundreds, processes: 2 });
  return [
    { figure: `1 worker process, pages of 100, ${where}`, value: one.perSecond, unit: "events/s", target: 40_000 },
    { figure: `2 worker processes, pages of 100, ${where}`, value: two.perSecond, unit: "events/s" },
    {
      figure: `  written to PostgreSQL's log, ${where}`,
      value: one.bytes,
      unit: "bytes/event",
      target: 900,
      atMost: true,
    },
  ];
}

async function onSlowDisk(): Promise<readonly Figure[]> {
  const folder = temporaryFolder();
  try {
    const disk = slowDisk(folder);
    if ("missing" in disk) return [skipped("+1 ms per disk sync", disk.missing)];
    return await during(await embeddedServer({ preload: disk.library }), async (server) => {
      const both = await keepAndDrain(server, hundreds);
      const single = await keepAndDrain(server, { ...singles, pages: 100 });
      return [
        { figure: "+1 ms per disk sync, pages of 100", value: both.perSecond, unit: "events/s" },
        { figure: "+1 ms per disk sync, flushes of 1", value: single.perSecond, unit: "events/s" },
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function during<T>(server: Server, work: (server: Server) => Promise<T>): Promise<T> {
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

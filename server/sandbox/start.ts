import { createServer, type Server } from "node:http";
import type { AddressInfo, Server as SocketServer } from "node:net";
import { join } from "node:path";
import { createControl } from "./control.ts";
import { sendJson } from "./http.ts";
import { createHubspot } from "./hubspot/index.ts";
import { createMailbox, type Mailbox } from "./mailbox/index.ts";
import { createMeta } from "./meta/index.ts";
import { createSalesforce } from "./salesforce/index.ts";
import type { Simulator } from "./simulator.ts";

export type VendorName = Simulator["name"];
/** Further hosts of a vendor's: its name, and the door's. */
export type DoorName = "salesforceSecond" | "salesforceTest";
export type PartName = VendorName | DoorName | "mail" | "control";
/** Makes one vendor. `dir` is its own folder. */
export type MakeSimulator = (options: { dir: string; life?: { perMinute: number } }) => Simulator;

export interface SandboxOptions {
  /** State of all vendors, each in a folder of its own. */
  readonly dir: string;
  /** Wished ports; a part whose port is missing or taken gets a free one, save for `fixed` ones. */
  readonly ports?: Readonly<Partial<Record<PartName, number>>>;
  /** Parts that must have their wished port or fail. */
  readonly fixed?: readonly PartName[];
  /** Stage changes the CRMs make by themselves; 0 freezes them. */
  readonly life?: { readonly perMinute: number };
  /** What is started; without it all there is. */
  readonly simulators?: Makers;
}
type Makers = Readonly<Partial<Record<VendorName, MakeSimulator>>> & {
  readonly mail?: (options: { dir: string }) => Mailbox;
};
/** Origins like `http://127.0.0.1:8091`, the mailbox's `smtp://127.0.0.1:2525`; empty for what was not started. */
export type SandboxAddresses = Readonly<Record<PartName, string>>;
export interface Sandbox extends SandboxAddresses {
  readonly simulators: readonly Simulator[];
  close(): Promise<void>;
}

const VENDORS: readonly VendorName[] = ["hubspot", "salesforce", "meta"];
const ALL: Makers = { hubspot: createHubspot, salesforce: createSalesforce, meta: createMeta, mail: createMailbox };
const TICK_MS = 1000;

/** The simulated outside world, on loopback: every vendor on a port of its own, and the back door. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dir, ports = {}, fixed = [], life, simulators: makers = ALL } = options;
  const simulators: Simulator[] = [];
  const servers: Server[] = [];
  let mailbox: Mailbox | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(ticking);
    await Promise.all(servers.map(stopServer));
    for (const simulator of simulators) simulator.close();
    await mailbox?.close();
  };
  const close = (): Promise<void> => {
    closed ??= stop();
    return closed;
  };
  try {
    const addresses = nowhere();
    for (const name of VENDORS) {
      const simulator = makers[name]?.({ dir: join(dir, name), ...(life ? { life } : {}) });
      if (!simulator) continue;
      simulators.push(simulator);
      const server = serve(simulator.handle, servers);
      addresses[name] = `http://${await listen(server, ports[name], fixed.includes(name))}`;
      const doors: Record<string, string> = {};
      for (const door of simulator.doors ?? []) {
        const [part, own] = [
          doorName(name, door),
          serve((asked, answer) => simulator.handle(asked, answer, door), servers),
        ];
        addresses[part] = `http://${await listen(own, ports[part], fixed.includes(part))}`;
        doors[door] = addresses[part];
      }
      simulator.opened?.(addresses[name], doors);
    }
    mailbox = makers.mail?.({ dir: join(dir, "mail") });
    if (mailbox) addresses.mail = `smtp://${await listen(mailbox.server, ports.mail, fixed.includes("mail"))}`;
    const control = serve(createControl(mailbox ? [...simulators, mailbox] : simulators, addresses), servers);
    addresses.control = `http://${await listen(control, ports.control, fixed.includes("control"))}`;
    ticking = setInterval(tick(simulators), TICK_MS);
    return { ...addresses, simulators, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const nowhere = (): Record<PartName, string> => ({
  control: "",
  hubspot: "",
  salesforce: "",
  salesforceSecond: "",
  salesforceTest: "",
  meta: "",
  mail: "",
});

const doorName = (vendor: VendorName, door: string): DoorName =>
  `${vendor}${door.charAt(0).toUpperCase()}${door.slice(1)}` as DoorName;

function serve(handle: Simulator["handle"], servers: Server[]): Server {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error("the sandbox failed to answer:", error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: "the sandbox failed to answer; its output says why" });
    });
  });
  server.keepAliveTimeout = 60_000; // longer than callers keep idle connections, so that none is closed under a request
  servers.push(server);
  return server;
}

/** @returns host and port */
async function listen(server: SocketServer, wished: number | undefined, fixed: boolean): Promise<string> {
  const port = await bind(server, wished ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (fixed || !wished || error.code !== "EADDRINUSE") throw error;
    return bind(server, 0);
  });
  return `127.0.0.1:${port}`;
}

function bind(server: SocketServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function stopServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** One step of life for everybody; a vendor still busy with its last step is left alone. */
function tick(simulators: readonly Simulator[]): () => void {
  const busy = new Set<Simulator>();
  const step = async (simulator: Simulator): Promise<void> => {
    if (!simulator.live || busy.has(simulator)) return;
    busy.add(simulator);
    try {
      await simulator.live(new Date());
    } catch (error) {
      console.error(`the ${simulator.name} simulator's life failed:`, error);
    } finally {
      busy.delete(simulator);
    }
  };
  return () => {
    for (const simulator of simulators) void step(simulator);
  };
}

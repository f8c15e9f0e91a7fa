import { lookup as system } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import { Failure } from "../../core/errors.ts";
import { isLoopback, isPublic } from "./address.ts";

export interface AgentOptions {
  /** Every address of a host name; absent: as the system knows them. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to; absent: `mayReach`. */
  readonly mayReach?: (address: string, protocol: string) => boolean;
}

/** https goes to the public net and nowhere else. Plain http is spoken with the sandbox alone, which is on this machine. */
const mayReach = (address: string, protocol: string): boolean =>
  protocol === "https:" ? isPublic(address) : isLoopback(address);

const everyAddress = async (hostname: string): Promise<readonly string[]> =>
  (await system(hostname, { all: true })).map(({ address }) => address);

/**
 * One pool of connections for all calls of a process. A name is resolved once; if any of its addresses may not be reached,
 * none is, else these very addresses are connected to (a second answer of the name server counts for nothing) under the
 * name's own certificate. The address at the other end is looked at once more before a byte of the request leaves.
 */
export function createAgent({ resolve = everyAddress, mayReach: may = mayReach }: AgentOptions = {}): Agent {
  const connectorFor = (protocol: string): buildConnector.connector => {
    const check = (addresses: readonly string[], hostname: string): void => {
      if (addresses.length === 0 || !addresses.every((address) => may(address, protocol)))
        throw new Failure("host_not_allowed", `${hostname} is not on the public net`);
    };
    const lookup: LookupFunction = (hostname, { all }, answer) => {
      resolve(hostname)
        .then((addresses) => {
          check(addresses, hostname);
          return addresses.map((address) => ({ address, family: isIP(address) }));
        })
        .then(
          (found) => (all ? answer(null, found) : answer(null, found[0]?.address ?? "", found[0]?.family)),
          (error: unknown) => answer(error as NodeJS.ErrnoException, []),
        );
    };
    const connect = buildConnector({ timeout: 3_000, lookup });
    return (options, callback) => {
      const literal = options.hostname.replace(/^\[(.*)\]$/, "$1");
      // An address needs no look-up, so nobody else would look at it.
      if (isIP(literal) && !may(literal, protocol))
        return callback(new Failure("host_not_allowed", `${literal} is not on the public net`), null);
      connect(options, (error, socket) => {
        if (error) return callback(error, null);
        const { remoteAddress = "" } = socket;
        if (may(remoteAddress, protocol)) return callback(null, socket);
        socket.destroy();
        callback(new Failure("host_not_allowed", `${options.hostname} led elsewhere`), null);
      });
    };
  };
  const secure = connectorFor("https:");
  const plain = connectorFor("http:");
  return new Agent({
    connect: (options, callback) => (options.protocol === "https:" ? secure : plain)(options, callback),
    connections: 64,
    pipelining: 1,
    keepAliveTimeout: 30_000,
  });
}

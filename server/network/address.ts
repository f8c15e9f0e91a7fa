import ipaddr from "ipaddr.js";

/** What a name in the public net may stand for. The rest of IPv6 has not been given to anybody. */
const givenOut = ipaddr.parseCIDR("2000::/3");
/** Public by its number, yet answered by the machine's own host: Azure's WireServer. */
const hosts = new Set(["168.63.129.16"]);

/**
 * Whether an address belongs to somebody on the internet: not to this machine, its network, its cloud's metadata or its
 * translators, in whatever way it is written. What is no address is not.
 */
export function isPublic(address: string): boolean {
  const known = parsed(address);
  if (known?.range() !== "unicast" || hosts.has(known.toString())) return false;
  return known.kind() === "ipv4" || known.match(givenOut);
}

export const isLoopback = (address: string): boolean => parsed(address)?.range() === "loopback";

/** IPv4 inside IPv6 counts as the IPv4 that it is. */
const parsed = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined =>
  ipaddr.isValid(address) ? ipaddr.process(address) : undefined;

import ipaddr from "ipaddr.js";

/** Under what tries from this address are counted. One household has 2^64 addresses of version 6: they count as one. */
export function ipKey(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return "nowhere";
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv6" ? parsed.toNormalizedString().split(":").slice(0, 4).join(":") : parsed.toString();
}

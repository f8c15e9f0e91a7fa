import type { Caller } from "../routes/route.ts";

/** How a caller shows that it may, by the names of `schemes`; each set is enough by itself. */
export type Security = readonly Readonly<Record<string, readonly string[]>>[];

export const securityOf = (who: Caller, path: string): Security => {
  switch (who) {
    case "person":
    case "viewer":
    case "admin":
    case "owner":
      return [{ session: [] }];
    case "installer":
      return [{ install: [] }];
    case "ingest_key":
      // A signature does not say whose it is: the address does.
      return [{ ingestKey: [] }, ...(path.endsWith("}") ? [{ signature: [] }] : [])];
    default:
      return [];
  }
};

/** Who may call, in words. */
export const whoMay: Readonly<Record<Caller, string>> = {
  anyone: "Anyone.",
  operator: "Machines on the server's own address.",
  vendor: "A vendor whose signature is right.",
  ingest_key: "Whoever holds a key of the connection.",
  installer: "The browser that came back from a CRM's consent page.",
  person: "Whoever is signed in.",
  viewer: "Members of the open workspace.",
  admin: "Admins and owners of the open workspace.",
  owner: "Owners of the open workspace.",
};

/** `secure`: our public address is https, where cookies carry a prefix that nobody else can set. */
export function schemesOf(secure: boolean): Readonly<Record<string, object>> {
  const cookie = (name: string) => (secure ? `__Host-${name}` : name);
  return {
    session: {
      type: "apiKey",
      in: "cookie",
      name: cookie("session"),
      description: "Of somebody who is signed in. It ends after 30 minutes without use and after 12 hours.",
    },
    install: {
      type: "apiKey",
      in: "cookie",
      name: cookie("install"),
      description: "Of the browser that was sent to a CRM's consent page.",
    },
    ingestKey: {
      type: "http",
      scheme: "bearer",
      description: "A key of one connection (`swk_…`), made in the console and shown once.",
    },
    signature: {
      type: "apiKey",
      in: "header",
      name: "webhook-signature",
      description:
        "Standard Webhooks, with `webhook-id` and `webhook-timestamp`, made of the exact bytes with the connection's secret.",
    },
  };
}

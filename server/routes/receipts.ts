import { hash } from "node:crypto";
import { Failure } from "../../core/errors.ts";
import type { Store } from "../store/open.ts";
import { findReceipt, type Receipt } from "../store/receipts.ts";
import { idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** `GET /receipts/:id`: that something was erased, for whoever was given the address. Numbers and our own words only. */
export const receiptRoute = ({ store }: { readonly store: Pick<Store, "db"> }): Route => ({
  method: "get",
  path: "/receipts/:id",
  who: "anyone",
  handle: async (request, response) => {
    const receipt = await findReceipt(store.db, idIn(request.params, "id", "rcp"));
    if (!receipt) throw new Failure("not_found", "there is no such receipt");
    const policy = `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'`;
    response.setHeader("content-security-policy", policy);
    response.setHeader("cache-control", "no-store");
    response.type("html").send(page(receipt));
  },
});

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}" +
  "dt{float:left;clear:left;min-width:4rem;text-align:right;margin-right:1rem;font-variant-numeric:tabular-nums}dd{margin:0}";
const styleHash = `sha256-${hash("sha256", style, "base64")}`;

const whom = { person: "person", workspace: "workspace" } as const;
const words: Readonly<Record<string, string>> = {
  connections: "accounts disconnected",
  notTold: "accounts whose vendor did not answer; our access to them is destroyed all the same",
  people: "members forgotten",
  records: "records made nameless",
  entries: "stage entries",
  events: "events",
  sent: "events that Meta had taken before; it keeps them under its own terms",
  waiting: "events that waited and were given up",
  givenUp: "events that had been given up",
  pushes: "pushed changes",
  auditEntries: "entries of the audit log",
};

function page({ id, erasure, at, done }: Receipt): string {
  const title = done ? `A ${whom[erasure]} was erased` : `A ${whom[erasure]} is being erased`;
  const day = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const lines = Object.entries(done ?? {}).flatMap(([what, n]) =>
    Object.hasOwn(words, what) ? [`<dt>${n}</dt><dd>${words[what]}</dd>`] : [],
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${style}</style></head>
<body><main>
<h1>${title}</h1>
<p>${done ? `It was done on ${day}.` : `It was asked for on ${day}, and will be done when its time has come.`}</p>
${lines.length > 0 ? `<dl>${lines.join("\n")}</dl>` : ""}
<p>Receipt: <code>${id}</code></p>
</main></body>
</html>
`;
}

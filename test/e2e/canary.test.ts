import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldInClear } from "../../core/privacy.ts";
import { stop } from "../server/front.ts";
import { type Canary, found } from "./canary.ts";
import { install } from "./consent.ts";
import { databaseUrl } from "./processes.ts";
import { type Product, startProduct } from "./product.ts";
import { ago, caughtUp, eventsUpTo, newLeadId, nothingWaits, push } from "./stage-changes.ts";
import { until } from "./until.ts";

const hour = 3_600_000;
let product: Product;
/** Every address that a vendor was called at, as it stood in the request's first line. */
const called: string[] = [];
const gates: Server[] = [];
/** Of the errors that we answered: their whole texts and headers. */
const answered: string[] = [];
const canaries: Canary[] = [];
const plant = (what: string, text: string): string => {
  canaries.push({ what, text });
  return text;
};
const digits = (count: number): string =>
  [...randomBytes(count)]
    .map((byte) => String(byte % 10))
    .join("")
    .replace(/^0/, "7");

beforeAll(async () => {
  product = await startProduct({ goLive: "last-7-days" });
  await caughtUp(product);
  // From now on every call to a vendor goes past somebody who writes down its address.
  await product.shutDown();
  const file = join(product.dataDir, "sandbox/sandbox.json");
  const addresses = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  for (const name of ["hubspot", "salesforce", "meta"]) addresses[name] = await gateTo(String(addresses[name]));
  writeFileSync(file, JSON.stringify(addresses));
  await product.restart();
  await everything();
}, 180_000);
afterAll(async () => {
  await product?.stop();
  await Promise.all(gates.map(stop));
});

/** Stands before a simulated vendor and passes everything through. */
async function gateTo(origin: string): Promise<string> {
  const gate = createServer((incoming, outgoing) => {
    // The consent page is for browsers, and its address holds what the standard puts there.
    if (!incoming.url?.includes("/authorize?")) called.push(`${incoming.method} ${incoming.url}`);
    const { method, headers } = incoming;
    const passed = request(new URL(incoming.url ?? "/", origin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await once(gate.listen(0, "127.0.0.1"), "listening");
  gates.push(gate);
  return `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
}

/** Leads of every CRM with mails, phones and names that nobody else has; faults of every vendor; errors of every kind. */
async function everything(): Promise<void> {
  const leads: [string, string][] = [];
  for (const crm of ["hubspot", "salesforce"] as const) {
    const metaLeadId = newLeadId();
    const person = { ...somebody(crm), metaLeadId };
    const object = crm === "hubspot" ? "deal" : "lead";
    await product.act(crm, "create", { object, person, at: ago(hour) });
    leads.push([metaLeadId, crm]);
  }
  const inHouse = newLeadId();
  const { email, phone, firstName, lastName } = somebody("in-house");
  const contact = { email, phone, first_name: firstName, last_name: lastName };
  const change = {
    record_id: inHouse,
    pipeline: "sales",
    stage: "Won",
    occurred_at: ago(hour),
    lead_id: inHouse,
    contact,
  };
  answered.push(await (await push(product, "stage-changes", [{ ...change, id: `canary-${inHouse}` }])).text());
  await eventsUpTo(product, inHouse, "Won");
  for (const [lead] of leads)
    await until("the lead's first event", async () =>
      (await product.metaEvents()).some(({ raw }) => raw.includes(`"lead_id":${lead}`)),
    );

  // Tokens that have ended, vendors that fail: whatever is said about it is said with these people and tokens at hand.
  await product.act("salesforce", "expire");
  await product.act("hubspot", "fault", { status: 500 });
  await product.act("hubspot", "create", { object: "deal", person: somebody("fault"), at: ago(hour) });
  await product.ask("/api/v1/overview");
  await product.act("hubspot", "fault", {});
  await nothingWaits(product);
  await admins();
  await refusals();
}

/** Admins of other accounts install the app: who they are, their codes and their sessions. */
async function admins(): Promise<void> {
  const { portals } = await product.act<{ portals: readonly Portal[] }>("hubspot", "state");
  const portal = portals.find(({ installed }) => !installed);
  const orgs = await product.act<readonly Portal[]>("salesforce", "orgs");
  for (const [crm, account] of [
    ["hubspot", portal],
    ["salesforce", orgs.find(({ sandbox }) => sandbox)],
  ] as const) {
    const [admin] = account?.users ?? [];
    if (!account || !admin) throw new Error(`${crm} has nobody`);
    const where = crm === "hubspot" ? { portal: account.accountId } : { query: "?place=sandbox" };
    const { browser, back, ours } = await install(product, crm, String(admin.id), where);
    plant(`${crm}: an admin's mail`, admin.mail);
    plant(`${crm}: a code that served`, new URL(back).searchParams.get("code") ?? "");
    plant(`${crm}: a state that served`, new URL(back).searchParams.get("state") ?? "");
    for (const [n, cookie] of browser.cookies().entries()) plant(`${crm}: cookie ${n}`, cookie);
    for (const path of ["/api/v1/session", "/api/v1/overview", "/api/v1/nothing", "/nowhere"])
      answered.push(`${path} ${(await browser.get(`${ours}${path}`)).status}`);
  }
}
interface Portal {
  readonly accountId: string;
  readonly installed?: boolean;
  readonly sandbox?: boolean;
  readonly users: readonly { readonly id: number | string; readonly mail: string }[];
}

function somebody(where: string) {
  const local = `Canary.${digits(10)}`;
  const number = digits(7);
  plant(`${where}: a number`, number.padStart(10, "617"));
  return {
    firstName: plant(`${where}: a first name`, `Canariella${digits(6)}`),
    lastName: plant(`${where}: a last name`, `Canarino${digits(6)}`),
    email: plant(`${where}: a mail`, `${local}@canary.example`),
    phone: plant(`${where}: a phone`, `+1617${number}`),
  };
}

/** Asks for what is refused, with a canary in each place where one can be put. */
async function refusals(): Promise<void> {
  const url = product.url();
  const secret = (what: string): string => plant(what, randomBytes(24).toString("base64url"));
  const mail = plant("a mail in a wrong push", `wrong.${digits(9)}@canary.example`);
  const json = { "content-type": "application/json" };
  const tries: readonly [string, RequestInit][] = [
    [
      `/ingest/v1/stage-changes`,
      { method: "POST", headers: { ...json, authorization: `Bearer ${secret("a wrong ingest key")}` }, body: "{}" },
    ],
    [
      `/ingest/v1/stage-changes`,
      {
        method: "POST",
        headers: { ...json, authorization: `Bearer ${product.ingestKey()}` },
        body: JSON.stringify([{ stage: mail, contact: mail, occurred_at: mail }]),
      },
    ],
    [
      `/ingest/v1/stage-changes`,
      {
        method: "POST",
        headers: { ...json, authorization: `Bearer ${product.ingestKey()}` },
        body: `{"broken": "${mail}"`,
      },
    ],
    [
      "/webhooks/hubspot",
      {
        method: "POST",
        headers: { ...json, "x-hubspot-signature-v3": secret("a wrong signature") },
        body: JSON.stringify([{ mail }]),
      },
    ],
    [`/oauth/hubspot/callback?code=${secret("a code")}&state=${secret("a state")}`, {}],
    [`/oauth/salesforce/callback?code=${secret("a code of Salesforce")}&state=${secret("a state of Salesforce")}`, {}],
    [`/oauth/meta/callback?code=${secret("a code of Meta")}&state=${secret("a state of Meta")}`, {}],
    [
      `/api/v1/sign-in/operator`,
      { method: "POST", headers: { ...json, origin: url }, body: JSON.stringify({ key: secret("a wrong key") }) },
    ],
    [
      `/api/v1/invitations/accept`,
      {
        method: "POST",
        headers: { ...json, origin: url },
        body: JSON.stringify({ token: secret("a wrong invitation") }),
      },
    ],
    [`/api/v1/overview`, { headers: { cookie: `session=${secret("a wrong session")}` } }],
    [
      `/api/v1/datasets/check`,
      {
        method: "POST",
        headers: { ...json, origin: url },
        body: JSON.stringify({ metaId: "1234567890123456", token: `EAA${secret("a token that was pasted")}` }),
      },
    ],
    [`/nowhere/${encodeURIComponent(mail)}?token=${secret("a token in an address")}`, {}],
  ];
  for (const [path, init] of tries)
    for (const ask of [
      (how: RequestInit) => fetch(`${url}${path}`, how),
      (how: RequestInit) => product.ask(path, how as Parameters<Product["ask"]>[1]),
    ]) {
      const answer = await ask({ redirect: "manual", ...init });
      answered.push(
        `${path.split("?")[0]?.split("/").slice(0, 2).join("/")} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`,
      );
    }
}

/** What the vendors gave out, and what we made for ourselves: none of it may be seen. */
function secrets(): readonly Canary[] {
  const folder = join(product.dataDir, "sandbox");
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    /token|app\.jsonl|grants|codes/.test(name),
  );
  const given = files.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const long = [...text.matchAll(/"([A-Za-z0-9_.!=-]{30,})"/g)].map(([, token = ""]) => token);
    return long.map((token) => ({ what: `given out in ${name}`, text: token }));
  });
  const password = new URL(databaseUrl(product.dataDir) ?? "").password;
  const [, key = ""] = product.ingestKey().split(".");
  return [
    ...given,
    { what: "the ingest key", text: key },
    { what: "the database's password", text: decodeURIComponent(password) },
    ...readFileSync(join(product.dataDir, "encryption.key"), "utf8")
      .trim()
      .split(/\s+/)
      .map((line) => ({ what: "the encryption key", text: line.split(":").at(-1) ?? "" })),
  ];
}

/** Every row of every table, by column. */
async function dump(): Promise<ReadonlyMap<string, string>> {
  const tables = await product.sql<{ name: string; columns: readonly string[] }>(
    `select table_name as name, array_agg(column_name::text) as columns
     from information_schema.tables join information_schema.columns using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' group by table_name`,
  );
  const held = new Map<string, string>();
  for (const { name, columns } of tables) {
    const each = columns.map((column) => `string_agg("${column}"::text, E'\\n') as "${column}"`);
    const [row] = await product.sql<Record<string, string | null>>(`select ${each.join(", ")} from "${name}"`);
    for (const column of columns) held.set(`${name}.${column}`, row?.[column] ?? "");
  }
  return held;
}

describe("of mails, phones, names, tokens, keys and codes that were planted, none is found", () => {
  let all: readonly Canary[];
  beforeAll(() => {
    all = [...canaries, ...secrets()];
    expect(all.length).toBeGreaterThan(40);
  });

  test("in the log", () => {
    expect(product.log().length).toBeGreaterThan(300);
    expect(found(product.log(), all)).toEqual([]);
  });

  test("in any column of the database, but those that core/privacy.ts names", async () => {
    const held = await dump();
    expect(held.get("outbox.payload") ?? [...held.keys()].join()).toContain("lead_id");
    expect(
      Object.keys(heldInClear).filter((column) => !held.has(column)),
      "columns that are gone",
    ).toEqual([]);
    const finds = [...held]
      .filter(([column]) => !(column in heldInClear))
      .flatMap(([column, text]) => found(text, all).map((what) => `${column}: ${what}`));
    expect(finds).toEqual([]);
  });

  test("in an answer of ours to whoever asked wrongly, its headers and addresses", () => {
    expect(answered.length).toBeGreaterThan(20);
    expect(answered.flatMap((text) => found(text, all).map((what) => `${text.slice(0, 60)}: ${what}`))).toEqual([]);
  });

  test("in the metrics", async () => {
    const text = await (await fetch(`${product.url()}/metrics`)).text();
    expect(text).toContain("# TYPE");
    expect(found(text, all)).toEqual([]);
  });

  test("T35: in an address at which a vendor was called", () => {
    expect(called.length).toBeGreaterThan(10);
    expect([
      ...new Set(called.flatMap((address) => found(address, all).map((what) => `${address.slice(0, 60)}: ${what}`))),
    ]).toEqual([]);
  });
});

test("a scan that looks for nothing would find nothing: each form of a planted text is found", () => {
  const canary = { what: "it", text: "Ana.Müller+1@canary.example" };
  const { text } = canary;
  for (const hidden of [
    `x ${text} y`,
    JSON.stringify({ a: text }),
    Buffer.from(`${text}`).toString("base64"),
    Buffer.from(`a${text}bc`).toString("base64"),
    Buffer.from(`ab${text}`).toString("base64url"),
    Buffer.from(`{"a":"${text}"}`).toString("hex"),
    `https://x.example/?m=${encodeURIComponent(text)}`,
  ])
    expect(found(hidden, [canary]), hidden).toEqual(["it"]);
  expect(found("nothing of the kind", [canary])).toEqual([]);
});

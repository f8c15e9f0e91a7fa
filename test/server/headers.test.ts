import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { routes } from "../../server/app.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import { belongingsOf, table } from "./sweep-table.ts";

let front: Front;
let acme: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
});
afterAll(() => front.close());

const closed = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

describe("T16: the headers of every class of answer", () => {
  test.each<[string, string, number]>([
    ["an answer of the API", "/api/v1/session", 200],
    ["a refusal", "/api/v1/overview", 401],
    ["what is not there", "/nowhere", 404],
    ["a broken address", "/data-deletion/%ff", 400],
    ["what machines ask", "/healthz", 200],
    ["a redirect", "/install/hubspot", 303],
  ])("%s may do nothing, be framed by nobody, and be sent on to nobody", async (_name, path, status) => {
    const answer = await front.people.as("nobody")(path);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-security-policy": closed,
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(answer.headers.get("strict-transport-security"), "there is no https here").toBeNull();
    if (!["/healthz"].includes(path)) expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test.each(["/", "/sign-in", "/members", "/install/ins_abc", "/install/failed", "/invitation"])(
    "T15, T17: the page at %s runs our own files only and may be framed by nobody",
    async (path) => {
      const answer = await front.people.as("nobody")(path);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get("content-security-policy") ?? "";
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      expect(nonce).toHaveLength(24);
      expect(policy).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
          "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    },
  );

  test("over https browsers are told to come back so, and cookies are for this host alone", async () => {
    const safe = await openFront(({ api }) => ({ api: { ...api, publicUrl: () => "https://stagewire.example" } }));
    onTestFinished(() => safe.close());
    const answer = await safe.people.as("nobody")("/api/v1/session");
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=63072000");
  });
});

/** As a page of that origin would: fetch of Node's sets these headers itself. */
const fromPage = async (path: string, headers: Record<string, string>, method = "POST"): Promise<number> => {
  const cookie = (await front.people.cookie("owner")) ?? "";
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(front.url);
    const sent = request({ hostname, port, path, method, headers: { cookie, ...headers } }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject).end(method === "POST" ? "{}" : "");
  });
};
/** Every route by which somebody changes something, with ids that are there. */
async function changing(): Promise<readonly string[]> {
  const mine = await belongingsOf(front, acme);
  const own = routes(front.parts).filter(
    ({ method, who }) => method === "post" && !["vendor", "ingest_key"].includes(who),
  );
  expect(own.length).toBeGreaterThan(20);
  return await Promise.all(
    own.map(async ({ method, path }) => {
      let address = path;
      const ids = await table[`${method} ${path}`]?.ids?.(mine);
      for (const [name, id] of Object.entries(ids ?? {})) address = address.replace(`:${name}`, id);
      return address;
    }),
  );
}
const json = { "content-type": "application/json" };

test("T14: no page of another site changes anything: not by any route, not with any header it can send", async () => {
  const own = new URL(front.url);
  for (const path of await changing()) {
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `https://${own.host}.evil.example` },
      { origin: `http://${own.hostname}:1` },
    ])
      expect(await fromPage(path, { ...json, ...headers }), `${path} ${JSON.stringify(headers)}`).toBe(403);
    const form = { "content-type": "text/plain", origin: own.origin };
    expect([400, 401], `${path} as a form`).toContain(await fromPage(path, form));
    const get = routes(front.parts).some(
      (route) => route.method === "get" && new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(path),
    );
    if (!get) expect([404, 400], `GET ${path}`).toContain(await fromPage(path, {}, "GET"));
  }
});

test("T14: behind https the origin is ours only with its scheme", async () => {
  const safe = await openFront(({ api }) => ({
    hosts: ["127.0.0.1", "stagewire.example"],
    api: { ...api, publicUrl: () => "https://stagewire.example" },
  }));
  onTestFinished(() => safe.close());
  const { hostname, port } = new URL(safe.url);
  const from = (origin: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { ...json, origin, host: "stagewire.example" };
      const path = "/api/v1/sign-in/operator";
      const sent = request({ hostname, port, path, method: "POST", headers }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
      });
      sent.on("error", reject).end(JSON.stringify({ key: "x" }));
    });
  expect(await from("http://stagewire.example")).toBe(403);
  expect(await from("https://stagewire.example")).toBe(401);
});

test("T20: names that reach into every object reach nothing: refused at each route, and no object is changed", async () => {
  for (const path of await changing())
    for (const evil of ["__proto__", "constructor", "prototype"]) {
      const body = `{"${evil}":{"polluted":"yes"}}`;
      const answer = await front.fetch(path, { method: "POST", headers: json, body });
      expect([400, 401], `${path} ${evil}`).toContain(answer.status);
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    }
});

test("T22: JSON however deep is refused by its depth, and nothing falls over", async () => {
  const path = "/api/v1/invitations";
  for (const depth of [21, 1_000, 30_000])
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const body = `${open.repeat(depth)}1${close.repeat(depth)}`.slice(0, 60_000);
      const answer = await front.fetch(path, { method: "POST", headers: json, body });
      expect([depth, answer.status]).toEqual([depth, 400]);
      expect(((await answer.json()) as { detail: string }).detail).toContain("levels deep");
    }
  const shallow = JSON.stringify({ mail: "[[[[[[[[[[[[[[[[[[[[[[[[[[", role: "viewer" });
  const answer = await front.fetch(path, { method: "POST", headers: json, body: shallow });
  expect(((await answer.json()) as { detail: string }).detail).toMatch(/^.*mail/);
});

test("T24: a question said twice, as a list, or unknown is refused, and none becomes an object", async () => {
  for (const [path, status] of [
    ["/api/v1/problems?state=open", 200],
    ["/api/v1/problems?state=open&state=closed", 400],
    ["/api/v1/audit?limit=1&limit=2", 400],
    ["/api/v1/members?tenant=other", 400],
    ["/api/v1/overview?tenant[]=a", 400],
    ["/api/v1/session?__proto__=1", 400],
    [`/api/v1/connections/${acme.connection.id}/explain?object=lead&record=1&record=2`, 400],
    [`/api/v1/connections/${acme.connection.id}/explain?object[a]=lead&record=1`, 400],
  ] as const)
    expect([path, (await front.fetch(path)).status]).toEqual([path, status]);
});

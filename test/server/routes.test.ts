import { rm } from "node:fs/promises";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type AppParts, routes } from "../../server/app.ts";
import { readConfig } from "../../server/config.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { start } from "../../server/start.ts";
import { silent, temporaryFolder, testDatabase } from "../postgres.ts";
import { type Front, openFront } from "./front.ts";
import { layWire } from "./wire.ts";

let front: Front;
let health: () => Promise<string | undefined> = async () => undefined;
beforeAll(async () => {
  front = await openFront(({ health: { metrics } }) => ({ health: { metrics, unready: () => health() } }));
});
afterAll(() => front.close());

const get = (path: string, init: RequestInit = {}) => fetch(`${front.url}${path}`, { redirect: "manual", ...init });

describe("every route", () => {
  test("for a vendor or the holder of a key refuses everybody else, before it reads what was sent", async () => {
    const guarded = routes(front.parts).filter(({ who }) => who === "vendor" || who === "ingest_key");
    expect(guarded).not.toHaveLength(0);
    for (const { method, path } of guarded)
      for (const body of method === "post" ? ["{}", "no JSON"] : [null]) {
        const answer = await get(path.replace(/\{.*\}/, ""), { method: method.toUpperCase(), body });
        expect(answer.status, path).toBe(401);
        expect(await answer.json()).toMatchObject({ code: "signature_invalid" });
      }
  });

  test("of the sandbox is there with the sandbox only, and is the operator's", async () => {
    const back = (parts: AppParts) => routes(parts).filter(({ path }) => path.startsWith("/sandbox"));
    expect(back(front.parts)).toEqual([]);
    const more = back({ ...front.parts, sandboxControl: "http://127.0.0.1:9" });
    expect(more.map(({ method, who }) => `${who} ${method}`)).toEqual(["operator get", "operator post"]);
    for (const path of ["/sandbox", "/sandbox/", "/sandbox/healthz", "/SANDBOX/"])
      expect((await get(path)).status, path).toBe(404);
    expect((await get("/sandbox/hubspot/grant", { method: "POST", body: "{}" })).status).toBe(404);
  });
});

describe("every answer", () => {
  const unruly = async (): Promise<never> => {
    throw new TypeError("the password is hunter2");
  };

  test.each<[number, string, RequestInit]>([
    [200, "/", {}],
    [200, "/healthz", {}],
    [200, "/metrics", {}],
    [401, "/api/v1/overview", {}],
    [404, "/nowhere", {}],
    [404, "/assets/nowhere.js", {}],
    [404, "/ingest/v1/stage-changes", {}],
    [404, "/%2e%2e/%2e%2e/package.json", {}],
    [404, "/..%2f..%2fpackage.json", {}],
    [400, "/ingest/v1/stage-changes/%ff", { method: "POST" }],
    [401, "/webhooks/hubspot", { method: "POST" }],
    [404, "/healthz", { method: "DELETE" }],
    [500, "/readyz", {}],
  ])("%i of %s is not to be sniffed, framed or recognised", async (status, path, init) => {
    health = unruly;
    const answer = await get(path, init);
    health = async () => undefined;
    const text = await answer.text();
    expect(answer.status).toBe(status);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("x-powered-by")).toBeNull();
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(text).not.toMatch(/hunter2|node_modules|at .*:\d+:\d+/);
  });

  test("that is a fault of ours says so, and no more than that, here and in the log", async () => {
    health = unruly;
    front.logged.length = 0;
    const answer = await get("/readyz");
    health = async () => undefined;
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      500,
      "application/problem+json; charset=utf-8",
    ]);
    expect(await answer.json()).toMatchObject({ code: "unexpected", status: 500 });
    expect(front.logged).toEqual(['GET /readyz failed: TypeError {"status":500}']);
  });
});

describe("the console's page", () => {
  test("has a policy that lets in our own files and this page's own styles, and may not be framed", async () => {
    const nonces = new Set<string>();
    for (let times = 0; times < 3; times += 1) {
      const answer = await get("/");
      const policy = answer.headers.get("content-security-policy") ?? "";
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      expect(Buffer.from(nonce, "base64").length).toBe(16);
      nonces.add(nonce);
      const page = await answer.text();
      expect(page).toContain(nonce);
      expect(page).not.toContain("{{nonce}}");
      const rules = Object.fromEntries(policy.split("; ").map((rule) => [rule.split(" ")[0], rule]));
      expect(rules).toMatchObject({
        "default-src": "default-src 'none'",
        "script-src": "script-src 'self'",
        "frame-ancestors": "frame-ancestors 'none'",
        "base-uri": "base-uri 'none'",
      });
      expect(policy).not.toContain("unsafe");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect(nonces.size).toBe(3);
  });

  test("is served with the nonce only: its file as it was built is not to be had", async () => {
    const byName = await get("/index.html");
    expect(await byName.text()).not.toContain("{{nonce}}");
    expect(byName.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    const page = await (await get("/")).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "none";
    const answer = await get(script);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(answer.headers.get("content-type")).toContain("javascript");
  });

  test.each(["br", "gzip", "identity"])("has its scripts packed as the browser takes them: %s", async (way) => {
    const page = await (await get("/")).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "none";
    const plain = await (await get(script, { headers: { "accept-encoding": "identity" } })).text();
    for (const round of ["packed then", "kept"]) {
      const answer = await get(script, { headers: { "accept-encoding": way } });
      expect([round, answer.headers.get("content-encoding")]).toEqual([round, way === "identity" ? null : way]);
      expect(answer.headers.get("vary") ?? "").toContain(way === "identity" ? "" : "accept-encoding");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).toBe(plain);
    }
    expect((await get("/assets/..%2findex.html", { headers: { "accept-encoding": way } })).status).toBe(404);
  });
});

describe("the way into the sandbox", () => {
  test("leads to its page and its back door, keeps out other sites' pages, and leads nowhere else", async () => {
    const dir = await temporaryFolder();
    const sandbox = await startSandbox({ dir, life: { perMinute: 0 } });
    const open = await openFront(() => ({ sandboxControl: sandbox.control }));
    onTestFinished(async () => {
      await Promise.all([sandbox.close(), open.close()]);
      await rm(dir, { recursive: true });
    });
    const ask = (path: string, init: RequestInit = {}) => fetch(`${open.url}${path}`, { redirect: "manual", ...init });
    const post = (headers: Record<string, string>) =>
      ask("/sandbox/hubspot/life", { method: "POST", headers, body: '{"perMinute":0}' });

    expect((await ask("/sandbox")).headers.get("location")).toBe("/sandbox/");
    const page = await ask("/sandbox/");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors");
    expect(await (await ask("/sandbox/healthz")).json()).toMatchObject({ hubspot: sandbox.hubspot });
    expect(await (await ask("/sandbox/hubspot/recent?limit=2")).json()).toHaveLength(2);
    expect((await post({ "content-type": "application/json" })).status).toBe(200);
    expect((await ask("/sandbox/nobody/grant", { method: "POST" })).status).toBe(404);

    // Node's own fetch sets these itself, as a browser does.
    const crossSite = (path: string, headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(open.url);
        const sent = request({ hostname, port, path, method: "POST", headers }, (answer) => {
          answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
        });
        sent.on("error", reject).end("{}");
      });
    expect(await crossSite("/sandbox/hubspot/revoke", { "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await crossSite("/sandbox/hubspot/life", { "sec-fetch-site": "same-origin" })).toBe(200);
    const astray = `http://a@${new URL(sandbox.meta).host}/sandbox/healthz`;
    expect(await crossSite(astray, {}), "the path counts, whatever host the request names").toBe(404);

    await sandbox.close();
    const gone = await ask("/sandbox/healthz");
    expect(gone.status).toBe(502);
    expect(await gone.json()).toMatchObject({ code: "network_unreachable" });
  });
});

test("the whole server is ready, is not while its database is gone, and is again; it stops either way", async () => {
  const dir = await temporaryFolder();
  const database = await testDatabase();
  const wire = await layWire(database.url);
  const config = readConfig({ DATABASE_URL: wire.url, DATA_DIR: dir, PORT: "0" });
  const running = await start(config, silent);
  const ready = async () => {
    const answer = await fetch(`${running.url}/readyz`);
    return [answer.status, await answer.json()];
  };
  try {
    expect(await ready()).toEqual([200, { ready: true }]);
    await wire.cut();
    expect(await ready()).toEqual([503, { ready: false, why: "the database does not answer" }]);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    const cookie = `session=${"a".repeat(43)}`;
    expect((await fetch(`${running.url}/api/v1/overview`, { headers: { cookie } })).status).toBe(503);
    await wire.mend();
    expect(await ready()).toEqual([200, { ready: true }]);
    await wire.cut();
  } finally {
    await running.stop();
    await database.drop();
    await rm(dir, { recursive: true });
  }
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow();
});

import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import type { HttpRequest } from "../../core/ports.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { stop } from "./front.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server of the test's own; gone when the test ends. */
async function serve(answer: RequestListener): Promise<{ origin: string; port: number; server: Server }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => stop(server));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, server };
}

function agent(): Agent {
  const made = createAgent();
  closing.push(() => made.destroy());
  return made;
}

const limits = { timeoutMs: 5_000, maxBytes: 10_000 };
const get = (url: string, headers: Record<string, string> = {}): HttpRequest => ({ method: "GET", url, headers });
const trusting = (origin: string, more: Partial<typeof limits> = {}) =>
  createFetch(agent(), { hosts: [], trustedOrigins: [origin], ...limits, ...more });

/** Which code it failed with; never quotes what it was asked for. */
async function codeOf(answer: Promise<unknown>): Promise<string> {
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isFailure(error)) return `no failure: ${error}`;
  expect(error.message).not.toContain("private");
  return error.code;
}

describe("the lock on hosts", () => {
  const hosts = [/^api\.vendor\.example$/, /^[a-z0-9-]+\.my\.vendor\.example$/];

  /** An agent that notes where it would connect to, and leads every connection to `port`. */
  function leading(port: number) {
    const called: string[] = [];
    const connect = buildConnector({});
    const made = new Agent({
      connect: (options, callback) => {
        called.push(`${options.protocol}//${options.hostname}:${options.port || "default"}`);
        connect({ ...options, protocol: "http:", hostname: "127.0.0.1", port: String(port) }, callback);
      },
    });
    closing.push(() => made.destroy());
    return { called, fetch: createFetch(made, { hosts, ...limits }) };
  }

  test("lets the vendor's own hosts through, over https", async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host));
    const { called, fetch } = leading(port);
    expect(await fetch(get("https://api.vendor.example/v3/deals?after=1"))).toMatchObject({
      status: 200,
      text: "api.vendor.example",
    });
    expect((await fetch(get("https://acme-1.my.vendor.example:443/"))).status).toBe(200);
    expect((await fetch(get("HTTPS://API.Vendor.Example/"))).status).toBe(200);
    expect(called).toContain("https://api.vendor.example:default");
    expect(called).toContain("https://acme-1.my.vendor.example:default");
  });

  test.each([
    ["http", "http://api.vendor.example/"],
    ["another port", "https://api.vendor.example:8443/"],
    ["another host", "https://evil.example/"],
    ["a host that begins like the vendor's", "https://api.vendor.example.evil.example/"],
    ["a host that ends like the vendor's", "https://evilapi.vendor.example/"],
    ["two labels where one belongs", "https://a.b.my.vendor.example/"],
    ["a trailing dot", "https://api.vendor.example./"],
    ["a name and password", "https://api.vendor.example:private@evil.example/"],
    ["a name before the right host", "https://private@api.vendor.example/"],
    ["a backslash", "https://evil.example\\@api.vendor.example/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback as one number", "https://2130706433/"],
    ["loopback in octal", "https://0177.0.0.1/"],
    ["loopback inside IPv6", "https://[::ffff:127.0.0.1]/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["the address of cloud metadata", "https://169.254.169.254/latest/"],
    ["no address", "api.vendor.example/private"],
    ["a file", "file:///private"],
    ["another scheme", "ftp://api.vendor.example/"],
    ["letters that look alike", "https://аpi.vendor.example/"],
  ])("refuses %s, without connecting", async (_, url) => {
    const { port } = await serve((_request, response) => response.end("reached"));
    const { called, fetch } = leading(port);
    expect(await codeOf(fetch(get(url, { authorization: "Bearer private" })))).toBe("host_not_allowed");
    expect(called).toEqual([]);
  });

  test("trusts a sandbox origin only when all of it is the same", async () => {
    const reached: string[] = [];
    const { origin, port } = await serve((request, response) => {
      reached.push(request.url ?? "");
      response.end();
    });
    const fetch = trusting(origin);
    expect((await fetch(get(`${origin}/right`))).status).toBe(200);
    for (const url of [
      `http://localhost:${port}/`,
      `http://127.0.0.1:${port === 65_535 ? 1 : port + 1}/`,
      `https://127.0.0.1:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://name:private@127.0.0.1:${port}/`,
      `blob:http://127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}.evil.example/`,
    ])
      expect(await codeOf(fetch(get(url))), url).toBe("host_not_allowed");
    expect(reached).toEqual(["/right"]);
  });

  test("follows no redirect, so that no token leaves for another host", async () => {
    const seen: string[] = [];
    const other = await serve((request, response) => {
      seen.push(String(request.headers.authorization));
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const first = await serve((_request, response) =>
        response.writeHead(status, { location: `${other.origin}/` }).end(),
      );
      const fetch = createFetch(agent(), { hosts: [], trustedOrigins: [first.origin, other.origin], ...limits });
      const answer = await fetch(get(`${first.origin}/`, { authorization: "Bearer private" }));
      expect([answer.status, answer.headers.location]).toEqual([status, `${other.origin}/`]);
    }
    expect(seen).toEqual([]);
  });
});

describe("the limits", () => {
  test("an answer of the largest size is read, one byte more is given up and hung up on", async () => {
    const hungUp = Promise.withResolvers<void>();
    const { origin } = await serve((request, response) => {
      if (request.url === "/most") response.end("x".repeat(limits.maxBytes));
      else {
        response.on("close", () => hungUp.resolve());
        response.write("x".repeat(limits.maxBytes + 1)); // and never ends
      }
    });
    const fetch = trusting(origin, { timeoutMs: 60_000 }); // longer than the test may take: it is the size that ends it
    expect((await fetch(get(`${origin}/most`))).text).toHaveLength(limits.maxBytes);
    expect(await codeOf(fetch(get(`${origin}/more`)))).toBe("network_no_answer");
    await hungUp.promise;
  });

  test("the time is that of the whole exchange: a server that trickles for ever is given up", async () => {
    const hungUp = Promise.withResolvers<void>();
    const { origin } = await serve((_request, response) => {
      const drip = setInterval(() => response.write("x"), 10);
      response.on("close", () => {
        clearInterval(drip);
        hungUp.resolve();
      });
    });
    expect(await codeOf(trusting(origin, { timeoutMs: 150 })(get(`${origin}/`)))).toBe("network_no_answer");
    await hungUp.promise;
  });

  test("a server that takes the request and says nothing is given up", async () => {
    const asked = Promise.withResolvers<void>();
    const { origin } = await serve(() => asked.resolve());
    expect(await codeOf(trusting(origin, { timeoutMs: 150 })(get(`${origin}/`)))).toBe("network_no_answer");
    await asked.promise;
  });
});

describe("what did not come", () => {
  test("is unreachable where nobody listens", async () => {
    const { origin, server } = await serve(() => {});
    await stop(server);
    closing.length = 0;
    expect(await codeOf(trusting(origin)(get(`${origin}/?private`)))).toBe("network_unreachable");
  });

  test.each(["ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"])(
    "is unreachable where no connection is made (%s)",
    async (code) => {
      const { errors } = await import("undici");
      const error = code.startsWith("UND") ? new errors.ConnectTimeoutError() : Object.assign(new Error(), { code });
      const broken = new Agent({ connect: (_options, callback) => callback(error, null) });
      closing.push(() => broken.destroy());
      const fetch = createFetch(broken, { hosts: [/^api\.vendor\.example$/], ...limits });
      expect(await codeOf(fetch(get("https://api.vendor.example/")))).toBe("network_unreachable");
    },
  );

  test("may have arrived when the connection breaks after the request", async () => {
    const { origin } = await serve((request) => {
      request.resume().on("end", () => request.socket.resetAndDestroy());
    });
    const post = { ...get(`${origin}/?private`), method: "POST", body: "private" } as const;
    expect(await codeOf(trusting(origin)(post))).toBe("network_no_answer");
  });

  test("may have arrived when the answer stops half-way", async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await codeOf(trusting(origin)(get(`${origin}/`)))).toBe("network_no_answer");
  });
});

test("an answer of any status is a value, with names of headers in lower case", async () => {
  const { origin } = await serve((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (part: Buffer) => body.push(part));
    request.on("end", () =>
      response
        .writeHead(Number(request.url?.slice(1)), { "Retry-After": "7", "X-Two": ["a", "b"] })
        .end(`${request.method} ${Buffer.concat(body)} é`),
    );
  });
  const fetch = trusting(origin);
  for (const status of [200, 401, 429, 503]) {
    const answer = await fetch({ ...get(`${origin}/${status}`), method: "PUT", body: "ü" });
    expect(answer).toMatchObject({ status, headers: { "retry-after": "7", "x-two": "a, b" }, text: "PUT ü é" });
  }
});

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent, buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import { isFailure } from "../../core/errors.ts";
import type { Fetch, HttpRequest } from "../../core/ports.ts";
import { isPublic } from "../../server/network/address.ts";
import { type AgentOptions, createAgent } from "../../server/network/agent.ts";
import { deeperThan } from "../../server/network/depth.ts";
import { createFetch } from "../../server/network/transport.ts";
import { imports, sources } from "../architecture/tree.ts";
import { stop } from "./front.ts";
import { addresses, hostile } from "./network-hostile.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const limits = { timeoutMs: 5_000, maxBytes: 1_000_000 };
const canary = "Bearer canary-7d1f";
const get = (url: string): HttpRequest => ({ method: "GET", url, headers: { authorization: canary } });

/** A server that counts who connects and keeps what it was asked. */
async function serve(answer: RequestListener, host = "127.0.0.1", at = 0) {
  const seen = { connections: 0, hosts: [] as string[], asked: 0 };
  const server = createServer((request, response) => {
    seen.asked += 1;
    seen.hosts.push(String(request.headers.host));
    answer(request, response);
  });
  server.on("connection", () => {
    seen.connections += 1;
  });
  await once(server.listen(at, host), "listening");
  closing.push(() => stop(server));
  const { port } = server.address() as AddressInfo;
  return { seen, port, origin: `http://${host}:${port}` };
}

function agentOf(options?: AgentOptions): Agent {
  const agent = createAgent(options);
  closing.push(() => agent.destroy());
  return agent;
}

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "answered",
    (error: unknown) => {
      expect(String(error)).not.toContain("canary");
      return isFailure(error) ? error.code : `no failure of ours: ${error}`;
    },
  );

/** What each connector, and Meta's sender, may call. */
const locks: readonly (readonly [string, readonly RegExp[]])[] = [
  ...[...connectors.values()].flatMap(({ manifest: { id, hosts } }) => [
    [`${id}'s API`, hosts.api] as const,
    [`${id}'s token endpoint`, hosts.token] as const,
  ]),
  ["Meta", [/^graph\.facebook\.com$/]],
];

/** Another customer's name at Salesforce: no address of the attacker's. */
const customerOf = (url: string): boolean => /^[a-z0-9-]+\.my\.salesforce\.com$/.test(URL.parse(url)?.host ?? "");

describe("T28: a host that somebody named", () => {
  test("is called only if it is the vendor's own: of more than 200 others none is ever connected to", async () => {
    expect(hostile.length).toBeGreaterThan(200);
    const { seen, port } = await serve((_request, response) => response.end("reached"));
    const connect = buildConnector({});
    const everywhere = new Agent({
      connect: (options, callback) =>
        connect({ ...options, protocol: "http:", hostname: "127.0.0.1", port: String(port) }, callback),
    });
    closing.push(() => everywhere.destroy());
    const reached: string[] = [];
    for (const [vendor, hosts] of locks) {
      const fetch = createFetch(everywhere, { hosts, ...limits });
      for (const url of hostile) {
        const code = await codeOf(fetch(get(url)));
        if (code !== "host_not_allowed" && !customerOf(url)) reached.push(`${vendor}: ${url} ${code}`);
      }
    }
    expect(reached).toEqual([]);
    expect(seen.hosts.filter((host) => !customerOf(`https://${host}/`))).toEqual([]);
  });

  test("is compared as a whole: every pattern of every connector begins and ends with the name", () => {
    const patterns = locks.flatMap(([, hosts]) => hosts).map(({ source, flags }) => `${source} ${flags}`);
    expect(patterns.length).toBeGreaterThan(4);
    expect(patterns.filter((pattern) => !/^\^.*\$ $/.test(pattern) || /[^\\]\|[^)]*$/.test(pattern))).toEqual([]);
  });
});

describe("T29: a vendor's name that leads into our own net", () => {
  test.each(addresses.map((address) => [address]))("is not followed to %s", async (address) => {
    const { seen } = await serve((_request, response) => response.end("reached"));
    const literal = new URL(`http://${address}/`).hostname.replace(/^\[(.*)\]$/, "$1");
    const agent = agentOf({ resolve: async () => [literal] });
    expect(
      await codeOf(createFetch(agent, { hosts: [/^api\.hubapi\.com$/], ...limits })(get("https://api.hubapi.com/"))),
    ).toBe("host_not_allowed");
    expect(seen.connections).toBe(0);
  });

  test("is not followed when only one of its addresses is there", async () => {
    const agent = agentOf({ resolve: async () => ["8.8.8.8", "10.0.0.1"] });
    const fetch = createFetch(agent, { hosts: [/^api\.hubapi\.com$/], ...limits });
    expect(await codeOf(fetch(get("https://api.hubapi.com/")))).toBe("host_not_allowed");
  });

  test("is not followed when the name server answers otherwise the second time: it is asked once per connection", async () => {
    const { port, seen: outside } = await serve((_request, response) => response.end("outside"), "127.0.0.2");
    const { seen: inside } = await serve((_request, response) => response.end("inside"), "127.0.0.1", port);
    const answers = ["127.0.0.2", "127.0.0.1"];
    let asked = 0;
    const resolve = async () => [answers[asked++] ?? "127.0.0.1"];
    const origin = `http://vendor.test:${port}`;
    // For once loopback's second address plays the public net.
    const agent = agentOf({ resolve, mayReach: (address) => address === "127.0.0.2" });
    const fetch = createFetch(agent, { hosts: [], trustedOrigins: [origin], ...limits });
    expect((await fetch(get(`${origin}/`))).text).toBe("outside");
    expect(asked).toBe(1);
    expect(outside.hosts).toEqual([`vendor.test:${port}`]);
    const second = agentOf({ resolve, mayReach: (address) => address === "127.0.0.2" });
    const again = createFetch(second, { hosts: [], trustedOrigins: [origin], ...limits });
    expect(await codeOf(again(get(`${origin}/`)))).toBe("host_not_allowed");
    expect(inside.connections).toBe(0);
  });

  test("may be what it says when it is on the public net", () => {
    for (const address of ["8.8.8.8", "104.16.1.1", "::ffff:8.8.8.8", "2606:4700::1111", "2a03:2880:f12f:83::1"])
      expect(isPublic(address), address).toBe(true);
  });
});

describe("T30: an address instead of a name", () => {
  test.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0.0.0.0", "[::1]"])(
    "is looked at like the address of a name, though nobody looks it up: https://%s",
    async (host) => {
      const { port, seen } = await serve((_request, response) => response.end("reached"));
      // The lock on hosts is out of the way, so that only the lock on addresses is left.
      const origin = new URL(`https://${host}:${port}`).origin;
      const fetch = createFetch(agentOf(), { hosts: [], trustedOrigins: [origin], ...limits });
      expect(await codeOf(fetch(get(`${origin}/`)))).toBe("host_not_allowed");
      expect(seen.connections).toBe(0);
    },
  );

  test("is looked at once more when the connection stands, before anything is asked", async () => {
    const { port, seen } = await serve((_request, response) => response.end("reached"));
    const origin = `http://vendor.test:${port}`;
    let looks = 0;
    const agent = agentOf({ resolve: async () => ["127.0.0.1"], mayReach: () => ++looks === 1 });
    const fetch = createFetch(agent, { hosts: [], trustedOrigins: [origin], ...limits });
    expect(await codeOf(fetch(get(`${origin}/`)))).toBe("host_not_allowed");
    expect(looks).toBe(2);
    expect(seen.asked).toBe(0);
  });

  test("of the sandbox is this machine's own and no other's", async () => {
    for (const host of ["10.0.0.1", "8.8.8.8"]) {
      const origin = `http://${host}:9`;
      const fetch = createFetch(agentOf(), { hosts: [], trustedOrigins: [origin], ...limits });
      expect(await codeOf(fetch(get(`${origin}/`)))).toBe("host_not_allowed");
    }
  });
});

test("T31: a redirect is an answer like any other, whatever it points to: nobody is asked a second time", async () => {
  const other = await serve((_request, response) => response.end("reached"));
  for (const status of [301, 302, 303, 307, 308])
    for (const location of [`${other.origin}/`, "http://169.254.169.254/latest/", "/again", "//evil.example/"]) {
      const vendor = await serve((_request, response) => response.writeHead(status, { location }).end());
      const fetch = createFetch(agentOf(), { hosts: [], trustedOrigins: [vendor.origin, other.origin], ...limits });
      expect((await fetch(get(`${vendor.origin}/`))).status).toBe(status);
      expect(vendor.seen.asked).toBe(1);
    }
  expect(other.seen.connections).toBe(0);
});

describe("T32: an answer that is a bomb", () => {
  const open = (origin: string, more: Partial<typeof limits> = {}): Fetch =>
    createFetch(agentOf(), { hosts: [], trustedOrigins: [origin], ...limits, ...more });

  test("of a million zeros, packed, is not unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(100_000_000));
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed),
    );
    const before = process.memoryUsage().rss;
    expect(await codeOf(open(origin)(get(`${origin}/`)))).toBe("network_no_answer");
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test("of a hundred thousand lists in one another is put away before anybody parses it", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const { origin } = await serve((_request, response) => response.end(deep));
    expect(await codeOf(open(origin)(get(`${origin}/`)))).toBe("network_no_answer");
  });

  test("with endless headers is hung up on", async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, "y".repeat(200)])));
      response.end();
    });
    expect(await codeOf(open(origin)(get(`${origin}/`)))).toBe("network_no_answer");
  });

  test("that comes byte by byte, or never ends, is over when its time or its size is", async () => {
    const { origin } = await serve((request, response) => {
      const drip = setInterval(() => response.write(request.url === "/fast" ? "x".repeat(50_000) : "x"), 5);
      response.on("close", () => clearInterval(drip));
    });
    expect(await codeOf(open(origin, { timeoutMs: 200 })(get(`${origin}/slow`)))).toBe("network_no_answer");
    expect(await codeOf(open(origin, { maxBytes: 200_000, timeoutMs: 60_000 })(get(`${origin}/fast`)))).toBe(
      "network_no_answer",
    );
  });
});

test("the depth of JSON is that of its lists and objects, whatever its texts hold", () => {
  for (const [text, depth] of [
    ["1", 0],
    ["[]", 1],
    ['{"a":[{"b":[]}]}', 4],
    ['["[[[[", "]]]]", "\\"[[["]', 1],
    ['["\\\\", [["\\\\\\""]]]', 3],
    ['["never closed [[[', 1],
    ["[][][]", 1],
  ] as const) {
    expect(deeperThan(text, depth), text).toBe(false);
    if (depth > 0) expect(deeperThan(text, depth - 1), text).toBe(true);
  }
});

test("T36: there is one way out, and whoever opens another is seen here", () => {
  const ways = /^(undici|(node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises))$/;
  const found = [...sources("core", "connectors", "server")]
    .filter(([file]) => !/^server\/(sandbox|console)\//.test(file))
    .filter(
      ([file, text]) =>
        imports(text).some((module) => ways.test(module) && !isTypeOnly(text, module)) ||
        // Our own way is called `fetch` too, wherever it is given as an argument.
        (/(?<![.\w])fetch\(`?\$?/.test(text) && !/\bfetch\b\s*[,}:]|const fetch\b/.test(text) && file !== ""),
    )
    .map(([file]) => file);
  expect(found.sort()).toEqual([
    "server/data-dir.ts", // asks our own health page
    "server/developers/examples.ts", // prints calls for others to make
    "server/door.ts", // listens
    "server/network/agent.ts",
    "server/network/transport.ts",
    "server/replay/push.ts", // a command of the operator's, to our own address
    "server/replay/target.ts", // the same
    "server/routes/sandbox.ts", // shows the sandbox's page
    "server/simulated.ts", // talks to the sandbox
    "server/store/embedded/launch.ts", // looks for a free port
  ]);
});

const isTypeOnly = (text: string, module: string): boolean =>
  new RegExp(`import type [^;]*from "${module}"`).test(text) &&
  !new RegExp(`import (?!type)[^;]*from "${module}"`).test(text);

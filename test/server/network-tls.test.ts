import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, getCACertificates, setDefaultCACertificates, type TlsOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import { readConfig } from "../../server/config.ts";
import { createAgent } from "../../server/network/agent.ts";
import { createFetch } from "../../server/network/transport.ts";
import { sources } from "../architecture/tree.ts";
import * as certificates from "./network-certificates.ts";

const closing: (() => Promise<unknown>)[] = [];
// The test's authority is believed, so that what is refused is refused for its own fault.
beforeAll(() => setDefaultCACertificates([certificates.authority]));
afterAll(() => setDefaultCACertificates(getCACertificates("bundled")));
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A vendor with this certificate, on loopback; gives the code that calling it fails with, and whether it heard a request. */
async function call(options: TlsOptions): Promise<{ code: string; heard: boolean }> {
  let heard = false;
  const server = createServer({ key: certificates.key, ...options }, (socket) => {
    socket.on("error", () => {}); // hung up on, as it should be
    socket.on("data", () => {
      heard = true;
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    });
  });
  server.on("tlsClientError", () => {}); // refused by us
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  // The lock on addresses is out of the way, so that only the certificate is left.
  const agent = createAgent({ resolve: async () => ["127.0.0.1"], mayReach: () => true });
  closing.push(async () => {
    await agent.destroy();
    server.close();
    await once(server, "close");
  });
  const origin = `https://api.vendor.test:${port}`;
  const fetch = createFetch(agent, { hosts: [], trustedOrigins: [origin], timeoutMs: 5_000, maxBytes: 1_000 });
  const code = await fetch({ method: "GET", url: `${origin}/`, headers: { authorization: "Bearer private" } }).then(
    () => "answered",
    (error: unknown) => (isFailure(error) ? error.code : `no failure of ours: ${error}`),
  );
  return { code, heard };
}

test.each([
  ["that signed itself", { cert: certificates.selfSigned }],
  ["that has expired", { cert: certificates.expired + certificates.authority }],
  ["of another host", { cert: certificates.ofAnotherHost + certificates.authority }],
  ["under TLS 1.1", { cert: certificates.good, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" }],
] as const)("T34: a vendor with a certificate %s hears nothing of us", async (_, options) => {
  const { code, heard } = await call(options);
  expect(["network_unreachable", "network_no_answer"]).toContain(code);
  expect(heard).toBe(false);
});

test("a vendor with a good certificate is heard and answers", async () => {
  expect(await call({ cert: certificates.good })).toEqual({ code: "answered", heard: true });
});

test("T34: no start believes every certificate, and no line of ours does", () => {
  expect(() => readConfig({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toThrow(
    expect.objectContaining({ code: "config_invalid" }),
  );
  const lax = /rejectUnauthorized\s*:\s*false|checkServerIdentity|TLSv1(\.1)?"/;
  const found = [...sources("core", "connectors", "server")].filter(([, text]) => lax.test(text)).map(([file]) => file);
  expect(found).toEqual(["server/mail/smtp-url.ts"]); // a mail relay on this machine; no vendor
});

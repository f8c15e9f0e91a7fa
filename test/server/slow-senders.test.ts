import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Front, openFront } from "./front.ts";

let front: Front;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

describe("T25: whoever sends slowly", () => {
  /** What the server answers to these bytes before it hangs up, and how long it waited. */
  async function patience(bytes: string): Promise<{ text: string; ms: number }> {
    const { hostname, port } = new URL(front.url);
    const socket = connect(Number(port), hostname);
    const from = Date.now();
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => {}); // hung up on, which is what is measured
    socket.write(bytes);
    await once(socket, "close");
    return { text, ms: Date.now() - from };
  }

  test("loses the connection after 10 s of headers, or 15 s of a body", { timeout: 30_000 }, async () => {
    const [headers, body] = await Promise.all([
      patience("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"),
      patience("POST /webhooks/hubspot HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"),
    ]);
    expect(headers.text).toMatch(/^HTTP\/1\.1 408 /);
    expect(headers.ms).toBeLessThan(12_500);
    expect(body.text).toMatch(/^HTTP\/1\.1 408 /);
    expect(body.ms).toBeLessThan(17_500);
  });

  test("and often keeps nobody else out: with 2,000 idle connections the health check is answered", async () => {
    const { hostname, port } = new URL(front.url);
    const sockets = Array.from({ length: 2_000 }, () => connect(Number(port), hostname));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    expect((await front.people.as("nobody")("/healthz")).status).toBe(200);
    // None had to go first.
    expect(sockets.filter(({ readyState }) => readyState === "open")).toHaveLength(sockets.length);
  });

  test("or sends two lengths, or both a length and chunks, is not understood", async () => {
    for (const lines of ["Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked"]) {
      const { text } = await patience(`POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n\r\n0\r\n\r\nGET /`);
      expect(text, lines).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});

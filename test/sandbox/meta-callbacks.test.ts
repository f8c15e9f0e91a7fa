import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { metaLogin } from "./meta-login-world.ts";
import { act, numbers } from "./meta-world.ts";

const here = metaLogin();
const { get, signed, login, debug } = here;

describe("The callbacks", () => {
  /** The app's side: what was posted, and an answer in JSON. */
  async function listen() {
    const bodies: URLSearchParams[] = [];
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request.setEncoding("utf8")) text += part;
      bodies.push(new URLSearchParams(text));
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"url":"https://x.example","confirmation_code":"c"}');
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    });
    return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
  }
  function open(body: URLSearchParams | undefined): Record<string, unknown> {
    const [signature, payload = ""] = (body?.get("signed_request") ?? "").split(".");
    expect(signature).toBe(createHmac("sha256", here.app.appSecret).update(payload).digest("base64url"));
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  }

  test("tell of an app that was removed, signed, and its tokens are dead", async () => {
    const [{ bodies, url }, token] = [await listen(), await login(here.world.businesses[1])];
    const { user_id } = await debug(token);
    const sent = await act<{ userId: string; status: number }>(here.sandbox, "deauthorize", { url, token });
    expect(sent).toMatchObject({ userId: user_id, status: 200 });
    expect(open(bodies[0])).toMatchObject({ algorithm: "HMAC-SHA256", issued_at: here.clock.at / 1000, user_id });
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 458]);
  });

  test("tell of a person who wants their data deleted, and give back what the app answered", async () => {
    const { bodies, url } = await listen();
    const sent = await act(here.sandbox, "dataDeletion", { url, userId: "218471" });
    expect(sent).toMatchObject({ userId: "218471", answer: { url: "https://x.example", confirmation_code: "c" } });
    expect(open(bodies[0])).toMatchObject({ user_id: "218471" });
  });

  test("can be had without being sent, with claims of one's own", async () => {
    const { signedRequest } = await act<{ signedRequest: string }>(here.sandbox, "signedRequest", {
      userId: "1",
      claims: { algorithm: "none" },
    });
    expect(open(new URLSearchParams({ signed_request: signedRequest }))).toMatchObject({
      algorithm: "none",
      user_id: "1",
    });
  });
});

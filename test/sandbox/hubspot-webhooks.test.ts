import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { signatureV1, signatureV3 } from "../../server/sandbox/hubspot/signature.ts";
import { type Credentials, type Hubspot, openHubspot } from "./hubspot-port.ts";

interface Event {
  subscriptionType: string;
  objectId: number;
  objectTypeId?: string;
  propertyName?: string;
  propertyValue?: string;
  attemptNumber: number;
  occurredAt: number;
  portalId: number;
}
interface Delivery {
  headers: IncomingHttpHeaders;
  text: string;
  events: Event[];
}

/** The app's side: notes each delivery and answers as told. */
async function listen() {
  const deliveries: Delivery[] = [];
  const answers: number[] = [];
  const flow = { open: 0, most: 0, gate: Promise.resolve() };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    request.on("end", async () => {
      flow.open += 1;
      flow.most = Math.max(flow.most, flow.open);
      deliveries.push({ headers: request.headers, text, events: JSON.parse(text) as Event[] });
      await flow.gate;
      flow.open -= 1;
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?a=b%2Fc%20d`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { deliveries, answers, flow, url, close, events: () => deliveries.flatMap(({ events }) => events) };
}

describe("the webhooks", () => {
  let hubspot: Hubspot;
  let app: Awaited<ReturnType<typeof listen>>;
  const within = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 20 });
  const settled = () =>
    vi.waitFor(async () => expect(await hubspot.act("webhooks")).toEqual({ waiting: 0 }), { timeout: 5000 });
  beforeEach(async () => {
    [hubspot, app] = await Promise.all([openHubspot(), listen()]);
    await hubspot.act("subscribe", { targetUrl: app.url });
  });
  afterEach(async () => {
    await hubspot.close();
    await app.close();
  });

  test("tell of creations and stage changes in signed arrays", async () => {
    const { id } = await hubspot.act<{ id: string }>("create", { object: "deal" });
    await hubspot.act("move", { object: "deal", id, stage: "site-visit" });
    await settled();
    const granted = await hubspot.act<Credentials>("grant");
    const ours = app.events().filter(({ objectId }) => objectId === Number(id));
    const kinds = ours.map(
      (event) => `${event.subscriptionType} ${event.propertyName ?? ""} ${event.propertyValue ?? ""}`,
    );
    expect(new Set(kinds)).toEqual(
      new Set([
        "object.creation  ",
        "object.propertyChange pipeline default",
        "object.propertyChange dealstage appointmentscheduled",
        "object.propertyChange pipeline 75118022",
        "object.propertyChange dealstage site-visit",
        "object.associationChange  ",
      ]),
    );
    expect(ours[0]).toMatchObject({ objectTypeId: "0-3", portalId: Number(granted.accountId), attemptNumber: 0 });
    for (const { headers, text } of app.deliveries) {
      const timestamp = String(headers["x-hubspot-request-timestamp"]);
      const request = { method: "POST", uri: app.url.replace("%2F", "/"), body: text, timestamp };
      expect(headers["x-hubspot-signature-v3"]).toBe(signatureV3(granted.clientSecret, request));
      expect(headers["x-hubspot-signature"]).toBe(signatureV1(granted.clientSecret, text));
      expect(headers["x-hubspot-signature-version"]).toBe("v1");
      expect(Math.abs(Date.now() - Number(timestamp))).toBeLessThan(10_000);
    }
  });

  test("come again with a fresh timestamp and a higher attempt number after an error", async () => {
    app.answers.push(500);
    await hubspot.act("create", { stage: "lead" });
    await within(() => expect(app.deliveries.length).toBeGreaterThanOrEqual(2));
    await settled();
    const [first, second] = app.deliveries;
    expect(first?.events.every(({ attemptNumber }) => attemptNumber === 0)).toBe(true);
    expect(second?.events.some(({ attemptNumber }) => attemptNumber === 1)).toBe(true);
    expect(Number(second?.headers["x-hubspot-request-timestamp"])).toBeGreaterThan(
      Number(first?.headers["x-hubspot-request-timestamp"]),
    );
  });

  test("come in arrays of at most 100, out of order, now and then doubled", async () => {
    const { ids } = await hubspot.act<{ ids: string[] }>("bulk", { object: "lead", count: 300 });
    await settled();
    expect(app.deliveries.every(({ events }) => events.length <= 100)).toBe(true);
    const created = app
      .events()
      .filter(({ subscriptionType }) => subscriptionType === "object.creation")
      .map(({ objectId }) => String(objectId));
    expect(new Set(created)).toEqual(new Set(ids));
    expect([...new Set(created)]).not.toEqual(ids);
    const keys = app.events().map((event) => JSON.stringify(event));
    expect(keys.length).toBeGreaterThan(new Set(keys).size);
  });

  test("keep ten requests in flight and no more", async () => {
    const gate = Promise.withResolvers<void>();
    app.flow.gate = gate.promise;
    await hubspot.act("bulk", { object: "lead", count: 600 });
    await within(() => expect(app.flow.open).toBe(10));
    gate.resolve();
    await settled();
    expect(app.flow.most).toBe(10);
    expect(app.deliveries.length).toBeGreaterThan(10);
  });

  test("tell of a privacy deletion twice, of a deletion once, of a touch never", async () => {
    const [one, two] = [await hubspot.act<{ id: string }>("create"), await hubspot.act<{ id: string }>("create")];
    await settled();
    app.deliveries.length = 0;
    await hubspot.act("touch", { id: one.id });
    await hubspot.act("delete", { id: one.id, privacy: true });
    await hubspot.act("delete", { id: two.id });
    await settled();
    const kinds = new Set(app.events().map((event) => `${event.objectId} ${event.subscriptionType}`));
    expect(kinds).toEqual(
      new Set([`${one.id} contact.privacyDeletion`, `${one.id} object.deletion`, `${two.id} object.deletion`]),
    );
  });

  test("survive a restart while nobody listens", async () => {
    await hubspot.act("subscribe", { targetUrl: "http://127.0.0.1:9/nobody" });
    const { id } = await hubspot.act<{ id: string }>("create", { object: "lead" });
    await hubspot.act("subscribe", { targetUrl: app.url });
    hubspot.restart();
    await within(() => expect(app.events().some(({ objectId }) => objectId === Number(id))).toBe(true));
  });

  test("stay silent about what no install was granted, and after the subscription ended", async () => {
    await hubspot.act("revoke");
    await hubspot.connect(["oauth", "crm.objects.contacts.read"]);
    await hubspot.act("create", { object: "deal" });
    await settled();
    expect(app.events().length).toBeGreaterThan(0);
    expect(app.events().every(({ objectTypeId }) => objectTypeId === "0-1")).toBe(true);
    await hubspot.act("subscribe", { targetUrl: null });
    await hubspot.act("create");
    expect(await hubspot.act("webhooks")).toEqual({ waiting: 0 });
  });
});

describe("the signatures are HubSpot's", () => {
  const secret = "test-client-secret-0001";
  const timestamp = "1795334400000";
  const uri = "https://hooks.example.com/webhooks/hubspot";
  const body =
    '[{"eventId":4100000001,"subscriptionId":5100001,"portalId":12345678,"appId":7100001,"occurredAt":1795334399000,"subscriptionType":"deal.propertyChange","attemptNumber":0,"objectId":901,"propertyName":"dealstage","propertyValue":"closedwon","changeSource":"CRM_UI","sourceId":"userId:864745280"}]';
  const v3 = (of: { uri?: string; body: string }) => signatureV3(secret, { method: "POST", uri, timestamp, ...of });

  test("v1 and v3 of a plain request", () => {
    expect(signatureV1(secret, body)).toBe("15ba24a7a4a162f4d1efbacece600bf0b3c912804b4b910dc5dc35ebfcf9a31c");
    expect(v3({ body })).toBe("eyRws0Tx/UVdZL6ripI1GnEBQ7hgo3Lv9DuvoSvM93E=");
  });
  test("v3 of a body beyond ASCII", () => {
    expect(v3({ body: '[{"eventId":1,"propertyValue":"Zoë ☕"}]' })).toBe(
      "/ONrAf4y7249HsHc4hvMBgsyHSSBmkv2MkGJo0aNeJg=",
    );
  });
  test("v3 decodes only the documented escapes of the address", () => {
    expect(v3({ uri: `${uri}?tenant=a%3Ab%2Fc&x=%28d%29%20e`, body: "[]" })).toBe(
      "4WW8JyZgi7/3OGaX0/RnroZhmyc/ssqDlhjShl5oG8A=",
    );
  });
  test("v3 of the vendor's own example", () => {
    const request = {
      method: "POST",
      uri: "https://www.example.com/webhook_uri",
      body: "{'example_field':'example_value'}",
    };
    expect(signatureV3("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy", { ...request, timestamp: "1693657560000" })).toBe(
      "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    );
  });
});

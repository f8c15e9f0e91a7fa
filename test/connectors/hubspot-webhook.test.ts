import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { verify } from "../../connectors/hubspot/webhook.ts";
import { isFailure } from "../../core/errors.ts";

/** Vectors computed with, and equal to, HubSpot's own `Signature.getSignature`. */
const secret = "test-client-secret-0001";
const url = "https://hooks.example.com/webhooks/hubspot";
const timestamp = "1795334400000";
const body =
  '[{"eventId":4100000001,"subscriptionId":5100001,"portalId":12345678,"appId":7100001,"occurredAt":1795334399000,"subscriptionType":"deal.propertyChange","attemptNumber":0,"objectId":901,"propertyName":"dealstage","propertyValue":"closedwon","changeSource":"CRM_UI","sourceId":"userId:864745280"}]';
const signature = "eyRws0Tx/UVdZL6ripI1GnEBQ7hgo3Lv9DuvoSvM93E=";

const request = (
  change: { url?: string; signature?: string; timestamp?: string; body?: string; ageMs?: number } = {},
) => ({
  method: "POST",
  url: change.url ?? url,
  headers: {
    "x-hubspot-signature-v3": change.signature ?? signature,
    "x-hubspot-request-timestamp": change.timestamp ?? timestamp,
  },
  body: Buffer.from(change.body ?? body),
  receivedAt: new Date(Number(timestamp) + (change.ageMs ?? 0)),
});
const refused = (change: Parameters<typeof request>[0], secrets = [secret]) => {
  try {
    verify(request(change), secrets);
    return false;
  } catch (error) {
    return isFailure(error, "signature_invalid");
  }
};
/** A delivery of these notifications, signed as HubSpot signs. */
const delivery = (notifications: unknown) => {
  const text = typeof notifications === "string" ? notifications : JSON.stringify(notifications);
  const signed = createHmac("sha256", secret).update(`POST${url}${text}${timestamp}`).digest("base64");
  return request({ body: text, signature: signed });
};

test("a delivery signed by HubSpot rings for its record", () => {
  expect(verify(request(), [secret])).toEqual([{ accountId: "12345678", record: { object: "deal", id: "901" } }]);
});

test("the previous secret is accepted beside the current one, others are not", () => {
  expect(verify(request(), ["newer", secret])).toHaveLength(1);
  expect(refused({}, ["newer"])).toBe(true);
  expect(refused({}, [])).toBe(true);
});

test("bytes beyond ASCII are signed as they are sent", () => {
  const sent = request({
    body: '[{"eventId":1,"propertyValue":"Zoë ☕"}]',
    signature: "/ONrAf4y7249HsHc4hvMBgsyHSSBmkv2MkGJo0aNeJg=",
  });
  expect(verify(sent, [secret])).toEqual([]);
});

test("the address is signed with HubSpot's own characters decoded and no others", () => {
  const withQuery = { url: `${url}?tenant=a%3Ab%2Fc&x=%28d%29%20e`, body: "[]" };
  expect(
    verify(request({ ...withQuery, signature: "4WW8JyZgi7/3OGaX0/RnroZhmyc/ssqDlhjShl5oG8A=" }), [secret]),
  ).toEqual([]);
  expect(refused({ ...withQuery, signature: "I6lw3tNWGEebLfybAZQsAzXvaHmp2nns1w0vZ7WPG8s=" })).toBe(true);
  expect(refused({ ...withQuery, signature: "pemUzjfpTJgchde/AFs2+8wmAsbjefAMT+5O8krCLgg=" })).toBe(true);
});

test("HubSpot's published example is accepted", () => {
  const example = {
    method: "POST",
    url: "https://www.example.com/webhook_uri",
    headers: {
      "x-hubspot-signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
      "x-hubspot-request-timestamp": "1693657560000",
    },
    body: Buffer.from("{'example_field':'example_value'}"),
    receivedAt: new Date(1693657560000),
  };
  // Its body is no JSON: past the signature, refused as input.
  expect(() => verify(example, ["yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"])).toThrow(/not valid/);
});

test("five minutes in either direction pass, a millisecond more does not", () => {
  for (const ageMs of [300_000, -300_000]) expect(refused({ ageMs }), `${ageMs}`).toBe(false);
  for (const ageMs of [300_001, -300_001]) expect(refused({ ageMs }), `${ageMs}`).toBe(true);
});

test("a changed body, signature or timestamp is refused", () => {
  for (const change of [
    { body: body.replace("901", "902") },
    { body: `${body} ` },
    { signature: signature.replace("e", "f") },
    { signature: "" },
    { signature: "15ba24a7a4a162f4d1efbacece600bf0b3c912804b4b910dc5dc35ebfcf9a31c" }, // the v1 signature of this body
    { timestamp: "1795334400001" },
    { timestamp: "" },
    { timestamp: "not-a-number1" },
    { timestamp: "0x1a2046ee100" },
    { url: `${url}/` },
  ])
    expect(refused(change), JSON.stringify(change)).toBe(true);
});

test("notifications about one record ring once, and other records each", () => {
  const deal = { portalId: 1, objectId: 9, subscriptionType: "object.propertyChange", objectTypeId: "0-3" };
  const rings = verify(
    delivery([
      { ...deal, propertyName: "dealstage" },
      { ...deal, propertyName: "pipeline" },
      { ...deal, subscriptionType: "object.creation" },
      { ...deal, objectId: 10, propertyName: "dealstage" },
      { ...deal, portalId: 2, propertyName: "dealstage" },
    ]),
    [secret],
  );
  expect(rings.map(({ accountId, record }) => `${accountId} ${record?.object} ${record?.id}`)).toEqual([
    "1 deal 9",
    "1 deal 10",
    "2 deal 9",
  ]);
});

test("each kind of record and of notification finds its records", () => {
  const rung = (notification: object) =>
    verify(delivery([{ portalId: 1, ...notification }]), [secret]).map(
      ({ record }) => `${record?.object} ${record?.id}`,
    );
  const change = "object.propertyChange";
  expect(rung({ subscriptionType: change, objectTypeId: "0-1", objectId: 5, propertyName: "lifecyclestage" })).toEqual([
    "contact 5",
  ]);
  expect(
    rung({ subscriptionType: change, objectTypeId: "0-136", objectId: 6, propertyName: "hs_pipeline_stage" }),
  ).toEqual(["lead 6"]);
  expect(rung({ eventType: "contact.privacyDeletion", objectId: 7 })).toEqual(["contact 7"]);
  expect(rung({ subscriptionType: "deal.deletion", objectId: 8 })).toEqual(["deal 8"]);
  expect(
    rung({
      subscriptionType: "contact.merge",
      objectId: 3,
      primaryObjectId: 1,
      mergedObjectIds: [2, "4"],
      newObjectId: 3,
    }),
  ).toEqual(["contact 3", "contact 1", "contact 2", "contact 4"]);
  expect(
    rung({
      subscriptionType: "deal.associationChange",
      associationType: "DEAL_TO_CONTACT",
      fromObjectId: 11,
      toObjectId: 12,
    }),
  ).toEqual(["deal 11"]);
});

test("what is none of ours is answered with no ring", () => {
  for (const notification of [
    { subscriptionType: "company.propertyChange", objectId: 1, propertyName: "name" },
    { subscriptionType: "object.propertyChange", objectTypeId: "2-77", objectId: 1, propertyName: "hs_pipeline_stage" },
    { subscriptionType: "deal.propertyChange", objectId: 1, propertyName: "amount" },
    { subscriptionType: "conversation.newMessage", objectId: 1 },
    { subscriptionType: "object.somethingNew", objectTypeId: "0-3", objectId: 1 },
    { subscriptionType: "deal.creation" },
    { subscriptionType: "deal.creation", objectId: "1; drop" },
    "text",
    null,
  ])
    expect(
      verify(delivery([typeof notification === "object" ? { portalId: 1, ...notification } : notification]), [secret]),
    ).toEqual([]);
});

test("ids beyond the doubles survive digit by digit", () => {
  const rings = verify(delivery('[{"portalId":1,"objectId":9007199254740993,"subscriptionType":"deal.creation"}]'), [
    secret,
  ]);
  expect(rings[0]?.record?.id).toBe("9007199254740993");
});

test("a signed body that is no list of notifications is refused as input", () => {
  for (const text of ["{}", "nonsense", ""]) expect(() => verify(delivery(text), [secret])).toThrow(/not valid/);
});

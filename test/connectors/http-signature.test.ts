import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { ingestKeyHash, verifyBearer, verifySignature } from "../../connectors/http/signature.ts";
import { isFailure } from "../../core/errors.ts";

const current = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const previous = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const foreign = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const now = new Date("2026-11-23T12:00:00Z");
const body = Buffer.from('{"record_id":"ü"}');

/** Signs as the standard's own library does. */
const signed = (secret: string, at = now, id = "msg_1", text = body) => ({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
  "webhook-signature": new Webhook(secret).sign(id, at, text),
});
const refused = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return isFailure(error, "signature_invalid");
  }
  return false;
};
const verify = (
  headers: Readonly<Record<string, string | undefined>>,
  secrets = [current, previous],
  text: Uint8Array = body,
) => verifySignature(headers, text, secrets, now);

test("What the Standard Webhooks library signs with the current or the previous secret is taken", () => {
  expect(verify(signed(current))).toBe("msg_1");
  expect(verify(signed(previous))).toBe("msg_1");
});

test("One fitting signature among several is enough, whatever its place", () => {
  const headers = signed(current);
  const other = signed(foreign)["webhook-signature"];
  const own = headers["webhook-signature"];
  for (const list of [`${other} ${own}`, `${own} ${other}`, `v1a,xxxx ${own}`, ` ${own}`])
    expect(verify({ ...headers, "webhook-signature": list })).toBe("msg_1");
});

test("The clock may be 5 minutes off, not more, in either direction", () => {
  for (const minutes of [-5, 5])
    expect(verify(signed(current, new Date(now.getTime() + minutes * 60_000)))).toBe("msg_1");
  for (const minutes of [-5.02, 5.02, 6])
    expect(refused(() => verify(signed(current, new Date(now.getTime() + minutes * 60_000))))).toBe(true);
});

describe("It is refused with", () => {
  const headers = signed(current);
  test.each<[string, () => unknown]>([
    ["a foreign secret", () => verify(signed(foreign))],
    ["another body", () => verify(headers, [current], Buffer.from('{"record_id": "ü"}'))],
    ["another id", () => verify({ ...headers, "webhook-id": "msg_2" })],
    [
      "another time",
      () => verify({ ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }),
    ],
    ["a time with a tail", () => verify({ ...headers, "webhook-timestamp": `${headers["webhook-timestamp"]}x` })],
    ["a dot in the id", () => verify(signed(current, now, "msg.1"))],
    ["no id", () => verify({ ...headers, "webhook-id": undefined })],
    ["no time", () => verify({ ...headers, "webhook-timestamp": undefined })],
    ["no signature", () => verify({ ...headers, "webhook-signature": undefined })],
    ["an empty signature", () => verify({ ...headers, "webhook-signature": "v1," })],
    [
      "another version",
      () => verify({ ...headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,") }),
    ],
    ["no secret of ours", () => verify(headers, [])],
  ])("%s", (_, action) => {
    expect(refused(action)).toBe(true);
  });

  test("an empty secret, which anybody could sign with, as a fault of the configuration", () => {
    expect(() => verify(headers, ["whsec_"])).toThrow("signing secret too short");
  });
});

test("A bearer key is compared with the stored hashes of the current and the previous key", () => {
  const hashes = [ingestKeyHash("key-new"), ingestKeyHash("key-old")];
  verifyBearer("Bearer key-new", hashes);
  verifyBearer("bearer key-old", hashes);
  for (const header of [undefined, "", "Bearer ", "Bearer key", "Basic key-new", "Bearer key-new x", hashes[0]])
    expect(refused(() => verifyBearer(header, hashes))).toBe(true);
  expect(refused(() => verifyBearer("Bearer ", [ingestKeyHash("")]))).toBe(true);
});

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../server/sandbox/start.ts";
import { act, call, event, type Granted, NOW, numbers, received, send, startMeta } from "./meta-world.ts";

const GOOD = { data: [event()] };
const get = (sandbox: Sandbox, path: string) => call(`${sandbox.meta}${path}`, { method: "GET" });

describe("A token", () => {
  test("of Meta's form is granted with a dataset, and works as header, query and body parameter", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    expect(granted.token).toMatch(/^EAA[A-Za-z0-9]{180,}$/);
    expect(granted.datasetId).toMatch(/^\d{15,16}$/);
    const url = `${sandbox.meta}/v26.0/${granted.datasetId}/events`;
    const headers = { "content-type": "application/json" };
    const query = await call(`${url}?access_token=${granted.token}`, {
      method: "POST",
      headers,
      body: JSON.stringify(GOOD),
    });
    const body = JSON.stringify({ ...GOOD, access_token: granted.token });
    expect(query.status).toBe(200);
    expect((await call(url, { method: "POST", headers, body })).status).toBe(200);
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
  });

  test("that is missing, malformed or unknown is refused, each in its own way", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const unknown = `${granted.token.slice(0, -4)}AAAA`;
    expect(numbers(await send(sandbox, { ...granted, token: "" }, GOOD))).toEqual([400, 2500, undefined]);
    expect(numbers(await send(sandbox, { ...granted, token: "nonsense" }, GOOD))).toEqual([401, 190, undefined]);
    expect(numbers(await send(sandbox, { ...granted, token: unknown }, GOOD))).toEqual([400, 190, undefined]);
  });

  test("dies by revocation or expiry, comes back, and a new one works beside a dead one", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "revoke");
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 190, 458]);
    await act(sandbox, "expire", { token: granted.token });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 190, 463]);
    const fresh = await act<Granted>(sandbox, "grant", { datasetId: granted.datasetId });
    expect(fresh.datasetId).toBe(granted.datasetId);
    expect((await send(sandbox, fresh, GOOD)).status).toBe(200);
    expect((await send(sandbox, granted, GOOD)).status).toBe(400);
    await act(sandbox, "restore");
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
  });

  test("does not reach another dataset, nor one whose permission was taken", async () => {
    const sandbox = await startMeta();
    const [mine, other] = [await act<Granted>(sandbox, "grant"), await act<Granted>(sandbox, "grant")];
    expect(other.datasetId).not.toBe(mine.datasetId);
    expect(numbers(await send(sandbox, { ...mine, datasetId: other.datasetId }, GOOD))).toEqual([400, 100, 33]);
    expect(numbers(await send(sandbox, { ...mine, datasetId: "999999999999999" }, GOOD))).toEqual([400, 100, 33]);
    await act(sandbox, "forbid", { datasetId: mine.datasetId });
    expect(numbers(await send(sandbox, mine, GOOD))).toEqual([403, 200, undefined]);
    await act(sandbox, "permit", { datasetId: mine.datasetId });
    expect((await send(sandbox, mine, GOOD)).status).toBe(200);
  });

  test("is checked before the body, so that its trouble never looks like an event's", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "revoke");
    expect(numbers(await send(sandbox, granted, "{"))).toEqual([400, 190, 458]);
  });
});

describe("The app secret proof", () => {
  const proofOf = ({ token, appSecret }: Granted) => createHmac("sha256", appSecret).update(token).digest("hex");

  test("is checked when sent", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    expect((await send(sandbox, granted, { ...GOOD, appsecret_proof: proofOf(granted) })).status).toBe(200);
    const wrong = proofOf({ ...granted, appSecret: "another" });
    expect(numbers(await send(sandbox, granted, { ...GOOD, appsecret_proof: wrong }))).toEqual([400, 104, undefined]);
  });

  test("is demanded for a token of an app that asks for it", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant", { appSecret: true });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 104, undefined]);
    expect((await send(sandbox, granted, { ...GOOD, appsecret_proof: proofOf(granted) })).status).toBe(200);
  });
});

describe("The version in the path", () => {
  test("may be any that Meta serves, none that it never published, and 2635 when retired", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    expect((await send(sandbox, granted, GOOD, "v21.0")).status).toBe(200);
    expect(numbers(await send(sandbox, granted, GOOD, "v27.0"))).toEqual([400, 2500, undefined]);
    expect(numbers(await send(sandbox, granted, GOOD, "v20.0"))).toEqual([400, 2635, undefined]);
    await act(sandbox, "retire", { version: "v26.0" });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 2635, undefined]);
    await act(sandbox, "retire");
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
  });
});

describe("What can be read", () => {
  test("is the dataset with the fields asked for, and last_fired_time once something came", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant", { name: "Leads of the shop" });
    const path = `/v26.0/${granted.datasetId}?fields=id,name,is_crm,last_fired_time&access_token=${granted.token}`;
    const empty = { id: granted.datasetId, name: "Leads of the shop", is_crm: true };
    expect((await get(sandbox, path)).body).toEqual(empty);
    await send(sandbox, granted, GOOD);
    expect((await get(sandbox, path)).body).toEqual({ ...empty, last_fired_time: "2026-11-22T12:00:00+0000" });
    const unknown = `/v26.0/${granted.datasetId}?fields=secret&access_token=${granted.token}`;
    expect(numbers(await get(sandbox, unknown))).toEqual([400, 100, undefined]);
  });

  test("is whose token it is, and what it may, also for a dead one", async () => {
    const sandbox = await startMeta();
    const { token, appId, appSecret, datasetId } = await act<Granted>(sandbox, "grant");
    expect((await get(sandbox, `/me?access_token=${token}`)).body).toMatchObject({
      id: expect.stringMatching(/^\d{15}$/),
    });
    expect(numbers(await get(sandbox, "/v26.0/me"))).toEqual([400, 2500, undefined]);
    const path = `/v26.0/debug_token?input_token=${token}&access_token=${appId}|${appSecret}`;
    const scope = { scope: "ads_management", target_ids: [datasetId] };
    expect((await get(sandbox, path)).body).toMatchObject({
      data: { app_id: appId, is_valid: true, expires_at: 0, issued_at: NOW.getTime() / 1000 },
    });
    expect((await get(sandbox, path)).body.data).toHaveProperty("granular_scopes", expect.arrayContaining([scope]));
    await act(sandbox, "revoke");
    expect((await get(sandbox, path)).body).toMatchObject({
      data: { is_valid: false, error: { code: 190, subcode: 458 } },
    });
    expect(numbers(await get(sandbox, path.replace(appSecret, "wrong")))).toEqual([401, 190, undefined]);
  });

  test("is nothing at a path Meta does not have", async () => {
    const sandbox = await startMeta();
    expect(numbers(await get(sandbox, "/v26.0/1/2/3"))).toEqual([400, 2500, undefined]);
  });
});

test("Nothing that was refused for its access is stored", async () => {
  const sandbox = await startMeta();
  const granted = await act<Granted>(sandbox, "grant", { appSecret: true });
  await send(sandbox, granted, GOOD);
  await act(sandbox, "forbid", { datasetId: granted.datasetId });
  await send(sandbox, granted, GOOD);
  expect((await received(sandbox)).events).toEqual([]);
});

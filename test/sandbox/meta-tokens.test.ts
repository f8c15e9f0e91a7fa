import { describe, expect, test } from "vitest";
import { DAY_S, metaLogin } from "./meta-login-world.ts";
import { act, call, event, numbers, send } from "./meta-world.ts";

const here = metaLogin();
const { get, signed, login, post, debug, ids, personToken } = here;

describe("A business's datasets", () => {
  test("are listed with what may be done with them: owned ones, those lent by others, and only those shared with us", async () => {
    const [business, other] = here.world.businesses;
    const token = await login(business);
    const fields = "id,name,is_crm,permitted_tasks,owner_business";
    const owned = await get(`${business.id}/owned_pixels`, { fields, ...signed(token) });
    const lent = await get(`${business.id}/client_pixels`, { fields, ...signed(token) });
    expect(owned.body.data).toMatchObject([
      { is_crm: true, permitted_tasks: expect.arrayContaining(["UPLOAD"]), owner_business: { id: business.id } },
      { is_crm: false },
    ]);
    expect(lent.body.data).toMatchObject([{ is_crm: true, permitted_tasks: ["ANALYZE"] }]);
    const few = await login(business, [String(business.datasets[0]?.id)]);
    expect(ids(await get(`${business.id}/adspixels`, signed(few)))).toEqual([business.datasets[0]?.id]);
    expect(numbers(await get(`${other.id}/owned_pixels`, signed(token)))).toEqual([400, 100, 33]);
    expect((await get(business.id, { fields: "name", ...signed(token) })).body).toEqual({
      id: business.id,
      name: business.name,
    });
  });

  test("come in pages, whose next address holds the token", async () => {
    const [business] = here.world.businesses;
    const token = await login(business);
    const first = await get(`${business.id}/adspixels`, { limit: "2", ...signed(token) });
    const { cursors, next } = first.body.paging as { cursors: { after: string }; next: string };
    expect(new URL(next).searchParams.get("access_token")).toBe(token);
    const last = await get(`${business.id}/adspixels`, { limit: "2", after: cursors.after, ...signed(token) });
    expect(last.body.paging).not.toHaveProperty("next");
    expect([...ids(first), ...ids(last)]).toEqual(business.datasets.map(({ id }) => id));
  });

  test("take events where that is permitted, and refuse them with 200 where there is only looking", async () => {
    const [business] = here.world.businesses;
    const token = await login(business);
    const [crm, , agency] = business.datasets;
    const body = { data: [event({ event_time: here.clock.at / 1000 - 60 })], ...signed(token) };
    const to = (datasetId = "") => send(here.sandbox, { ...here.app, datasetId, token }, body);
    expect((await to(crm?.id)).status).toBe(200);
    expect(numbers(await to(agency?.id))).toEqual([403, 200, undefined]);
    expect((await get(String(agency?.id), { fields: "name,is_crm", ...signed(token) })).status).toBe(200);
  });

  test("can be added to: a new CRM dataset takes events of the same system user at once", async () => {
    const [business] = here.world.businesses;
    const token = await login(business, []);
    const made = await post(`${business.id}/adspixels`, token, { name: "Our stages", is_crm: "true" });
    const id = String(made.body.id);
    expect((await get(id, { fields: "name,is_crm", ...signed(token) })).body).toEqual({
      id,
      name: "Our stages",
      is_crm: true,
    });
    const body = { data: [event({ event_time: here.clock.at / 1000 - 60 })], ...signed(token) };
    expect((await send(here.sandbox, { ...here.app, datasetId: id, token }, body)).status).toBe(200);
    expect(numbers(await post(`${business.id}/adspixels`, token))).toEqual([400, 100, undefined]);
  });
});

describe("The business's token", () => {
  test("is fetched again, or made anew for some of the assets and for 60 days, by nobody but the system user", async () => {
    const [business] = here.world.businesses;
    const token = await login(business);
    const path = `${business.id}/system_user_access_tokens`;
    expect((await post(path, token, { fetch_only: "true" })).body).toEqual({ access_token: token });
    const [crm] = business.datasets;
    const choice = { asset: JSON.stringify([crm?.id]), scope: "ads_read", set_token_expires_in_60_days: "true" };
    const made = String((await post(path, token, choice)).body.access_token);
    expect(made).not.toBe(token);
    expect(await debug(made)).toMatchObject({
      scopes: ["ads_read"],
      granular_scopes: [{ scope: "ads_read", target_ids: [crm?.id] }],
      expires_at: here.clock.at / 1000 + 60 * DAY_S,
    });
    const [foreign] = here.world.businesses[1].datasets;
    expect(numbers(await post(path, token, { asset: `["${foreign?.id}"]` }))).toEqual([400, 100, 33]);
    expect(numbers(await post(path, await personToken()))).toEqual([403, 200, undefined]);
    expect(numbers(await post(path, made))).toEqual([403, 10, undefined]); // it has no business_management
  });

  test("must be signed with the app's secret in every call", async () => {
    const token = await login(here.world.businesses[0]);
    expect(numbers(await get("me", { access_token: token }))).toEqual([400, 104, undefined]);
    const wrong = { access_token: token, appsecret_proof: "0".repeat(64) };
    expect(numbers(await get("me", wrong))).toEqual([400, 104, undefined]);
  });

  test("dies with 190/458 when the app gives it back, and every other of the same system user with it", async () => {
    const [mine, other] = here.world.businesses;
    const tokens = [await login(mine), await login(mine)];
    const theirs = await login(other);
    const gone = await call(
      `${here.sandbox.meta}/v26.0/me/permissions?${new URLSearchParams(signed(String(tokens[0])))}`,
      {
        method: "DELETE",
      },
    );
    expect(gone.body).toEqual({ success: true });
    for (const token of tokens) expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 458]);
    expect((await get("me", signed(theirs))).status).toBe(200);
  });

  test("ends when the back door says so", async () => {
    const token = await login(here.world.businesses[0]);
    await act(here.sandbox, "lifetime", { token, days: 10 });
    expect((await debug(token)).expires_at).toBe(here.clock.at / 1000 + 10 * DAY_S);
    here.clock.at += 10 * DAY_S * 1000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
    await act(here.sandbox, "lifetime", { token, days: null });
    expect((await get("me", signed(token))).status).toBe(200);
  });
});

describe("A token from Events Manager", () => {
  test("may be good for sending and for nothing else, save to be asked about", async () => {
    const granted = await act<{ datasetId: string; token: string; appSecret: string; appId: string }>(
      here.sandbox,
      "grant",
      { postOnly: true },
    );
    const good = { data: [event({ event_time: here.clock.at / 1000 - 60 })] };
    expect((await send(here.sandbox, granted, good)).status).toBe(200);
    const { datasetId, token } = granted;
    expect(numbers(await get(datasetId, { access_token: token, fields: "name" }))).toEqual([400, 100, 33]);
    expect((await get("debug_token", { input_token: token, access_token: token })).body).toMatchObject({
      data: { is_valid: true },
    });
    const foreign = { input_token: token, access_token: `${here.app.appId}|${here.app.appSecret}` };
    expect(numbers(await get("debug_token", foreign))).toEqual([400, 100, undefined]);
  });
});

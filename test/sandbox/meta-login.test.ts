import { describe, expect, test } from "vitest";
import { BACK, type Business, DAY_S, metaLogin } from "./meta-login-world.ts";
import { act, NOW, numbers } from "./meta-world.ts";

const here = metaLogin();
const { dialog, agree, get, signed, exchange, debug, ids, personToken } = here;

describe("The login dialog", () => {
  test("lets a business be chosen, then datasets, and comes back with a code, the state and Facebook's fragment", async () => {
    const first = await (await fetch(dialog())).text();
    for (const { name, id } of here.world.businesses) {
      expect(first).toContain(name);
      expect(first).toContain(`business=${id}`);
    }
    const back = await agree(here.world.businesses[0]);
    expect(`${back.origin}${back.pathname}`).toBe(BACK);
    expect([back.searchParams.get("state"), back.hash]).toEqual(["ours", "#_=_"]);
  });

  test("refuses a configuration, an app, an address or a response type it does not know, without going back", async () => {
    await act(here.sandbox, "app", { redirectUris: [BACK] });
    for (const wrong of [
      { config_id: "1" },
      { client_id: "1" },
      { redirect_uri: `${BACK}/` },
      { response_type: "token" },
    ] as Record<string, string>[]) {
      const answer = await fetch(dialog({ ...wrong, answer: "allow" }), { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  test("comes back with Facebook's error when the person cancels", async () => {
    const answer = await fetch(dialog({ answer: "refuse" }), { redirect: "manual" });
    const { searchParams } = new URL(answer.headers.get("location") ?? "");
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: "access_denied",
      error_reason: "user_denied",
      state: "ours",
    });
  });

  test("lets only an admin of the business connect it", async () => {
    const ben = here.world.people.find(({ name }) => name === "Ben Fischer");
    const ask = (business: Business) =>
      fetch(dialog({ business: business.id, user: String(ben?.id), answer: "allow" }), { redirect: "manual" });
    expect((await ask(here.world.businesses[0])).status).toBe(403);
    expect((await ask(here.world.businesses[1])).status).toBe(302);
  });
});

describe("A code", () => {
  test("becomes a token of the business's system user that never ends, with all permissions of the configuration", async () => {
    const { status, body } = await exchange((await agree(here.world.businesses[0])).searchParams.get("code"));
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.stringMatching(/^EAA/), token_type: "bearer" });
    const token = String(body.access_token);
    expect(await debug(token)).toMatchObject({
      app_id: here.app.appId,
      type: "SYSTEM_USER",
      is_valid: true,
      expires_at: 0,
      scopes: ["ads_read", "ads_management", "business_management"],
      granular_scopes: expect.arrayContaining([
        { scope: "business_management", target_ids: [here.world.businesses[0].id] },
        { scope: "ads_management", target_ids: here.world.businesses[0].datasets.map(({ id }) => id) },
      ]),
    });
    const me = await get("me", { fields: "id,client_business_id", ...signed(token) });
    expect(me.body).toMatchObject({ client_business_id: here.world.businesses[0].id });
  });

  test("serves once, for ten minutes, for its redirect address, and with the app's secret", async () => {
    const code = (await agree(here.world.businesses[0])).searchParams.get("code");
    expect(numbers(await exchange(code, { client_secret: "wrong" }))).toEqual([400, 1, undefined]);
    expect(numbers(await exchange(code, { client_id: "1" }))).toEqual([400, 101, undefined]);
    expect(numbers(await exchange(code, { redirect_uri: `${BACK}/` }))).toEqual([400, 100, 36008]);
    expect((await exchange(code)).status).toBe(200);
    expect(numbers(await exchange(code))).toEqual([400, 100, 36009]);
    const late = (await agree(here.world.businesses[0])).searchParams.get("code");
    here.clock.at += 10 * 60_000;
    expect(numbers(await exchange(late))).toEqual([400, 100, 36007]);
    expect(numbers(await exchange("nonsense"))).toEqual([400, 100, undefined]);
  });

  test("of a configuration with 60-day tokens gives one that ends then, and can be renewed before", async () => {
    await act(here.sandbox, "app", { tokenLife: "60days" });
    const { body } = await exchange((await agree(here.world.businesses[0])).searchParams.get("code"));
    expect(body.expires_in).toBe(60 * DAY_S);
    const token = String(body.access_token);
    expect((await debug(token)).expires_at).toBe(NOW.getTime() / 1000 + 60 * DAY_S);
    here.clock.at += 50 * DAY_S * 1000;
    const renew = (text: string) =>
      get("oauth/access_token", {
        client_id: here.app.appId,
        client_secret: here.app.appSecret,
        grant_type: "fb_exchange_token",
        fb_exchange_token: text,
      });
    const renewed = (await renew(token)).body;
    expect(renewed.expires_in).toBe(60 * DAY_S);
    expect(renewed.access_token).not.toBe(token);
    here.clock.at += 10 * DAY_S * 1000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
    expect(numbers(await renew(token))).toEqual([400, 190, 463]);
    expect(await debug(token)).toMatchObject({ is_valid: false, error: { subcode: 463 } });
    expect((await get("me", signed(String(renewed.access_token)))).status).toBe(200);
  });

  test("of plain Facebook Login gives a person's token: short, with businesses, and 190 for the client business", async () => {
    const token = await personToken();
    expect(await debug(token)).toMatchObject({ type: "USER", is_valid: true, user_id: here.world.people[0]?.id });
    expect(numbers(await get("me", { fields: "client_business_id", ...signed(token) }))).toEqual([400, 190, undefined]);
    expect(ids(await get("me/businesses", signed(token)))).toEqual(here.world.businesses.map(({ id }) => id));
    here.clock.at += 2 * 3_600_000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
  });
});

import { describe, expect, test } from "vitest";
import type { Fetch } from "../../core/ports.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { type Granted, tokensWorld, type Vendor } from "./tokens-world.ts";

const here = tokensWorld();
const { vault, another, act, at, line, connect, codeOf, opens, refreshTokenOf } = here;

describe("a token", () => {
  test("that never runs out is given as it is, and nobody is asked", async () => {
    await here.tokens.store(here.place, { type: "static", accessToken: "pat-1" });
    const { fetch, asked } = line();
    expect(await here.tokens.accessToken(here.place, at("hubspot", fetch))).toBe("pat-1");
    expect(asked).toEqual([]);
  });

  test("that never runs out ends the connection when it is refused, and is tried again when a person has looked", async () => {
    await here.tokens.store(here.place, { type: "static", accessToken: "pat-1" });
    const { fetch } = line();
    here.tokens.spoil(here.place, "pat-1");
    expect(await codeOf(here.tokens.accessToken(here.place, at("hubspot", fetch)))).toBe("crm_disconnected");
    expect(await here.tokens.accessToken(here.place, at("hubspot", fetch))).toBe("pat-1");
  });

  test("of an account that gave none is disconnected", async () => {
    expect(await codeOf(here.tokens.accessToken(here.place, at("hubspot", line().fetch)))).toBe("crm_disconnected");
  });

  test("is fetched once and then served from the store, to other processes too", async () => {
    await connect("hubspot");
    const { fetch, asked } = line();
    const token = await here.tokens.accessToken(here.place, at("hubspot", fetch));
    expect(await opens("hubspot", token)).toBe(true);
    expect(await here.tokens.accessToken(here.place, at("hubspot", fetch))).toBe(token);
    expect(await another().accessToken(here.place, at("hubspot", fetch))).toBe(token);
    expect(asked).toHaveLength(1);
    expect(await here.tokens.load(here.place)).toMatchObject({ accessToken: token, expiresAt: expect.any(String) });
  });

  test("is renewed before it runs out", async () => {
    await connect("hubspot");
    const { fetch, asked } = line();
    const first = await here.tokens.accessToken(here.place, at("hubspot", fetch));
    const later = (minutes: number) =>
      createTokens({ db: here.store.db, vault, clock: { now: () => new Date(Date.now() + minutes * 60_000) } });
    expect(await later(24).accessToken(here.place, at("hubspot", fetch))).toBe(first);
    expect(await later(26).accessToken(here.place, at("hubspot", fetch))).not.toBe(first);
    expect(asked).toHaveLength(2);
  });

  test("lies in the store as nobody can read it", async () => {
    await connect("hubspot");
    const token = await here.tokens.accessToken(here.place, at("hubspot", line().fetch));
    const rows = await here.store.db
      .selectFrom("secret")
      .selectAll()
      .where("owner_id", "=", here.connection.id)
      .execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.ciphertext.includes(Buffer.from(token.slice(0, 20)))).toBe(false);
  });
});

describe("a refresh token that changes (Salesforce)", () => {
  test("is stored with the access token that came with it, and serves the next time", async () => {
    await connect("salesforce");
    const { fetch, asked } = line();
    const seen = new Set([refreshTokenOf(await here.tokens.load(here.place))]);
    for (let times = 1; times <= 3; times += 1) {
      const token = await here.tokens.accessToken(here.place, at("salesforce", fetch));
      const stored = await another().load(here.place);
      expect(stored).toMatchObject({ accessToken: token });
      seen.add(refreshTokenOf(stored));
      expect(await opens("salesforce", token)).toBe(true);
      here.tokens.spoil(here.place, token);
    }
    expect(seen.size).toBe(4);
    expect(asked).toHaveLength(3);
  });

  test("is never used twice, by however many callers and processes: the vendor would end the connection", async () => {
    await connect("salesforce");
    await act("salesforce", "fault", { slowMs: 50 });
    const { fetch, asked } = line();
    const processes = [here.tokens, another(), another()];
    const answers = await Promise.all(
      Array.from({ length: 21 }, (_, n) => processes[n % 3]?.accessToken(here.place, at("salesforce", fetch))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(asked).toHaveLength(1);
    await act("salesforce", "fault");
    expect(await opens("salesforce", String(answers[0]))).toBe(true);
  });
});

describe("a refused refresh", () => {
  test.each<Vendor>(["hubspot", "salesforce"])(
    "of a dead grant (%s) is final at once, with one request for all",
    async (vendor) => {
      await connect(vendor);
      await act(vendor, "revoke");
      await act(vendor, "fault", { slowMs: 20 });
      const { fetch, asked } = line();
      const codes = await Promise.all(
        Array.from({ length: 20 }, () => codeOf(here.tokens.accessToken(here.place, at(vendor, fetch)))),
      );
      expect(new Set(codes)).toEqual(new Set(["crm_disconnected"]));
      expect(asked).toHaveLength(1);
    },
  );

  test.each<[Vendor, Partial<Granted>]>([
    ["hubspot", { clientSecret: "wrong" }],
    ["hubspot", { clientId: "wrong" }],
    ["salesforce", { clientSecret: "wrong" }],
    ["salesforce", { clientId: "wrong" }],
  ])("because of our own credentials (%s, %o) is ours to mend, and ends no connection", async (vendor, wrong) => {
    await connect(vendor, wrong);
    expect(await codeOf(here.tokens.accessToken(here.place, at(vendor, line().fetch)))).toBe("app_credentials");
  });

  test("of a grant that was replaced meanwhile does not count: the new one serves", async () => {
    await connect("hubspot", { refreshToken: "dead" });
    const { fetch, asked } = line();
    const reconnecting: Fetch = async (request) => {
      const answer = await fetch(request);
      if (asked.length === 1) await connect("hubspot");
      return answer;
    };
    const token = await here.tokens.accessToken(here.place, at("hubspot", reconnecting));
    expect(await opens("hubspot", token)).toBe(true);
    expect(asked).toHaveLength(2);
  });
});

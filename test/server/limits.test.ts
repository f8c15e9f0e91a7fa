import { describe, expect, onTestFinished, test } from "vitest";
import { ipKey } from "../../server/sign-in/ip-key.ts";
import { createLimits, usual } from "../../server/sign-in/limits.ts";
import { type Customer, openFront } from "./front.ts";

const json = { "content-type": "application/json" };

describe("T26: tries without end", () => {
  const tight = async () => {
    const limits = createLimits({
      sign_in: { points: 3, seconds: 60 },
      costly: { points: 2, seconds: 60 },
      session: { points: 6, seconds: 60 },
      anyone: { points: 8, seconds: 60 },
    });
    const open = await openFront(({ api }) => ({ api: { ...api, limits }, trustedProxies: ["127.0.0.1"] }));
    onTestFinished(() => open.close());
    return open;
  };
  const from = (address: string, more: object = {}) => ({ headers: { "x-forwarded-for": address, ...json, ...more } });

  test("of keys end with 429 and when to come back, for this address and no other", async () => {
    const open = await tight();
    const guess = async (address: string) =>
      await open.people.as("nobody")("/api/v1/sign-in/operator", {
        method: "POST",
        body: JSON.stringify({ key: "guess" }),
        ...from(address),
      });
    const answers = [];
    for (let times = 0; times < 4; times += 1) answers.push(await guess("192.0.2.1"));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    const last = answers.at(-1);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(50);
    expect(await last?.json()).toMatchObject({ code: "too_many" });
    expect((await guess("192.0.2.2")).status).toBe(401);
  });

  test("of what is costly end for the tenant, and another tenant notices nothing", async () => {
    const open = await tight();
    const [one, two] = [await open.customer("One"), await open.customer("Two")];
    const explain = async ({ tenant, connection }: Customer) =>
      (await open.people.as("viewer", tenant)(`/api/v1/connections/${connection.id}/explain?object=lead&record=1`))
        .status;
    expect([await explain(one), await explain(one), await explain(one)]).toEqual([200, 200, 429]);
    expect(await explain(two)).toBe(200);
  });

  test("of one session end, and another session of the same person goes on", async () => {
    const open = await tight();
    const { tenant } = await open.customer("One");
    const cookie = (await open.people.cookie("viewer", tenant)) ?? "";
    const ask = async (own: string) =>
      (await fetch(`${open.url}/api/v1/problems`, { headers: { cookie: own } })).status;
    for (let times = 0; times < 6; times += 1) expect(await ask(cookie)).toBe(200);
    expect(await ask(cookie)).toBe(429);
    expect(await ask((await open.people.cookie("viewer", tenant)) ?? "")).toBe(200);
  });

  test("of a stranger's cookies count for the address: guessing sessions is no way around", async () => {
    const open = await tight();
    const statuses = [];
    for (let times = 0; times < 9; times += 1) {
      const cookie = `session=${String(times).repeat(43)}`;
      statuses.push((await open.people.as("nobody")("/api/v1/overview", from("192.0.2.7", { cookie }))).status);
    }
    expect(statuses).toEqual([...Array(8).fill(401), 429]);
  });

  test("cannot claim another address unless a proxy of ours says so", async () => {
    const limits = createLimits({ anyone: { points: 2, seconds: 60 } });
    const open = await openFront(({ api }) => ({ api: { ...api, limits } }));
    onTestFinished(() => open.close());
    const statuses = [];
    for (let times = 0; times < 3; times += 1)
      statuses.push((await open.people.as("nobody")("/api/v1/session", from(`192.0.2.${times}`))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("are counted together for all addresses that one household has", () => {
    expect(ipKey("2001:db8:1:2:3:4:5:6")).toBe(ipKey("2001:db8:1:2:ffff::1"));
    expect(ipKey("2001:db8:1:2::1")).not.toBe(ipKey("2001:db8:1:3::1"));
    expect(ipKey("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect([ipKey("unknown"), ipKey(undefined)]).toEqual(["nowhere", "nowhere"]);
  });

  test("never come from people at work: the usual limits are far above what a console asks", () => {
    expect(usual.session.points / usual.session.seconds).toBeGreaterThanOrEqual(10);
  });
});

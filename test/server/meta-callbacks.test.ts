import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import type { DatasetConnected } from "../../server/api/datasets.ts";
import { keepLogin } from "../../server/meta/login.ts";
import { readSignedRequest } from "../../server/meta/signed-request.ts";
import { type MetaFront, openMeta } from "./meta-front.ts";
import { connectByLogin } from "./meta-login-world.ts";

const secret = "app_secret";
const sign = (claims: unknown, key = secret): string => {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${createHmac("sha256", key).update(payload).digest("base64url")}.${payload}`;
};
const claims = { algorithm: "HMAC-SHA256", issued_at: 1_291_836_800, user_id: "218471" };

describe("T46: a signed request", () => {
  const refused = (text: string): boolean => {
    try {
      readSignedRequest(text, secret);
      return false;
    } catch (error) {
      return isFailure(error, "signature_invalid");
    }
  };

  test("is read as in Meta's form, with padding and without", () => {
    const vector =
      "V9m-jvVi1h5IO8u7DwhRd0PXRy_0cIMG0abzgvMcIYg.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImV4cGlyZXMiOjEyOTE4NDA0MDAsImlzc3VlZF9hdCI6MTI5MTgzNjgwMCwidXNlcl9pZCI6IjIxODQ3MSJ9";
    expect(readSignedRequest(vector, secret)).toMatchObject({ userId: "218471" });
    const [signature, payload] = vector.split(".");
    expect(readSignedRequest(`${signature}=.${payload}`, secret).userId).toBe("218471");
  });

  test.each([
    ["signed with another secret", sign(claims, "another")],
    ["changed after it was signed", sign(claims).replace(/.$/, (last) => (last === "Q" ? "R" : "Q"))],
    ["by another algorithm", sign({ ...claims, algorithm: "none" })],
    ["by no algorithm", sign({ ...claims, algorithm: undefined })],
    ["about nobody", sign({ ...claims, user_id: undefined })],
    ["about a number that JavaScript has rounded", sign({ ...claims, user_id: 2 ** 60 })],
    ["of no time", sign({ ...claims, issued_at: undefined })],
    ["without a signature", `.${sign(claims).split(".")[1]}`],
    ["with half a signature", sign(claims).slice(10)],
    ["in three parts", `${sign(claims)}.x`],
    ["that is no JSON", ((text) => `${createHmac("sha256", secret).update(text).digest("base64url")}.${text}`)("abcd")],
    ["that is empty", ""],
  ])("%s is refused", (_what, text) => {
    expect(refused(text)).toBe(true);
  });
});

describe("Meta's callbacks", () => {
  let here: MetaFront;
  beforeAll(async () => {
    here = await openMeta();
  });
  afterAll(() => here.close());

  const connect = (): Promise<DatasetConnected> => connectByLogin(here);
  const send = (path: string, signed_request: string) =>
    fetch(`${here.url}${path}`, { method: "POST", body: new URLSearchParams({ signed_request }) });
  const secretsOf = (id: string) => here.store.db.selectFrom("secret").selectAll().where("owner_id", "=", id).execute();
  /** As Meta would sign it, about whoever gave access to this dataset. */
  async function signedFor(id: string, claims: object = {}): Promise<string> {
    const { subject: userId } = await here.store.db
      .selectFrom("dataset")
      .innerJoin("person", "person.id", "dataset.connected_by")
      .select("subject")
      .where("dataset.id", "=", id)
      .executeTakeFirstOrThrow();
    return (await here.act<{ signedRequest: string }>("signedRequest", { userId, claims })).signedRequest;
  }

  test("T46: removing the app forgets the access, and its dataset waits for another", async () => {
    const made = await connect();
    const answer = await send("/webhooks/meta/deauthorize", await signedFor(made.id));
    expect(answer.status).toBe(200);
    expect(await secretsOf(made.id)).toEqual([]);
    expect(await here.lane(made.id)).toMatchObject({ paused_reason: "meta_token" });
    expect(await here.audit()).toContain("meta: dataset.access_withdrawn");
  });

  test("T46: the same callback again takes nothing away that was given since", async () => {
    const made = await connect();
    const past = Math.floor(Date.now() / 1000) - 60;
    const old = await signedFor(made.id, { issued_at: past });
    expect((await send("/webhooks/meta/deauthorize", old)).status).toBe(200);
    expect(await secretsOf(made.id)).toHaveLength(1);
    expect((await here.lane(made.id)).paused_reason).toBeNull();
  });

  test("T46: a wrong signature does nothing", async () => {
    const made = await connect();
    const signed = await signedFor(made.id);
    for (const path of ["/webhooks/meta/deauthorize", "/webhooks/meta/data-deletion"]) {
      expect((await send(path, signed.replace(/^.{6}/, "AAAAAA"))).status).toBe(401);
      expect((await send(path, "")).status).toBe(401);
      expect((await fetch(`${here.url}${path}`, { method: "POST", body: "{}" })).status).toBe(401);
    }
    expect(await secretsOf(made.id)).toHaveLength(1);
  });

  test("forgets whoever asks for it, also what they had not chosen a dataset with yet, and says so to people", async () => {
    const made = await connect();
    const person = here.store.db.selectFrom("person").select("subject").where("issuer", "like", "%facebook%");
    const { subject: userId } = await person.executeTakeFirstOrThrow();
    const login = { token: "EAAwaiting", type: "USER", userId, scopes: [] };
    await keepLogin(here.store.db, here.tenant.id, login, here.workspace.vault, new Date());
    const signed = await signedFor(made.id);
    const answer = await send("/webhooks/meta/data-deletion", signed);
    const told = (await answer.json()) as { url: string; confirmation_code: string };
    expect(told).toEqual({
      url: `${here.url}/data-deletion/${told.confirmation_code}`,
      confirmation_code: told.confirmation_code,
    });
    expect(told.confirmation_code).toMatch(/^rcp_[0-9a-f]{32}$/);
    expect(await here.store.db.selectFrom("secret").selectAll().execute()).toEqual([]);
    expect(await person.execute()).toEqual([]);
    expect(await here.lane(made.id)).toMatchObject({ paused_reason: "meta_token" });

    const page = await fetch(told.url);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain("Your data was deleted");
    expect(text).toContain("the access to");
    expect(text).not.toContain(userId);
    const again = await send("/webhooks/meta/data-deletion", signed);
    expect(await again.json()).toEqual(told);
  });

  test("answer whoever was never here, too", async () => {
    const { signedRequest } = await here.act<{ signedRequest: string }>("signedRequest", {
      userId: "99999999999999999",
    });
    const answer = await send("/webhooks/meta/data-deletion", signedRequest);
    const { url } = (await answer.json()) as { url: string };
    expect(await (await fetch(url)).text()).toContain("We held no access");
  });

  test("are looked up by their code and by nothing else", async () => {
    for (const code of ["rcp_x", "rcp_00000000000000000000000000000000", "..%2f"])
      expect((await fetch(`${here.url}/data-deletion/${code}`)).status).toBe(404);
  });
});

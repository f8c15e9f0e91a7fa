import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatasetId, Tenant } from "../../core/types.ts";
import type { DatasetConnected, MetaBusinesses, MetaDatasets, MetaLoginView } from "../../server/api/datasets.ts";
import { connectCrm, ensureIngestSecret, ensureTenant } from "../../server/workspaces/workspace.ts";
import { type MetaFront, openMeta } from "./meta-front.ts";
import { answerMeta, browserAt, businessesAt, connectByLogin, locationOf, signInAtMeta } from "./meta-login-world.ts";
import type { Ask } from "./people.ts";

let here: MetaFront;
beforeAll(async () => {
  here = await openMeta();
});
afterAll(() => here.close());

const browser = (role?: "admin" | "viewer", tenant?: Tenant) => browserAt(here, role, tenant);
const world = () => businessesAt(here);
const signIn = (ask: Ask, n?: number) => signInAtMeta(here, ask, n);
const agree = (ask: Ask, answer: Parameters<typeof answerMeta>[2]) => answerMeta(here, ask, answer);

describe("Signing in at Meta", () => {
  test("leads over Meta's page to the choice of a dataset, with neither code nor token in the address", async () => {
    const ask = await browser();
    const before = await here.get<MetaLoginView>("/meta/login", ask);
    expect(before.body).toEqual({ offered: true, waiting: false });
    const { to, business } = await signIn(ask);
    expect(`${to.pathname}${to.search}`).toBe("/connect-meta?login=ready");
    expect((await here.get<MetaLoginView>("/meta/login", ask)).body).toEqual({ offered: true, waiting: true });
    const businesses = await here.get<MetaBusinesses>("/meta/businesses", ask);
    expect(businesses.body).toEqual({ businesses: [{ id: business.id, name: business.name }] });
    const { body } = await here.get<MetaDatasets>(`/meta/datasets?business=${business.id}`, ask);
    const expected = business.datasets.map(({ id, name, isCrm, permitted }) => ({
      metaId: id,
      name,
      crm: isCrm,
      permitted,
      connected: false,
    }));
    expect(body.datasets).toEqual(expect.arrayContaining(expected));
    expect(await here.audit()).toContain("meta.signed_in");
  });

  test("connects a dataset with the business's own token, which is signed, sealed, and all that stays", async () => {
    const ask = await browser();
    const { business } = await signIn(ask);
    const crm = business.datasets.find(({ isCrm, permitted }) => isCrm && permitted);
    const choice = { business: business.id, metaId: crm?.id };
    const { status, body } = await here.post<DatasetConnected>("/meta/choose", choice, ask);
    expect({ status, body }).toMatchObject({ status: 200, body: { metaId: crm?.id, name: crm?.name, via: "login" } });
    const row = await here.store.db
      .selectFrom("dataset")
      .innerJoin("person", "person.id", "dataset.connected_by")
      .select(["business_id", "access_ends_at", "issuer"])
      .where("dataset.id", "=", body.id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ business_id: business.id, access_ends_at: null, issuer: "https://www.facebook.com" });
    const secrets = await here.store.db.selectFrom("secret").select(["owner_id", "kind"]).execute();
    expect(secrets).toEqual([{ owner_id: body.id, kind: "meta" }]);
    expect((await here.get<MetaLoginView>("/meta/login", ask)).body.waiting).toBe(false);
    expect((await here.get("/meta/businesses", ask)).status).toBe(409);
    const dump = JSON.stringify(await here.store.db.selectFrom("secret").selectAll().execute());
    expect(dump).not.toContain("EAA");
  });

  test("makes a CRM dataset where there is none, and connects it", async () => {
    const ask = await browser();
    const { business } = await signIn(ask, 1);
    const choice = { business: business.id, create: { name: "Stages of our CRM" } };
    const { status, body } = await here.post<DatasetConnected>("/meta/choose", choice, ask);
    expect({ status, body }).toMatchObject({ status: 200, body: { name: "Stages of our CRM", via: "login" } });
    const made = (await world())[1]?.datasets.find(({ id }) => id === body.metaId);
    expect(made).toMatchObject({ isCrm: true });
  });

  test("refuses a dataset that is no CRM dataset, that we may not send to, or that is another business's", async () => {
    const ask = await browser();
    const { business } = await signIn(ask);
    const [, other] = await world();
    const choose = (chosen: object) => here.post<{ detail: string }>("/meta/choose", chosen, ask);
    const site = business.datasets.find(({ isCrm }) => !isCrm);
    const noCrm = await choose({ business: business.id, metaId: site?.id });
    expect(noCrm).toMatchObject({ status: 409, body: { detail: expect.stringContaining("not a CRM dataset") } });
    const lent = business.datasets.find(({ permitted }) => !permitted);
    expect((await choose({ business: business.id, metaId: lent?.id })).status).toBe(409);
    expect((await choose({ business: business.id, metaId: other?.datasets[0]?.id })).status).toBe(404);
    expect((await choose({ business: other?.id, metaId: other?.datasets[0]?.id })).status).toBe(403);
  });

  test("that is refused ends on our page, which says so; nothing is kept", async () => {
    const ask = await browser();
    const { id } = await here.people.person("admin", here.tenant);
    const back = await agree(ask, { answer: "refuse" });
    expect(back.searchParams.get("error")).toBe("access_denied");
    const to = locationOf(here, await ask(`${back.pathname}${back.search}`));
    expect(`${to.pathname}${to.search}`).toBe("/connect-meta?failed=oauth_denied");
    const left = here.store.db.selectFrom("authorization_request").selectAll().where("person_id", "=", id);
    expect(await left.execute()).toEqual([]);
  });

  test("is not offered where no app of ours is configured", async () => {
    const bare = await openMeta({ app: false });
    try {
      expect((await bare.get<MetaLoginView>("/meta/login")).body).toEqual({ offered: false, waiting: false });
      expect((await bare.people.as("admin")("/connect/meta")).status).toBe(404);
    } finally {
      await bare.close();
    }
  });

  test("is for admins only", async () => {
    const ask = await browser("viewer");
    expect((await ask("/connect/meta")).status).toBe(403);
    expect((await ask("/oauth/meta/callback?code=x&state=y")).status).toBe(403);
    expect((await fetch(`${here.url}/connect/meta`, { redirect: "manual" })).status).toBe(401);
  });
});

describe("What comes back from Meta", () => {
  const ends = async (ask: Ask, address: URL): Promise<string> => {
    const to = locationOf(here, await ask(`${address.pathname}${address.search}`));
    return `${to.pathname}${to.search}`;
  };
  const failed = "/connect-meta?failed=oauth_state";

  test("T01: belongs to the session that left, in the workspace that was open then", async () => {
    const [mine, theirs] = [await browser(), await browser()];
    const business = (await world())[0]?.id ?? "";
    expect(await ends(theirs, await agree(mine, { business }))).toBe(failed);
    const other = await ensureTenant("Other", { defaultCountry: "US" }, here.workspace);
    const elsewhere = await browser("admin", other);
    expect(await ends(elsewhere, await agree(mine, { business }))).toBe(failed);
    expect((await here.get<MetaLoginView>("/meta/login", elsewhere)).body.waiting).toBe(false);
  });

  test("T01: serves once, and not without a state of ours", async () => {
    const ask = await browser();
    const business = (await world())[0]?.id ?? "";
    const back = await agree(ask, { business });
    expect(await ends(ask, back)).toBe("/connect-meta?login=ready");
    expect(await ends(ask, back)).toBe(failed);
    const bare = new URL(back);
    bare.searchParams.delete("state");
    expect(await ends(ask, bare)).toBe(failed);
    const twice = await agree(ask, { business });
    twice.searchParams.append("state", twice.searchParams.get("state") ?? "");
    expect(await ends(ask, twice)).toBe(failed);
  });

  test("with a code that Meta does not take is told as such, and what Meta said stays out of the log", async () => {
    const ask = await browser();
    const back = await agree(ask, { business: (await world())[0]?.id ?? "" });
    back.searchParams.set("code", "AQsomebody-elses-code");
    expect(await ends(ask, back)).toBe("/connect-meta?failed=meta_login");
    expect(here.logged.join("\n")).not.toContain("AQsomebody");
  });
});

test("T35: every call but the exchange is signed, and no address holds a token, a code or a secret", async () => {
  const ask = await browser();
  const before = here.called.length;
  const { business } = await signIn(ask);
  await here.post("/meta/choose", { business: business.id, create: { name: "Signed" } }, ask);
  const called = here.called.slice(before);
  expect(called.length).toBeGreaterThan(6);
  for (const url of called) expect(url).not.toMatch(/EAA|AQ|access_token=|input_token|client_secret|code=/);
  for (const url of called) expect(url).not.toContain(here.app.secret);
  const reads = called.filter((url) => url.includes("?"));
  expect(reads.length).toBeGreaterThan(1);
  for (const url of reads) expect(url).toMatch(/appsecret_proof=[0-9a-f]{64}/);
  expect(here.logged.join("\n")).not.toMatch(/EAA[A-Za-z0-9]{10}/);
});

test("events leave with the access that a login gave, each request signed with our app's secret, until it is withdrawn", async () => {
  const made = await connectByLogin(here);
  const tenantId = here.tenant.id;
  const stages = ["Engaging", "Won"].map((id) => ({ id, label: id, outcome: id === "Won" ? "won" : "open" }));
  const connection = await connectCrm(
    {
      tenantId,
      datasetId: made.id as DatasetId,
      connector: "http",
      accountId: "in-house",
      name: "In-house",
      config: { pipelines: [{ id: "sales", label: "Sales", object: "lead", stages }] },
      sendFrom: new Date(Date.now() - 86_400_000),
    },
    undefined,
    here.workspace,
  );
  await here.read(); // the first turn learns how things stand
  const secret = await ensureIngestSecret(connection, here.workspace);
  const push = async (record: string): Promise<void> => {
    const change = {
      record_id: record,
      pipeline: "sales",
      stage: "Engaging",
      occurred_at: new Date(Date.now() - 60_000).toISOString(),
      contact: { email: `${record}@people.example` },
    };
    const answer = await fetch(`${here.url}/ingest/v1/stage-changes`, {
      method: "POST",
      headers: { authorization: `Bearer ${connection.id}.${secret}`, "content-type": "application/json" },
      body: JSON.stringify([change]),
    });
    expect(answer.status).toBe(202);
    await here.read();
    await here.send();
  };
  await push("r1");
  expect(await here.received()).toBe(1);
  await here.act("revoke");
  await push("r2");
  expect(await here.received()).toBe(1);
  expect(await here.lane(made.id)).toMatchObject({ paused_reason: "meta_token" });
  // Signing in again is all it takes: what waited is sent.
  await connectByLogin(here);
  await here.send();
  expect(await here.received()).toBe(2);
});

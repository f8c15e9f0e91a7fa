import { createHash, createHmac } from "node:crypto";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { readForm } from "./form.ts";
import { temporaryFolder } from "./meta-world.ts";

interface OrgSeen {
  readonly place: number;
  readonly accountId: string;
  readonly name: string;
  readonly sandbox: boolean;
  readonly instanceUrl: string;
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly username: string;
    readonly mail: string;
  }[];
}
interface Token {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly instance_url: string;
  readonly id: string;
  readonly issued_at: string;
  readonly signature: string;
  readonly error?: string;
  readonly error_description?: string;
}

let dir: string;
let sandbox: Sandbox;
let app: { clientId: string; clientSecret: string };
let orgs: readonly [OrgSeen, OrgSeen, OrgSeen];
const start = () => startSandbox({ dir, life: { perMinute: 0 }, simulators: { salesforce: createSalesforce } });
beforeEach(async () => {
  dir = temporaryFolder();
  sandbox = await start();
  onTestFinished(() => sandbox.close());
  app = await act("app");
  orgs = await act("orgs");
});

async function act<Output>(action: string, input: unknown = {}): Promise<Output> {
  const answer = await fetch(`${sandbox.control}/salesforce/${action}`, {
    method: "POST",
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Output;
}
const CALLBACK = "http://localhost:9/oauth/salesforce/callback";
const VERIFIER = "a-verifier-of-at-least-forty-three-characters-long";
const authorize = (origin: string): string =>
  `${origin}/services/oauth2/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: CALLBACK,
    scope: "api refresh_token openid",
    state: "ours",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
  })}`;
/** Signs in at a host as a user, or as whom the page offers first; where the browser is sent. */
async function allow(origin: string, user?: string): Promise<URL> {
  const { action, fields } = readForm(await (await fetch(authorize(origin))).text());
  if (user !== undefined) fields.set("user", user);
  fields.set("answer", "allow");
  const answer = await fetch(`${origin}${action}?${fields}`, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? `${origin}/none`, origin);
}
async function tokenAt(origin: string, form: Record<string, string>): Promise<Token> {
  const body = new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...form });
  return (await (await fetch(`${origin}/services/oauth2/token`, { method: "POST", body })).json()) as Token;
}
const exchange = (origin: string, back: URL): Promise<Token> =>
  tokenAt(origin, {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    code_verifier: VERIFIER,
    redirect_uri: CALLBACK,
  });
const connect = async (origin: string, user?: string) => exchange(origin, await allow(origin, user));
const refresh = (origin: string, refresh_token: string) =>
  tokenAt(origin, { grant_type: "refresh_token", refresh_token });
const get = (url: string, token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });
const usersOffered = async (origin: string): Promise<readonly string[]> =>
  [...(await (await fetch(authorize(origin))).text()).matchAll(/<option value="(005\w+)"/g)].map(([, id]) =>
    String(id),
  );

test("there are two production orgs and a sandbox org, each behind a host of its own", () => {
  expect(orgs.map(({ sandbox: is }) => is)).toEqual([false, false, true]);
  expect(new Set(orgs.map(({ accountId }) => accountId)).size).toBe(3);
  expect(orgs.map(({ instanceUrl }) => instanceUrl)).toEqual([
    sandbox.salesforce,
    sandbox.salesforceSecond,
    sandbox.salesforceTest,
  ]);
  for (const { username, mail } of orgs[2].users) {
    expect(username).toMatch(/\.uat$/);
    expect(mail).toMatch(/\.invalid$/);
  }
});

test("the login host lets in everybody of production, the test host the sandbox's, a My Domain its own people", async () => {
  const ids = (org: OrgSeen) => org.users.map(({ id }) => id);
  expect(await usersOffered(sandbox.salesforce)).toEqual([...ids(orgs[0]), ...ids(orgs[1])]);
  expect(await usersOffered(sandbox.salesforceSecond)).toEqual(ids(orgs[1]));
  expect(await usersOffered(sandbox.salesforceTest)).toEqual(ids(orgs[2]));
  const stranger = await allow(sandbox.salesforceTest, orgs[0].users[0]?.id);
  expect(stranger.pathname).toBe("/none");
});

test("an org forbids the login host to its people, and its own My Domain still lets them in", async () => {
  await act("myDomainOnly", { org: 2 });
  expect(await usersOffered(sandbox.salesforce)).toEqual(orgs[0].users.map(({ id }) => id));
  expect((await connect(sandbox.salesforceSecond)).instance_url).toBe(sandbox.salesforceSecond);
});

test.each([
  [0, "salesforce", "salesforce"],
  [1, "salesforce", "salesforce"],
  [1, "salesforceSecond", "salesforce"],
  [2, "salesforceTest", "salesforceTest"],
] as const)(
  "a sign-in to org %i at %s names its own instance, and an identity at %s that is signed",
  async (n, at, login) => {
    const org = orgs[n];
    const user = org.users[1];
    const token = await connect(sandbox[at], user?.id);
    expect(token.instance_url).toBe(org.instanceUrl);
    expect(token.id).toBe(`${sandbox[login]}/id/${org.accountId}/${user?.id}`);
    const signed = createHmac("sha256", app.clientSecret).update(`${token.id}${token.issued_at}`).digest("base64");
    expect(token.signature).toBe(signed);
    const whose = { organization_id: org.accountId, user_id: user?.id };
    for (const url of [token.id, `${sandbox[at]}/services/oauth2/userinfo`])
      expect(await (await get(url, token.access_token)).json()).toMatchObject(whose);
    const soql = encodeURIComponent("SELECT Id, Name, IsSandbox FROM Organization");
    const answer = await get(`${token.instance_url}/services/data/v68.0/query?q=${soql}`, token.access_token);
    expect(await answer.json()).toMatchObject({
      records: [{ Id: org.accountId, Name: org.name, IsSandbox: org.sandbox }],
    });
  },
);

test("a token of one org opens no other's data, and its refresh token works at no other kind of host", async () => {
  const mine = await connect(sandbox.salesforce, orgs[1].users[0]?.id);
  const path = "/services/data/v68.0/limits";
  expect((await get(`${sandbox.salesforceSecond}${path}`, mine.access_token)).status).toBe(200);
  for (const other of [sandbox.salesforce, sandbox.salesforceTest])
    expect((await get(`${other}${path}`, mine.access_token)).status).toBe(401);
  const elsewhere = await refresh(sandbox.salesforceTest, mine.refresh_token);
  expect(elsewhere).toMatchObject({ error: "invalid_grant" });
  const next = await refresh(sandbox.salesforce, mine.refresh_token);
  expect(next.instance_url).toBe(sandbox.salesforceSecond);
  expect((await refresh(sandbox.salesforceSecond, next.refresh_token)).access_token).toBeDefined();
});

test("a code of one host is none at another", async () => {
  const back = await allow(sandbox.salesforceTest);
  expect(await exchange(sandbox.salesforce, back)).toMatchObject({ error: "invalid_grant" });
  expect((await exchange(sandbox.salesforceTest, back)).access_token).toBeDefined();
});

test("rotation: showing a used refresh token ends the family, in that org alone", async () => {
  const [first, second] = [await connect(sandbox.salesforce), await connect(sandbox.salesforceSecond)];
  const next = await refresh(sandbox.salesforceSecond, second.refresh_token);
  expect(await refresh(sandbox.salesforceSecond, second.refresh_token)).toMatchObject({ error: "invalid_grant" });
  expect(await refresh(sandbox.salesforceSecond, next.refresh_token)).toMatchObject({ error: "invalid_grant" });
  expect((await refresh(sandbox.salesforce, first.refresh_token)).access_token).toBeDefined();
});

test("one user holds five approvals; another user's are not touched by the sixth", async () => {
  const [dana, priya] = orgs[0].users.slice(1).map(({ id }) => id);
  const other = await connect(sandbox.salesforce, priya);
  const oldest = await connect(sandbox.salesforce, dana);
  for (let more = 0; more < 5; more += 1) await connect(sandbox.salesforce, dana);
  expect(await refresh(sandbox.salesforce, oldest.refresh_token)).toMatchObject({ error: "invalid_grant" });
  expect((await refresh(sandbox.salesforce, other.refresh_token)).access_token).toBeDefined();
});

test("where the app is not installed, people end on Salesforce's own error page; uninstalling ends every token", async () => {
  const before = await connect(sandbox.salesforceSecond);
  await act("install", { org: 2, state: "absent" });
  expect(await refresh(sandbox.salesforceSecond, before.refresh_token)).toMatchObject({ error: "invalid_grant" });
  const page = await allow(sandbox.salesforce, orgs[1].users[0]?.id);
  expect(page.origin).toBe(sandbox.salesforce);
  expect(Object.fromEntries(page.searchParams)).toEqual({
    error: "invalid_client",
    error_description: "app must be installed into org",
  });
  expect(await (await fetch(page)).text()).toContain("OAUTH_APPROVAL_ERROR_GENERIC");
  expect((await allow(sandbox.salesforce)).searchParams.has("code")).toBe(true);
  await act("install", { org: 2, state: "installed" });
  expect((await connect(sandbox.salesforceSecond)).access_token).toBeDefined();
});

test("where an admin has to approve users, the others neither come in nor go on", async () => {
  const [lucia, henrik] = orgs[1].users.map(({ id }) => id);
  const before = await connect(sandbox.salesforceSecond, lucia);
  await act("install", { org: 2, state: "approval", users: [henrik] });
  expect(await refresh(sandbox.salesforceSecond, before.refresh_token)).toMatchObject({
    error: "invalid_grant",
    error_description: "user is not admin approved to access this app",
  });
  const page = await allow(sandbox.salesforceSecond, lucia);
  expect(page.searchParams.get("error_description")).toBe("user is not admin approved to access this app");
  expect((await connect(sandbox.salesforceSecond, henrik)).access_token).toBeDefined();
});

test("each org has leads of its own, and the back door can work in each", async () => {
  const leads = async (org: number) => (await act<{ id: string }[]>("recent", { org, limit: 500 })).map(({ id }) => id);
  const [first, second] = [await leads(1), await leads(2)];
  expect(second.length).toBeGreaterThan(20);
  expect(second.filter((id) => first.includes(id))).toEqual([]);
  const { id } = await act<{ id: string }>("create", { org: orgs[2].accountId, object: "Lead" });
  expect(await leads(3)).toContain(id);
  expect(await leads(1)).toEqual(first);
  await expect(act("create", { org: 9 })).rejects.toThrow("there is no org");
});

test("orgs, users and tokens are there again after a restart, at the same ports", async () => {
  const token = await connect(sandbox.salesforceTest);
  const port = (origin: string) => Number(new URL(origin).port);
  const ports = {
    salesforce: port(sandbox.salesforce),
    salesforceSecond: port(sandbox.salesforceSecond),
    salesforceTest: port(sandbox.salesforceTest),
  };
  await sandbox.close();
  const again = await startSandbox({
    dir,
    ports,
    life: { perMinute: 0 },
    simulators: { salesforce: createSalesforce },
  });
  onTestFinished(() => again.close());
  expect(again.salesforceTest).toBe(sandbox.salesforceTest);
  const url = `${again.salesforceTest}/services/data/v68.0/limits`;
  // The pool of connections may first have to notice that the old ones were closed.
  await vi.waitFor(async () => expect((await get(url, token.access_token)).status).toBe(200));
});

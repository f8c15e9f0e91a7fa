import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { AuditView } from "../../server/api/operations.ts";
import type { SessionView } from "../../server/api/session.ts";
import { readConfig } from "../../server/config.ts";
import { operatorKeyFor } from "../../server/sign-in/operator.ts";
import { start } from "../../server/start.ts";
import { silent, temporaryFolder, testDatabase } from "../postgres.ts";
import { browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
});
afterAll(() => front.close());

const later = (ms: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + ms);
};
const path = "/api/v1/sign-in/operator";

test("the operator's link opens the workspace once, as its owner, and is written down", async () => {
  const key = await operatorKeyFor(front.store, acme.tenant.id, front.clock.at);
  const { rows } = await front.store.pool.query("select * from invitation");
  expect(JSON.stringify(rows)).not.toContain(key);
  const [one, two] = [browsing(front.url), browsing(front.url)];
  const answer = await one.tell<SessionView>(path, { key });
  expect(answer).toMatchObject({
    status: 200,
    body: { signedIn: true, person: { name: "Operator" }, workspace: { name: "Acme", role: "owner" } },
  });
  expect(await one.status()).toBe(200);
  expect(await two.tell(path, { key })).toMatchObject({ status: 401, body: { code: "not_signed_in" } });
  expect(await two.status()).toBe(401);
  const { body } = await one.tell<AuditView>("/api/v1/audit");
  expect(body.entries.map(({ what }) => what)).toContain("session.operator");
});

test("the operator's link ends after 30 minutes, and when the server starts again", async () => {
  const first = await operatorKeyFor(front.store, acme.tenant.id, front.clock.at);
  const second = await operatorKeyFor(front.store, acme.tenant.id, front.clock.at);
  expect(await browsing(front.url).status(path, { key: first })).toBe(401);
  later(30 * 60_000);
  expect(await browsing(front.url).status(path, { key: second })).toBe(401);
  expect(await browsing(front.url).status(path, { key: "" })).toBe(401);
});

test("the operator's link is no invitation, and an invitation is no operator's link", async () => {
  const key = await operatorKeyFor(front.store, acme.tenant.id, front.clock.at);
  const stranger = browsing(front.url, await front.people.cookie("stranger"));
  expect(await stranger.status("/api/v1/invitations/accept", { token: key })).toBe(404);
  const owner = browsing(front.url, await front.people.cookie("owner", acme.tenant));
  expect((await owner.tell<{ invitations: unknown[] }>("/api/v1/invitations")).body.invitations).toEqual([]);
  const { body } = await owner.tell<{ link: string }>("/api/v1/invitations", { mail: "a@b.example", role: "viewer" });
  expect(await browsing(front.url).status(path, { key: body.link.split("#token=")[1] ?? "" })).toBe(401);
  expect(await browsing(front.url).status(path, { key }), "neither used the other up").toBe(200);
});

test("a self-hosted server says how its operator gets in: in a file of the owner's, by a link whose key no server sees", async () => {
  const dir = await temporaryFolder();
  const database = await testDatabase();
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_DIR: dir,
    PORT: "0",
    ROLES: "web",
    META_DATASET_ID: "1234567890",
    META_ACCESS_TOKEN: "x".repeat(30),
  });
  const running = await start(config, { info: note, warn: note, error: note });
  onTestFinished(async () => {
    await running.stop();
    await database.drop();
    await rm(dir, { recursive: true });
  });
  const link = new URL(running.signIn ?? "");
  expect([link.pathname, link.search]).toEqual(["/sign-in", ""]);
  expect(JSON.parse(readFileSync(join(dir, "server.json"), "utf8"))).toMatchObject({ signIn: link.href });
  const operator = browsing(running.url);
  const key = link.hash.slice("#key=".length);
  expect((await operator.tell<SessionView>(path, { key })).body).toMatchObject({ workspace: { role: "owner" } });
  expect(await operator.status()).toBe(200);
  expect(logged.join("\n")).not.toContain(key);
  expect(await operator.status("/sandbox/sign-in?as=owner"), "without the sandbox there is none of it").toBe(404);
});

test("the sandbox's link enters the demo workspace in the role it names, and in no other", async () => {
  const dir = await temporaryFolder();
  const database = await testDatabase();
  const running = await start(readConfig({ DATABASE_URL: database.url, DATA_DIR: dir, PORT: "0" }), silent);
  onTestFinished(async () => {
    await running.stop();
    await database.drop();
    await rm(dir, { recursive: true });
  });
  expect(running.signIn).toBeUndefined();
  for (const role of ["owner", "admin", "viewer"]) {
    const one = browsing(running.url);
    expect((await one.tell<SessionView>("/api/v1/session")).body).toMatchObject({ signedIn: false, sandbox: true });
    const answer = await one.ask(`/sandbox/sign-in?as=${role}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect((await one.tell<SessionView>("/api/v1/session")).body).toMatchObject({
      signedIn: true,
      sandbox: true,
      workspace: { name: "Demo workspace", role },
    });
  }
  const one = browsing(running.url);
  for (const query of ["?as=root", "?as=", "?as=owner&as=viewer", "?as[]=owner"])
    expect(await one.status(`/sandbox/sign-in${query}`), query).toBe(query === "?as[]=owner" ? 303 : 400);
});

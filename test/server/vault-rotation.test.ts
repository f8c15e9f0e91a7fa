import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { readConfig, summary } from "../../server/config.ts";
import { addAuthorizationRequest, requestPlace } from "../../server/store/authorization-requests.ts";
import type { Store } from "../../server/store/open.ts";
import { sealedWithOthers } from "../../server/store/sealed-rows.ts";
import { leaseSecret, loadSecret, saveSecret } from "../../server/store/secrets.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault, type SecretPlace } from "../../server/store/vault.ts";
import type { KeyStore } from "../../server/vault/key-store.ts";
import { addOwnKey, configuredKeys, keepOwnKeys, listedKeys, openVault } from "../../server/vault/keys.ts";
import { rotate } from "../../server/vault/rotate.ts";
import { type TestDatabase, temporaryFolder, testDatabase } from "../postgres.ts";

const key = (id: string) => ({ id, key: randomBytes(32).toString("hex") });
const [k1, k2] = [key("k1"), key("k2")];
const [before, after] = [createVault([k1]), createVault([k2, k1])];
const clock = { now: () => new Date() };
let database: TestDatabase;
let store: Store;
let tenantId: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
});
afterAll(() => database.drop());
beforeEach(async () => {
  tenantId = (await createTenant(store.db, { name: "Acme", allowedKeys: [] }, clock.now())).id;
});
afterEach(async () => {
  await store.db.deleteFrom("secret").execute();
  await store.db.deleteFrom("authorization_request").execute();
});

const placeOf = (n: number): SecretPlace => ({ tenantId, ownerId: `con_${n}`, kind: "grant" });
const put = async (place: SecretPlace, plain: string): Promise<void> => {
  const seen = (await loadSecret(store.db, place))?.generation ?? 0;
  expect(await saveSecret(store.db, place, before.seal(place, plain), seen, clock.now())).toBe(true);
};
const read = async (place: SecretPlace, vault = after): Promise<string> => {
  const sealed = await loadSecret(store.db, place);
  if (!sealed) throw new Error("it is gone");
  return vault.open(place, sealed);
};
const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "no failure",
    (error: unknown) => (isFailure(error) ? error.code : `no failure of ours: ${error}`),
  );

/** A vendor whose refresh tokens serve once. */
function vendor() {
  const current = new Map<string, string>();
  let replayed = 0;
  let calls = 0;
  const fetch: Fetch = async ({ body }) => {
    calls += 1;
    const old = new URLSearchParams(body).get("refresh_token") ?? "";
    const [who = ""] = old.split(".");
    if (current.get(who) !== old) replayed += 1;
    const fresh = `${who}.${calls}`;
    current.set(who, fresh);
    await new Promise((resolve) => setTimeout(resolve, 2));
    return { status: 200, headers: {}, text: JSON.stringify({ access_token: `a${fresh}`, refresh_token: fresh }) };
  };
  return { current, fetch, replayed: () => replayed, calls: () => calls };
}

test("a thousand secrets are sealed with a new key by one command while tokens are renewed and read, and nothing is lost", {
  timeout: 120_000,
}, async () => {
  const count = 1_000;
  const { current, fetch, replayed, calls } = vendor();
  for (let n = 0; n < count; n += 1) {
    current.set(String(n), `${n}.0`);
    const grant = { type: "refresh_token", clientId: "c", clientSecret: "s", refreshToken: `${n}.0` };
    await put(placeOf(n), JSON.stringify(grant));
  }
  const tokens = createTokens({ db: store.db, vault: after, clock });
  const endpoint = { url: "https://vendor.example/token", fetch, mayBeApi: () => true };
  const failures: unknown[] = [];
  let rotating = true;
  const work = async (worker: number): Promise<void> => {
    for (let turn = worker; rotating; turn += 7) {
      const place = placeOf(turn % count);
      try {
        const token = await tokens.accessToken(place, endpoint);
        if (turn % 3 === 0) tokens.spoil(place, token);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const working = Array.from({ length: 4 }, (_, worker) => work(worker));

  const child = spawn(process.execPath, [join(import.meta.dirname, "../../server/main.ts"), "rotate-keys"], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: `k2:${k2.key}`,
      ENCRYPTION_KEY: k1.key,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "exit");
  rotating = false;
  await Promise.all(working);

  expect(code, said).toBe(0);
  expect(said).toMatch(/Sealed \d+ secrets with the key k2/);
  expect(failures).toEqual([]);
  expect(replayed()).toBe(0);
  expect(calls(), "there was some work beside it").toBeGreaterThan(100);
  expect(await sealedWithOthers(store.db, "k2", 10)).toEqual([]);
  const onlyNew = createVault([k2]);
  for (let n = 0; n < count; n += 1)
    expect(JSON.parse(await read(placeOf(n), onlyNew)).refreshToken, placeOf(n).ownerId).toBe(current.get(String(n)));
});

describe("sealing anew", () => {
  test("reaches what lies outside the workspaces too: consent pages that somebody is on", async () => {
    const place = requestPlace("state");
    const sealed = before.seal(place, "verifier");
    const request = { stateHash: "state", browserHash: "b", provider: "hubspot", purpose: "install", sealed } as const;
    await addAuthorizationRequest(store.db, request, clock.now());
    await put(placeOf(1), "secret");
    expect(await rotate({ db: store.db, vault: after })).toBe(2);
    const row = await store.db.selectFrom("authorization_request").selectAll().executeTakeFirstOrThrow();
    expect(createVault([k2]).open(place, { keyId: row.key_id, ciphertext: row.ciphertext })).toBe("verifier");
    expect(await rotate({ db: store.db, vault: after }), "again").toBe(0);
  });

  test("stops at what it cannot read, which stays as it is", async () => {
    await put(placeOf(1), "secret");
    const stranger = createVault([key("k9")]);
    expect(await codeOf(rotate({ db: store.db, vault: stranger }))).toBe("secret_unreadable");
    expect(await read(placeOf(1), before)).toBe("secret");
  });

  test("leaves a renewal that is under way its generation and its lease", async () => {
    await put(placeOf(1), "old");
    const until = new Date(Date.now() + 30_000);
    expect(await leaseSecret(store.db, placeOf(1), 1, clock.now(), until)).toBe(true);
    expect(await rotate({ db: store.db, vault: after })).toBe(1);
    expect(await leaseSecret(store.db, placeOf(1), 1, clock.now(), until), "still leased").toBe(false);
    expect(await saveSecret(store.db, placeOf(1), after.seal(placeOf(1), "new"), 1, clock.now())).toBe(true);
    expect(await read(placeOf(1))).toBe("new");
  });

  test("undoes nothing that was renewed between its look and its write", async () => {
    await put(placeOf(1), "old");
    const [row] = await sealedWithOthers(store.db, "k2", 10);
    await put(placeOf(1), "renewed");
    expect(await row?.replace(after.seal(placeOf(1), "old"))).toBe(false);
    expect(await read(placeOf(1))).toBe("renewed");
    expect(await rotate({ db: store.db, vault: after })).toBe(1);
    expect(await read(placeOf(1))).toBe("renewed");
  });

  test("gives up when somebody goes on sealing with an old key, rather than going on for ever", async () => {
    await put(placeOf(1), "secret");
    const run = (statement: string) => store.asOwner((db) => sql.raw(statement).execute(db));
    await run(`create function stubborn() returns trigger language plpgsql as
      'begin new.key_id := old.key_id; new.ciphertext := old.ciphertext; return new; end'`);
    await run("create trigger stubborn before update on secret for each row execute function stubborn()");
    expect(await codeOf(rotate({ db: store.db, vault: after }))).toBe("conflict");
    await run("drop trigger stubborn on secret");
    expect(await read(placeOf(1))).toBe("secret");
  });
});

describe("a backup", () => {
  test("that is restored beside another key opens nothing", async () => {
    await put(placeOf(1), "secret");
    for (const vault of [createVault([{ ...k1, key: key("k1").key }]), createVault([key("k2")])])
      expect(await codeOf(read(placeOf(1), vault))).toBe("secret_unreadable");
  });

  test("opens nothing for another tenant, wherever its rows are copied", async () => {
    await put(placeOf(1), "secret");
    const stranger = (await createTenant(store.db, { name: "Globex", allowedKeys: [] }, clock.now())).id;
    const sealed = await loadSecret(store.db, placeOf(1));
    if (!sealed) throw new Error("it is gone");
    const stolen = { ...placeOf(1), tenantId: stranger };
    expect(await saveSecret(store.db, stolen, sealed, 0, clock.now())).toBe(true);
    expect(await codeOf(read(stolen, before))).toBe("secret_unreadable");
  });
});

describe("the keys", () => {
  test("that are configured are taken newest first, the one without a name last", () => {
    const keys = configuredKeys({ ENCRYPTION_KEYS: [k2], ENCRYPTION_KEY: k1.key });
    expect(keys).toEqual([k2, k1]);
    expect(configuredKeys({ ENCRYPTION_KEY: k1.key, ENCRYPTION_KEYS: undefined })).toEqual([k1]);
    expect(() => configuredKeys({ ENCRYPTION_KEYS: [key("k1")], ENCRYPTION_KEY: k1.key })).toThrow(/two .* called k1/);
  });

  test("are read from the environment, whole or not at all, and never shown", () => {
    const config = readConfig({ ENCRYPTION_KEYS: `k2:${k2.key}, k1:${k1.key}` });
    expect(configuredKeys(config)).toEqual([k2, k1]);
    expect(summary(config).ENCRYPTION_KEYS).toBe("set");
    for (const wrong of [
      k1.key,
      "k1:",
      "k1:zz",
      `k1:${k1.key.slice(2)}`,
      `:${k1.key}`,
      `k1:${k1.key};k2:${k2.key}`,
      ",",
    ])
      expect(() => readConfig({ ENCRYPTION_KEYS: wrong }), wrong).toThrow(
        expect.objectContaining({ code: "config_invalid", message: expect.not.stringContaining(k1.key) }),
      );
  });

  test("that lie beside the data can be changed too, and the file of an earlier version is read", async () => {
    const dir = await temporaryFolder();
    const nothing = { ENCRYPTION_KEYS: undefined, ENCRYPTION_KEY: undefined };
    const [first] = listedKeys(nothing, dir);
    expect((await readFile(join(dir, "encryption.key"), "utf8")).trim()).toBe(first.key);
    const both = addOwnKey(dir);
    expect(both.map(({ id }) => id)).toEqual(["k2", "k1"]);
    expect(both[1]).toEqual(first);
    expect(listedKeys(nothing, dir)).toEqual(both);
    keepOwnKeys(dir, [both[0]]);
    expect(listedKeys(nothing, dir)).toEqual([both[0]]);
    await rm(dir, { recursive: true });
  });

  test("may lie with somebody else, who is asked once for each when the process starts", async () => {
    const asked: string[] = [];
    const reversed: KeyStore = {
      wrap: async (_id, plain) => plain.toString("hex").split("").reverse().join(""),
      unwrap: async (id, wrapped) => {
        asked.push(id);
        return Buffer.from(wrapped.split("").reverse().join(""), "hex");
      },
    };
    const wrapped = { id: "k1", key: await reversed.wrap("k1", Buffer.from(k1.key, "hex")) };
    const vault = await openVault([wrapped], reversed);
    expect(vault.open(placeOf(1), before.seal(placeOf(1), "secret"))).toBe("secret");
    vault.seal(placeOf(1), "more");
    expect(asked).toEqual(["k1"]);
    await expect(openVault([{ id: "k1", key: "not a key" }])).rejects.toMatchObject({ code: "config_invalid" });
  });
});

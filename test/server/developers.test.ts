import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DevelopersView, SigningSecretMade } from "../../server/api/developers.ts";
import type { IngestKeyMade } from "../../server/api/ingest-keys.ts";
import { examplesOf } from "../../server/developers/examples.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

const run = promisify(execFile);

let front: Front;
let acme: Customer;
let viewer: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
});
afterAll(() => front.close());
// The examples' clock is the real one.
beforeEach(() => {
  front.clock.at = new Date();
});

const read = async (asker = viewer) => (await asker.tell<DevelopersView>("/api/v1/developers")).body;
const secretPath = () => `/api/v1/connections/${acme.connection.id}/signing-secret`;
const signIn = async () => browsing(front.url, await front.people.cookie("admin", acme.tenant));

describe("those who program against us", () => {
  test("are told the addresses and ids, and no secret", async () => {
    const { connections, ids, webhooks, addresses, workspace } = await read(
      browsing(front.url, await front.people.cookie("viewer", acme.tenant)),
    );
    expect(workspace).toEqual({ id: acme.tenant.id, name: "Acme" });
    expect(connections).toMatchObject([
      {
        id: acme.connection.id,
        name: "Acme CRM",
        address: `${front.url}/ingest/v1/stage-changes/${acme.connection.id}`,
        secretSince: expect.any(String),
      },
    ]);
    expect(ids.map(({ kind, id }) => [kind, id])).toEqual([
      ["connection", acme.connection.id],
      ["dataset", acme.datasetId],
    ]);
    expect(webhooks).toEqual([{ crmName: "HubSpot", address: `${front.url}/webhooks/hubspot` }]);
    for (const address of [addresses.health, addresses.ready, addresses.openapi, addresses.reference])
      expect((await fetch(address)).status, address).toBe(200);
    expect(JSON.stringify(connections)).not.toContain(acme.secret);
    expect(JSON.stringify(connections)).not.toMatch(/swk_[\w-]{20}/);
  });

  test("can paste every example, and it is taken", async () => {
    const asker = await signIn();
    const { body: made } = await asker.tell<IngestKeyMade>(`/api/v1/connections/${acme.connection.id}/keys`, {
      name: "Examples",
    });
    const { body: signing } = await asker.tell<SigningSecretMade>(secretPath(), {});
    const env = { ...process.env, STAGEWIRE_KEY: made.key, STAGEWIRE_SECRET: signing.secret };
    const [connection] = (await read(asker)).connections;
    expect(connection?.liveKeys).toBe(1);
    const examples = connection?.examples ?? [];
    expect(examples.map(({ id }) => id)).toEqual(["curl_key", "curl_signed", "node_signed", "curl_outcomes"]);
    for (const { id, language, code } of examples) {
      const { stdout } =
        language === "shell"
          ? await run("bash", ["-c", `set -euo pipefail\n${code.replace("curl ", "curl -sS ")}`], { env })
          : await run(process.execPath, ["--input-type=module", "-e", code], { env });
      if (id === "curl_outcomes") expect(JSON.parse(stdout), id).toMatchObject({ outcomes: {} });
      // Two within one second push the same change.
      else expect(stdout, id).toMatch(/"?(accepted|duplicates)"?: ?1/);
    }
  });

  test("find stage names in the examples as they are, whatever they would do to a shell", async () => {
    const id = `'; echo hacked; $(echo hacked) \`echo hacked\` "\\ \n$HOME`;
    const stage = { id, label: id, outcome: "open", active: true } as const;
    const pipeline = { id: "p'\"", label: "p", object: "lead", stages: [stage] };
    const address = "http://127.0.0.1:9/x";
    const env = { ...process.env, STAGEWIRE_KEY: "k", STAGEWIRE_SECRET: "whsec_AAAAAAAAAAAAAAAAAAAAAA==" };
    for (const { language, code } of examplesOf({ address, outcomesAddress: address, pipeline })) {
      const [shell, script] = [
        `curl() { :; }\n${code}\nprintf %s "\${BODY:-}"`,
        `globalThis.fetch = async (_, { body }) => (process.stdout.write(body), process.exit(0));\n${code}`,
      ];
      const { stdout } =
        language === "shell"
          ? await run("bash", ["-c", shell], { env })
          : await run(process.execPath, ["--input-type=module", "-e", script], { env });
      if (stdout === "") continue;
      expect(JSON.parse(stdout)).toMatchObject({ stage: id, pipeline: pipeline.id });
    }
  });

  test("sign with a new secret once it is made, and no longer with the one before; who made it is written down", async () => {
    const asker = await signIn();
    const made: string[] = [];
    for (let n = 0; n < 2; n += 1) made.push((await asker.tell<SigningSecretMade>(secretPath(), {})).body.secret);
    const push = async (secret?: string) => {
      const [body, time] = ['{"record_id":"1"}', Math.floor(front.clock.at.getTime() / 1_000)];
      const authorization = `Bearer ${acme.connection.id}.${secret}`;
      const init = { method: "POST", headers: { authorization, "x-time": String(time) }, body };
      return (await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status;
    };
    expect(await push(made[0])).toBe(401);
    expect(await push(made[1])).toBe(422);
    const { body } = await asker.tell<{ entries: readonly { what: string; about: object }[] }>(
      "/api/v1/audit?what=signing_secret",
    );
    expect(body.entries[0]).toMatchObject({ what: "signing_secret.made", about: { connection: acme.connection.id } });
    expect(JSON.stringify(body)).not.toContain("whsec_");
  });
});

import { afterEach, describe, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import type { Access } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { silent } from "../postgres.ts";

afterEach(() => expect(({} as Record<string, unknown>).polluted).toBeUndefined());

/** An access to a CRM that answers whatever it is asked with this. */
function answering(id: "hubspot" | "salesforce", body: string | ((url: string) => unknown)) {
  const connector = connectors.get(id);
  if (!connector) throw new TypeError(id);
  const access: Access<unknown> = {
    tenantId: "ten_1" as TenantId,
    connectionId: "con_1" as ConnectionId,
    accountId: "1",
    config: connector.config.parse({}),
    baseUrl: "https://crm.example",
    fetch: async ({ url }) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      text: typeof body === "string" ? body : JSON.stringify(body(url)),
    }),
    token: async () => "token",
    clock: { now: () => new Date("2026-11-23T12:00:00Z") },
    log: silent,
  };
  return { connector, access };
}

const pieces = [
  "null",
  "1",
  "[]",
  "{}",
  '"text"',
  '{"results":null}',
  '{"results":[{}],"records":[{}]}',
  '{"results":[null],"records":[null],"totalSize":1,"done":true}',
  '{"__proto__":{"polluted":true},"results":[{"__proto__":{"polluted":true}}]}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"results":[{"id":"1","properties":{"__proto__":{"polluted":true}},"createdAt":"never","updatedAt":5}],"total":-1}',
  '{"results":[{"id":{},"label":[],"stages":{"length":1e9}}]}',
  '{"totalSize":1e308,"done":false,"nextRecordsUrl":"https://evil.example/","records":[{"Id":7,"CreatedDate":"2026"}]}',
  `{"results":${"[".repeat(45)}${"]".repeat(45)}}`,
  "not JSON at all",
  '{"results":[{"id":"1"',
];

describe("T33: data of a CRM that is not what it should be", () => {
  test.each(["hubspot", "salesforce"] as const)(
    "is refused by a code of ours or taken, but neither crashes nor changes anything (%s)",
    async (id) => {
      for (const body of pieces) {
        const { connector, access } = answering(id, body);
        const record = { object: id === "hubspot" ? "deal" : "lead", id: "00Q000000000001AAA" };
        for (const ask of [
          () => connector.account(access),
          () => connector.pipelines(access),
          () => connector.fields(access),
          () => connector.check(access),
          () => connector.read(access, [record]),
          () => connector.leads(access, [record]),
        ])
          await ask().catch((error: unknown) => {
            if (!isFailure(error)) throw new Error(`${body.slice(0, 60)}: ${error}`, { cause: error });
            expect(error.message.length).toBeLessThan(500);
          });
      }
    },
  );

  test("with a label of a million letters becomes a label that people can read", async () => {
    const long = "x".repeat(1_000_000);
    const stage = { id: "1", label: long, archived: false, displayOrder: 0, metadata: {} };
    const hubspot = answering("hubspot", (url) =>
      url.includes("/properties/")
        ? { name: "lifecyclestage", label: long, type: "enumeration", options: [] }
        : { results: [{ ...stage, stages: [stage] }] },
    );
    const salesforce = answering("salesforce", (url) =>
      url.endsWith("/services/data/")
        ? [{ version: "68.0" }]
        : {
            totalSize: 1,
            done: true,
            records: [
              { ApiName: "New", MasterLabel: long, IsConverted: false, IsActive: true, IsClosed: false, IsWon: false },
            ],
          },
    );
    for (const { connector, access } of [hubspot, salesforce]) {
      const found = await connector.pipelines(access);
      const labels = found.flatMap(({ label, stages }) => [label, ...stages.map((each) => each.label)]);
      expect(labels.length).toBeGreaterThan(2);
      expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(256);
    }
  });
});

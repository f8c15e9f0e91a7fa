import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { openClient } from "../../connectors/salesforce/client.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { leads } from "../../connectors/salesforce/leads.ts";
import { soql } from "../../connectors/salesforce/soql.ts";
import { isFailure } from "../../core/errors.ts";
import { createAccess } from "./access.ts";

/** What a Salesforce on a real port answers to a path and a query. */
type Script = (
  path: string,
  query: string,
) => { status?: number; type?: string; headers?: object; body: string } | undefined;

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function scripted(script: Script, config: unknown = {}) {
  const asked: { path: string; query: string; authorization: string | undefined }[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const query = url.searchParams.get("q") ?? "";
    if (url.pathname === "/token") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"access_token":"token-of-this-org"}');
      return;
    }
    asked.push({ path: url.pathname, query, authorization: request.headers.authorization });
    const {
      status = 200,
      type = "application/json;charset=UTF-8",
      headers = {},
      body,
    } = script(url.pathname, query) ?? {
      status: 404,
      body: '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]',
    };
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  };
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const grant = { accountId: "00D000000000001EAA", clientId: "c", clientSecret: "s", refreshToken: "r", baseUrl };
  return { access: createAccess(salesforce, { ...grant, tokenUrl: `${baseUrl}/token` }, config), asked };
}

const rowsOf = (...records: readonly object[]): { body: string } => ({
  body: JSON.stringify({ totalSize: records.length, done: true, records }),
});
const anId = z.object({ Id: z.string() });
const ask = { fields: ["Id"], from: "Lead" };

async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isFailure(error)) throw new Error(`no failure but ${String(error)}`);
  return error;
}

describe("the Salesforce client", () => {
  test("asks in version 68.0 with the token of its account, and in nothing else", async () => {
    const { access, asked } = await scripted(() => rowsOf({ Id: "1" }));
    expect(await openClient(access).page(ask, anId, "all")).toEqual({ rows: [{ Id: "1" }], more: false });
    expect(asked).toEqual([
      {
        path: "/services/data/v68.0/queryAll",
        query: "SELECT Id FROM Lead LIMIT 2000",
        authorization: "Bearer token-of-this-org",
      },
    ]);
  });

  test("speaks the newest version that an older org knows", async () => {
    const versions = JSON.stringify(
      ["31.0", "66.0", "67.0", "69.0"].map((version) => ({ version, label: "", url: "" })),
    );
    const { access, asked } = await scripted((path) => {
      if (path === "/services/data/") return { body: versions };
      return path.startsWith("/services/data/v67.0/") ? rowsOf({ Id: "1" }) : undefined;
    });
    const client = openClient(access);
    await client.page(ask, anId);
    await client.page(ask, anId);
    expect(asked.map(({ path }) => path)).toEqual([
      "/services/data/v68.0/query",
      "/services/data/",
      "/services/data/v67.0/query",
      "/services/data/v67.0/query",
    ]);
  });

  test("goes on after the last row when Salesforce makes batches smaller than asked", async () => {
    const ids = ["00Q000000000001AAA", "00Q000000000002AAA", "00Q000000000003AAA"];
    const { access } = await scripted((_path, query) => {
      const after = /Id > '(\w+)'/.exec(query)?.[1] ?? "";
      const rest = ids.filter((id) => id > after);
      const body = { totalSize: 9, done: rest.length <= 1, records: rest.slice(0, 1).map((Id) => ({ Id })) };
      return { body: JSON.stringify(body) };
    });
    expect((await openClient(access).rows(ask, anId)).map(({ Id }) => Id)).toEqual(ids);
  });

  test("keeps a lead id of 17 digits that lies in a number field", async () => {
    const { access } = await scripted(() => ({
      body: `{"totalSize":1,"done":true,"records":[{"Id":"00Q000000000001AAA","CreatedDate":"2026-11-20T08:00:00.000+0000",
        "LastName":"x","Meta_Lead_ID__c":90071992547409931,"City":"1, 12345678901234567"}]}`,
    }));
    const found = await leads(access, [{ object: "lead", id: "00Q000000000001AAA" }]);
    const lead = found.get("lead:00Q000000000001AAA");
    expect(lead?.leadId).toBe("90071992547409931");
    expect(lead?.contact.ct).toEqual(["1, 12345678901234567"]);
  });

  test("finds a field whatever case the admin wrote it in", async () => {
    const row = {
      Id: "00Q000000000001AAA",
      CreatedDate: "2026-11-20T08:00:00.000+0000",
      Meta_Lead_ID__c: "123456789012345",
    };
    const { access } = await scripted(() => rowsOf(row), { fields: { leadId: "meta_lead_id__C" } });
    const found = await leads(access, [{ object: "lead", id: row.Id }]);
    expect(found.get(`lead:${row.Id}`)?.leadId).toBe("123456789012345");
  });

  const error = (errorCode: string, message = "") => JSON.stringify([{ errorCode, message }]);
  test.for([
    ["a session that ran out", 401, error("INVALID_SESSION_ID"), "crm_token_stale"],
    ["a user without the API", 403, error("API_DISABLED_FOR_ORG"), "crm_forbidden"],
    [
      "an app that was closed out",
      401,
      error("INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
      "crm_forbidden",
    ],
    ["an object that is withheld", 400, error("INVALID_TYPE", "sObject type 'Lead' is not supported"), "crm_forbidden"],
    ["a field that is gone", 400, error("INVALID_FIELD"), "crm_schema"],
    ["a query that took too long", 400, error("QUERY_TIMEOUT"), "crm_unavailable"],
    ["an org that was moved", 420, "", "crm_unavailable"],
    ["a server out of service", 503, error("SERVER_UNAVAILABLE"), "crm_unavailable"],
    ["an error that nobody documented", 400, "{}", "crm_schema"],
  ] as const)("calls %s by its right name", async ([, status, body, code]) => {
    const { access, asked } = await scripted(() => ({ status, body }));
    expect((await failureOf(openClient(access).page(ask, anId))).code).toBe(code);
    expect(asked.length).toBe(1);
  });

  test("waits a quarter of an hour when the org's calls are used up", async () => {
    const { access } = await scripted(() => ({ status: 403, body: error("REQUEST_LIMIT_EXCEEDED") }));
    const { code, retryAt } = await failureOf(openClient(access).page(ask, anId));
    expect(code).toBe("crm_limit");
    expect(Math.round(((retryAt?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(15);
  });

  test("follows no redirect, so that no token leaves for another host", async () => {
    const { access, asked } = await scripted(() => ({ status: 302, headers: { location: "/elsewhere" }, body: "" }));
    expect((await failureOf(openClient(access).page(ask, anId))).code).toBe("crm_unavailable");
    expect(asked.length).toBe(1);
  });

  test("tells nothing of a person in what it throws", async () => {
    const { access } = await scripted(() => rowsOf({ Id: 7, Email: "anna@example.com" }));
    const failure = await failureOf(openClient(access).page(ask, anId));
    expect(failure.code).toBe("crm_schema");
    expect(JSON.stringify([failure.message, failure.cause])).not.toContain("anna");
  });

  test("takes Salesforce's time for now, but never one ahead of ours", async () => {
    for (const [date, expected] of [
      ["Fri, 20 Nov 2020 08:00:00 GMT", Date.parse("2020-11-20T08:00:00Z")],
      ["Fri, 20 Nov 2099 08:00:00 GMT", Date.now()],
    ] as const) {
      const { access } = await scripted(() => ({ ...rowsOf(), headers: { date } }));
      const client = openClient(access);
      await client.page(ask, anId);
      expect(Math.abs(client.now.getTime() - expected)).toBeLessThan(5000);
    }
  });
});

describe("SOQL", () => {
  test("takes no text for a name that is none", () => {
    expect(() => soql({ fields: ["Id FROM User"], from: "Lead" })).toThrow(TypeError);
    expect(salesforce.config.safeParse({ fields: { leadId: "Id,(SELECT Id FROM Tasks)" } }).success).toBe(false);
  });

  test("is never longer than Salesforce takes, however many records are asked for", async () => {
    const { access, asked } = await scripted(() => rowsOf());
    const records = Array.from({ length: 400 }, (_, n) => ({
      object: "lead",
      id: `00Q${String(n).padStart(12, "0")}AAA`,
    }));
    await leads(access, [...records, { object: "lead", id: "' OR Id != '" }]);
    expect(asked.length).toBe(3);
    for (const { path, query } of asked) {
      expect(query.slice(query.indexOf("WHERE")).length).toBeLessThan(4000);
      expect(path.length + encodeURIComponent(query).length).toBeLessThan(8000);
      expect(query).not.toContain("OR Id");
    }
  });
});

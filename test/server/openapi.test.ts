import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import app from "../../app.json" with { type: "json" };
import { stageChange } from "../../connectors/http/stage-change.ts";
import { stageChangePushed } from "../../server/api/ingest.ts";
import type { ProvidersView } from "../../server/api/providers.ts";
import { routes } from "../../server/app.ts";
import { type ApiDocument, documentOf } from "../../server/openapi/document.ts";
import { exampleOf } from "../../server/openapi/example.ts";
import { modules } from "../../server/openapi/names.ts";
import { type Operation, pathsOf } from "../../server/openapi/operation.ts";
import { referencePage } from "../../server/openapi/page.ts";
import type { Route } from "../../server/routes/route.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import { faults } from "./json-schema.ts";
import { type Belongings, belongingsOf, table } from "./sweep-table.ts";

let front: Front;
let acme: Customer;
let mine: Belongings;
let document: ApiDocument;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  mine = await belongingsOf(front, acme);
  const occurred_at = "2026-11-23T08:00:00Z";
  const change = { record_id: "1", pipeline: "sales", stage: "Prospecting", occurred_at, lead_id: "510000470389201" };
  const init = { method: "POST", headers: { authorization: acme.bearer }, body: JSON.stringify(change) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  await front.read();
  document = (await (await fetch(`${front.url}/api/v1/openapi.json`)).json()) as ApiDocument;
});
afterAll(() => front.close());

const ofApi = (): readonly Route[] =>
  routes(front.parts).filter(({ path }) => /^\/(api|ingest)\/v1\//.test(path) && path !== "/api/v1/openapi.json");
const operationsOf = (route: Route): readonly (readonly [path: string, operation: Operation])[] =>
  pathsOf(route).map((path) => {
    const operation = document.paths[path]?.[route.method];
    if (!operation) throw new Error(`${route.method} ${path} is not in the document`);
    return [path, operation];
  });

describe("the document", () => {
  test("is OpenAPI 3.1 and holds every route of the API, in one line of words each", () => {
    expect(document.openapi).toBe("3.1.1");
    expect(document.servers).toEqual([{ url: front.url }]);
    expect(ofApi().length).toBeGreaterThan(40);
    const told = ofApi().flatMap((route) =>
      operationsOf(route).map(([path, one]) => [route.method, path, one] as const),
    );
    for (const [method, path, { summary, description, responses }] of told) {
      expect(summary, `${method} ${path}`).toMatch(/^[A-Z].{5,120}[^.]$/);
      expect(description).toMatch(/\.$/);
      expect(Object.keys(responses), path).toEqual(expect.arrayContaining(["400", "429", "default"]));
    }
    const all = Object.values(document.paths).flatMap((operations) => Object.values(operations));
    expect(all).toHaveLength(told.length);
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  });

  test("has every part that it refers to, and no part that nothing refers to", () => {
    const text = JSON.stringify(document);
    const named = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(([, kind, name]) => `${kind}/${name}`),
    );
    const there = (["schemas", "responses"] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `${kind}/${name}`),
    );
    expect([...named].sort()).toEqual(there.sort());
    const schemes = Object.keys(document.components.securitySchemes);
    const used = Object.values(document.paths).flatMap((one) => Object.values(one).flatMap(({ security }) => security));
    expect([...new Set(used.flatMap((one) => Object.keys(one)))].sort()).toEqual(schemes.sort());
    expect(text).not.toMatch(/\$defs|\$schema/);
  });

  test("knows every file of schemas by its name", () => {
    const files = readdirSync(join(import.meta.dirname, "../../server/api")).map((file) => file.replace(/\.ts$/, ""));
    expect(Object.keys(modules).sort()).toEqual(files.filter((file) => !["words", "addresses"].includes(file)).sort());
  });

  test("says what may be asked in a query", () => {
    const { parameters = [] } = document.paths["/api/v1/connections/{id}/explain"]?.get ?? {};
    expect(parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ["id", "path", true],
      ["object", "query", true],
      ["record", "query", true],
    ]);
    const asked = Object.values(document.paths).flatMap(({ get }) => get?.parameters ?? []);
    expect(asked.filter((one) => one.in === "query").length).toBeGreaterThan(6);
  });

  test("says of every parameter in a path what it is called", () => {
    for (const [path, operations] of Object.entries(document.paths))
      for (const { parameters = [] } of Object.values(operations)) {
        const named = parameters.filter((one) => one.in === "path").map(({ name }) => `{${name}}`);
        expect(named, path).toEqual(path.match(/\{\w+\}/g) ?? []);
      }
  });

  test("names cookies as browsers know them: with their prefix where there is https", () => {
    const name = (url: string) => documentOf(routes(front.parts), url).components.securitySchemes.session;
    expect(name("https://a.example")).toMatchObject({ name: "__Host-session" });
    expect(name("http://localhost:1")).toMatchObject({ name: "session" });
  });

  test("its examples are taken by the routes' own schemas", () => {
    let seen = 0;
    for (const route of ofApi())
      for (const [path, { requestBody }] of operationsOf(route)) {
        const body = requestBody?.content?.["application/json"]?.schema;
        if (!body) continue;
        seen += 1;
        const example = exampleOf(body, document.components.schemas);
        expect(route.api?.body?.safeParse(example).error?.issues, `${path} ${JSON.stringify(example)}`).toBeUndefined();
      }
    expect(seen).toBeGreaterThan(15);
  });

  test("tells of pushed stage changes what the connector takes, field by field", () => {
    expect(Object.keys(stageChangePushed.shape).sort()).toEqual(Object.keys(stageChange.shape).sort());
    const required = (shape: object) =>
      Object.entries(shape).flatMap(([name, field]) => (field.safeParse(undefined).success ? [] : [name]));
    expect(required(stageChangePushed.shape)).toEqual(expect.arrayContaining(required(stageChange.shape)));
    expect(required(stageChangePushed.shape)).toHaveLength(required(stageChange.shape).length);
  });
});

describe("what the routes really answer", () => {
  test("is what the document says, to those who push", async () => {
    const change = { record_id: "2", pipeline: "sales", stage: "Engaging", occurred_at: "2026-11-23T08:30:00Z" };
    const push = (body: unknown) => {
      const headers = { "content-type": "application/json", authorization: acme.bearer };
      return fetch(`${front.url}/ingest/v1/stage-changes`, { method: "POST", headers, body: JSON.stringify(body) });
    };
    const responses = document.paths["/ingest/v1/stage-changes"]?.post?.responses ?? {};
    for (const [body, status] of [
      [[change, {}], 202],
      [change, 202],
      [{}, 422],
    ] as const) {
      const answer = await push(body);
      expect(answer.status).toBe(status);
      const schema = responses[String(status)]?.content?.["application/json"]?.schema ?? {};
      expect(faults(await answer.json(), schema, document.components.schemas)).toEqual([]);
    }
    const told = await fetch(`${front.url}/ingest/v1/outcomes`, {
      method: "POST",
      headers: { authorization: acme.bearer },
      body: JSON.stringify({ ids: ["nothing"] }),
    });
    const schema = document.paths["/ingest/v1/outcomes"]?.post?.responses["200"]?.content?.["application/json"]?.schema;
    expect(faults(await told.json(), schema ?? {}, document.components.schemas)).toEqual([]);
  });

  test("is what the document says, refusals included, to whoever calls", async () => {
    const seen = { good: 0, refused: 0 };
    for (const route of ofApi())
      for (const asker of ["owner", "nobody"] as const) {
        const entry = table[`${route.method} ${route.path}`];
        if (!entry) throw new Error(`sweep-table.ts does not know ${route.method} ${route.path}`);
        const [[path, operation] = []] = operationsOf(route);
        if (!path || !operation) throw new Error("unreachable");
        let address = path;
        for (const [name, id] of Object.entries((await entry.ids?.(mine)) ?? {}))
          address = address.replace(`{${name}}`, id);
        const named = entry.naming?.(mine);
        const body = named?.body ?? entry.body ?? {};
        const answer = await front.people.as(asker)(address + (named?.query ?? entry.query ?? ""), {
          method: route.method.toUpperCase(),
          ...(route.method === "post" && {
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
        });
        const what = `${asker}: ${route.method} ${address} ${answer.status}`;
        const good = answer.status < 300;
        const as = good ? (route.api?.as ?? "application/json") : "application/json";
        const value: unknown = as === "application/json" ? await answer.json() : await answer.text();
        seen[good ? "good" : "refused"] += 1;
        const content = operation.responses[String(answer.status)]?.content?.[as];
        if (good) {
          expect(content, what).toBeDefined();
          expect(answer.headers.get("content-type"), what).toContain(as);
          expect(faults(value, content?.schema ?? {}, document.components.schemas), what).toEqual([]);
        } else {
          expect(answer.headers.get("content-type"), what).toMatch(/^application\/problem\+json/);
          expect(Object.keys(operation.responses), what).toContain(String(answer.status));
          expect(faults(value, { $ref: "#/components/schemas/Problem" }, document.components.schemas), what).toEqual(
            [],
          );
        }
      }
    expect(seen.good).toBeGreaterThan(25);
    expect(seen.refused).toBeGreaterThan(25);
  });

  test("would be noticed if it were not", () => {
    const { schemas } = document.components;
    const problem = { $ref: "#/components/schemas/Problem" };
    const right = { type: "t", title: "t", status: 400, detail: "d", code: "c", fix: "f" };
    expect(faults(right, problem, schemas)).toEqual([]);
    expect(faults({ ...right, status: "400" }, problem, schemas)).toHaveLength(1);
    expect(faults({ ...right, fix: undefined }, problem, schemas)).toHaveLength(1);
    expect(faults([1, "2"], { type: "array", items: { type: "integer" } }, schemas)).toHaveLength(1);
    expect(faults("c", { enum: ["a", "b"] }, schemas)).toHaveLength(1);
    expect(faults(1, { anyOf: [{ type: "string" }, { type: "null" }] }, schemas)).toHaveLength(1);
  });
});

describe("the reference page", () => {
  test("runs nothing, loads nothing from anywhere, and may be framed by nobody", async () => {
    const answer = await fetch(`${front.url}/api/reference`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    const page = await answer.text();
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((href) => !/^(#|\/(?!\/))/.test(href))).toEqual([]);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`));
    expect(links.filter((href) => href.startsWith("#") && !ids.has(href))).toEqual([]);
  });

  test("shows every operation with a call to paste", async () => {
    const page = await (await fetch(`${front.url}/api/reference`)).text();
    for (const route of ofApi())
      for (const [path, { operationId }] of operationsOf(route)) {
        expect(page).toContain(`id="${operationId}"`);
        expect(page).toContain(`<code>${path}</code>`);
      }
    expect(page).toContain("curl &quot;$URL/api/v1/connections/con_0123456789/keys&quot;");
  });

  test("takes words for words, whatever is in them", () => {
    const [path = "", operations = {}] = Object.entries(document.paths)[0] ?? [];
    const planted = `<img src=x onerror="alert(1)">`;
    const get = { ...operations.get, summary: planted, description: planted } as Operation;
    const page = referencePage({ ...document, paths: { [path]: { get } }, info: { ...document.info, title: planted } });
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  });
});

test("the install page is told what app.json says, scope by scope with its reason, and no secret", async () => {
  const { providers } = (await (await fetch(`${front.url}/api/v1/providers`)).json()) as ProvidersView;
  expect(providers.map(({ id, scopes, configured }) => [id, scopes, configured])).toEqual([
    ["hubspot", app.connectors.hubspot.scopes, false],
    ["salesforce", app.connectors.salesforce.scopes, false],
  ]);
  const salesforce = providers.find(({ id }) => id === "salesforce");
  expect(salesforce?.places.map(({ label }) => label)).toEqual(["Production", "Sandbox"]);
  const own = new RegExp(salesforce?.ownHosts?.pattern ?? "^$");
  expect(["acme.my.salesforce.com", "acme--dev.sandbox.my.salesforce.com"].map((host) => own.test(host))).toEqual([
    true,
    true,
  ]);
  expect(["evil.example", "acme.my.salesforce.com.evil.example"].map((host) => own.test(host))).toEqual([false, false]);
  expect(providers.find(({ id }) => id === "hubspot")?.ownHosts).toBeUndefined();
});

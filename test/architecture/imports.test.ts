import { expect, test } from "vitest";
import { reachesOut, violations } from "./import-rule.ts";
import { imports, sources } from "./tree.ts";

const files = sources("core", "connectors", "server", "scripts");

test("every file is seen, and most of them import something", () => {
  expect(files.size).toBeGreaterThan(120);
  for (const file of [
    "core/ingest.ts",
    "connectors/index.ts",
    "connectors/hubspot/index.ts",
    "server/main.ts",
    "server/console/main.tsx",
  ])
    expect([...files.keys()]).toContain(file);
  expect([...files.values()].filter((text) => imports(text).length > 0).length).toBeGreaterThan(files.size * 0.7);
});

test("nobody imports what his room may not", () => {
  expect(violations(files)).toEqual([]);
});

test("core and the connectors reach for nothing in the outside world", () => {
  const pure = new Map([...files].filter(([file]) => /^(core|connectors)\//.test(file)));
  expect(pure.size).toBeGreaterThan(40);
  expect(reachesOut(pure)).toEqual([]);
});

test.each([
  ["core/x.ts", 'import express from "express";'],
  ["core/x.ts", 'import { hubspot } from "../connectors/hubspot/index.ts";'],
  ["core/meta/x.ts", 'export * from "../../server/config.ts";'],
  ["core/x.ts", 'const fs = await import("node:fs");'],
  ["connectors/hubspot/x.ts", 'import { salesforce } from "../salesforce/index.ts";'],
  ["connectors/hubspot/x.ts", 'import { request } from "undici";'],
  ["connectors/salesforce/x.ts", 'import "../../server/store/open.ts";'],
  ["server/sandbox/x.ts", 'import { limits } from "../../core/meta/limits.ts";'],
  ["server/app.ts", 'import { createMeta } from "./sandbox/meta/index.ts";'],
  ["server/console/x.tsx", 'import { openStore } from "../store/open.ts";'],
  ["nowhere/x.ts", ""],
])("a violation planted in %s (%s) is found", (file, text) => {
  expect(violations(new Map([[file, text]]))).toHaveLength(1);
});

test.each([
  "const port = process.env.PORT;",
  "const now = Date.now();",
  "const now = new Date();",
  "const dice = Math.random();",
  "setTimeout(() => {}, 1);",
  'await fetch("https://example.com");',
  'console.log("x");',
])("reaching out by %s is found", (text) => {
  expect(reachesOut(new Map([["core/x.ts", text]]))).toHaveLength(1);
});

test("words in comments and strings are not taken for reaching out", () => {
  const text = '// process.env and Date.now()\n/* Math.random */ const a = "fetch( setTimeout"; await access.fetch(a);';
  expect(reachesOut(new Map([["core/x.ts", text]]))).toEqual([]);
});

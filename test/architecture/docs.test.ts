import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import app from "../../app.json" with { type: "json" };
import { connectors } from "../../connectors/index.ts";
import manifest from "../../package.json" with { type: "json" };
import { rendered } from "../../scripts/rendered.ts";
import { root } from "./tree.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true }).map((file) => `docs/${file}`),
].filter((path) => path.endsWith(".md"));

test("the README fits on a few screens", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(120);
});

test("every npm command that a page names exists", () => {
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name),
  );
  const scripts = new Set([...Object.keys(manifest.scripts), "ci", "install"]);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !scripts.has(name))).toEqual([]);
});

test("every file that a page names exists", () => {
  const path = /`((?:core|connectors|server|test|docs|scripts)\/[\w./-]+?)`/g;
  const missing = pages.flatMap((page) =>
    [...read(page).matchAll(path)]
      .map(([, name = ""]) => name)
      .filter((name) => !existsSync(join(root, name)))
      .map((name) => `${page}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("every environment variable that the server reads is in the README, and no other", () => {
  const variables = [...read("server/config.ts").matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  const readme = read("README.md") + read("docs/operations/README.md");
  expect(variables.length).toBeGreaterThan(15);
  expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test("rendered pages are not out of date", () => {
  for (const [path, text] of rendered()) expect(read(path), `${path}: run npm run render`).toBe(text);
});

test("app.json says of every connector what its manifest says", () => {
  expect(Object.keys(app.connectors).sort()).toEqual([...connectors.keys()].sort());
  for (const [id, { manifest: said }] of connectors)
    expect(app.connectors[id as keyof typeof app.connectors].scopes, id).toEqual(said.scopes);
});

test("Meta would take our name: under 23 characters, at least two letters", () => {
  expect(app.meta.partnerAgent).toMatch(/^(?=.*[a-z].*[a-z])[a-z0-9_.]{2,22}$/);
});

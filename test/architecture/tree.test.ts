import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { root, sources } from "./tree.ts";

test("the top level holds what was agreed and nothing else", () => {
  const agreed = [
    "connectors",
    "core",
    "server",
    "test",
    "package.json",
    "tsconfig.json",
    "app.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "docs",
    "scripts",
  ];
  const settings = ["package-lock.json", "biome.json", "knip.json", "vitest.config.ts"];
  const made = ["node_modules", "dist", "data"];
  const found = readdirSync(root).filter((name) => !name.startsWith("."));
  expect(found.filter((name) => ![...agreed, ...settings, ...made].includes(name))).toEqual([]);
  expect(agreed.filter((name) => !found.includes(name))).toEqual([]);
});

test("no file is named for a pattern", () => {
  const files = [...sources("core", "connectors", "server", "scripts", "test").keys()];
  expect(files.length).toBeGreaterThan(250);
  expect(
    files.filter((file) => /(^|[/-])(utils?|helpers?|common|manager|service|base|misc|shared)[./-]/.test(file)),
  ).toEqual([]);
  expect(files.filter((file) => !/^[a-z0-9./-]+$/.test(file.replace(/\/[A-Z]\w*\.tsx$/, "")))).toEqual([]);
});

test("sources stay short enough to be read at a sitting", () => {
  const long = [...sources("core", "connectors", "server", "scripts")].map(
    ([file, text]) => [file, text.split("\n").length] as const,
  );
  // The catalogue is a table: nobody reads it from end to end.
  expect(long.filter(([file, lines]) => lines > 250 && file !== "core/problems.ts")).toEqual([]);
});

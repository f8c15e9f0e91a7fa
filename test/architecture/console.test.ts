import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { literalWords, sidedStyles } from "./console-words.ts";
import { imports, root, sources } from "./tree.ts";

const pages = [...sources("server/console")].filter(([file]) => file.endsWith(".tsx"));
const styles = readdirSync(join(root, "server/console"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".css"),
);

test("no word that a person reads stands in a page: all come from the file of texts", () => {
  expect(pages.length).toBeGreaterThan(80);
  expect(pages.flatMap(([file, text]) => literalWords(file, text).map((words) => `${file}: ${words}`))).toEqual([]);
});

test.each([
  "const a = <p>Hello there</p>;",
  'const a = <button aria-label="Close it" />;',
  'const a = <p>{open ? "Open" : names}</p>;',
  'const a = <p>{open && "Open"}</p>;',
  "const a = <p>{`Open`}</p>;",
  'const a = <Card title="Members" />;',
  "const a = <Card aside={<b>Members</b>} />;",
])("words planted in a page (%s) are found", (text) => {
  expect(literalWords("x.tsx", text)).toHaveLength(1);
});

test("marks, classes and codes in a page are not taken for words", () => {
  const text =
    'const a = <p className="page" data-tone="live" role="alert">{texts.open} · {n === "x" && 3} <kbd>Esc</kbd></p>;';
  expect(literalWords("x.tsx", text)).toEqual([]);
});

test("styles say start and end, never left and right", () => {
  expect(styles.length).toBeGreaterThan(30);
  const found = styles.flatMap((file) =>
    sidedStyles(readFileSync(join(root, "server/console", file), "utf8")).map((sided) => `${file}: ${sided}`),
  );
  expect(found).toEqual([]);
  expect(
    sidedStyles(
      "a { margin-left: 1px; left: 0 } b { text-align: left; border-top-left-radius: 1px; inset: 0 0 auto auto }",
    ),
  ).toHaveLength(5);
  expect(sidedStyles("a { margin-inline-start: 1px; inset-inline: 0; padding: 1px 2px 3px 2px; --left: 1 }")).toEqual(
    [],
  );
});

test("every component of Mantine's that a page uses has its styles in, in Mantine's order", () => {
  const inn = imports(readFileSync(join(root, "server/console/styles.ts"), "utf8"))
    .filter((module) => module.startsWith("@mantine/core/styles/"))
    .map((module) => module.slice("@mantine/core/styles/".length, -".css".length));
  const used = new Set(
    pages.flatMap(([, text]) =>
      [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@mantine\/core"/g)].flatMap(([, names]) =>
        (names ?? "").split(",").map((name) => name.replace(/^\s*type\s.*/, "").trim()),
      ),
    ),
  );
  const styled = readdirSync(join(root, "node_modules/@mantine/core/styles"))
    .filter((file) => file.endsWith(".css"))
    .map((file) => file.slice(0, -".css".length));
  expect(inn.length).toBeGreaterThan(15);
  expect([...used].filter((name) => styled.includes(name) && !inn.includes(name))).toEqual([]);
});

test("the folder of texts is the only one that imports other texts, and everybody else takes them from it", () => {
  const direct = pages.filter(([, text]) => imports(text).some((module) => /texts\/en(\/|\.ts)/.test(module)));
  expect(direct.map(([file]) => file)).toEqual([]);
});

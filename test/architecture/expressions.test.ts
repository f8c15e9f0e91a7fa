import { expect, test } from "vitest";
import { sources } from "./tree.ts";

/**
 * A group that repeats inside and is itself repeated can take minutes over a short text (T21). Told by the form, so that a
 * harmless one has to be named here.
 */
const nested = /\((?:[^()\\\n]|\\.)*(?<!\\)[+*](?:[^()\\\n]|\\.)*\)(?:[+*]|\{\d+,)/;

const harmless: Readonly<Record<string, string>> = {
  "core/meta/match-keys/email.ts":
    "each repetition begins with a dot, which is not in the class: one way to read any text",
};
/** Expressions that are put together while we run, and of what. */
const composed: Readonly<Record<string, string>> = {
  "core/audit.ts": "a number of ours",
  "server/routes/api-route.ts": "a prefix of ours",
  "server/console/sign-in/start-address.ts": "a connector's own manifest",
};

const files = [...sources("core", "connectors", "server")].filter(([file]) => !file.startsWith("server/sandbox/"));
const matching = (form: RegExp) => files.filter(([, text]) => form.test(text)).map(([file]) => file);

test("T21: no expression repeats what repeats, so no text that comes from outside keeps us busy", () => {
  expect(files.length).toBeGreaterThan(300);
  expect(matching(nested).sort()).toEqual(Object.keys(harmless).sort());
});

test("T21: nobody outside says what is searched for", () => {
  expect(matching(/new RegExp\(/).sort()).toEqual(Object.keys(composed).sort());
});

test.each(["/(a+)+$/", "/^(\\d*\\.)*$/", "/([a-z]+){2,}/", "/(?:x|y*)*/"])("T21: %s would be found", (expression) => {
  expect(nested.test(expression)).toBe(true);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLines } from "../../server/console/inspector/json-lines.ts";

const shown = (text: string): string =>
  jsonLines(text)
    .map(({ depth, parts }) => "  ".repeat(depth) + parts.map((part) => part.text).join(""))
    .join("\n");

test("an event is laid out as objects in lines and lists in one", () => {
  expect(shown('{"a":"x","user_data":{"em":["1","2"],"fn":[]},"n":1.5,"b":true}')).toBe(
    [
      "{",
      '  "a": "x",',
      '  "user_data": {',
      '    "em": ["1", "2"],',
      '    "fn": []',
      "  },",
      '  "n": 1.5,',
      '  "b": true',
      "}",
    ].join("\n"),
  );
});

test("a lead id keeps every digit, though no JavaScript number holds it", () => {
  expect(shown('{"lead_id":12345678901234567}')).toContain('"lead_id": 12345678901234567');
});

test("marks within a text open and close nothing", () => {
  expect(shown('{"a":"{[,:]} \\"b\\": "}')).toBe('{\n  "a": "{[,:]} \\"b\\": "\n}');
});

test("whatever is laid out is the same JSON as before", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(shown(text))).toEqual(JSON.parse(text));
    }),
  );
});

test("what is no JSON is shown too, and loses nothing but blanks", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bare = (of: string) => of.replaceAll(/\s/g, "");
      expect(bare(shown(text))).toBe(bare(text));
    }),
  );
});

import { readFileSync } from "node:fs";
import { ParamBuilder } from "capi-param-builder-nodejs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchKeys } from "../../core/meta/match-keys.ts";
import { type MatchKey, matchKeyNames } from "../../core/types.ts";
import { textUnder } from "./texts.ts";

/** Meta's newest normaliser, whose hash must always be among ours unless a named exception says why not. */
const oracle = new ParamBuilder([]);
const oracleNames: Readonly<Record<MatchKey, string>> = {
  em: "email",
  ph: "phone",
  fn: "first_name",
  ln: "last_name",
  ct: "city",
  st: "state",
  zp: "zip_code",
  country: "country",
  db: "date_of_birth",
  ge: "gender",
  external_id: "external_id",
};
const oracleSource = (file: string) =>
  readFileSync(new URL(`../../node_modules/capi-param-builder-nodejs/${file}`, import.meta.url), "utf8");
const oracleCountries = new Map(
  [
    ...(/COUNTRY_MAPPINGS = \{([\s\S]*?)\n\};/.exec(oracleSource("src/piiUtil/stringUtil.js"))?.[1] ?? "").matchAll(
      /(\w+): '(\w\w)'/g,
    ),
  ].map(([, name = "", code = ""]) => [name, code] as const),
);

const theirs = (key: MatchKey, text: string): string | undefined =>
  oracle.getNormalizedAndHashedPII(text, oracleNames[key])?.split(".")[0];
const ours = (key: MatchKey, value: string, country?: string): readonly string[] =>
  matchKeys(
    { contact: { [key]: [value] } },
    { allowedKeys: [key], now, ...(country === undefined ? {} : { defaultCountry: country }) },
  ).keys[key] ?? [];
const now = new Date("2026-11-23T12:00:00Z");

const latin = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
const wordsOnly = (text: string) => text.replace(/[^\p{L}\p{M}\p{N}]/gu, "");
const hasForeignDigit = (text: string) => /[\p{Nd}＋]/u.test(text.replace(/[0-9]/g, ""));

/** Each says for which keys and texts we knowingly do not send what Meta's library would, and shows one. */
const exceptions: readonly {
  readonly why: string;
  readonly keys: readonly MatchKey[];
  readonly covers: (text: string) => boolean;
  readonly example: string;
}[] = [
  {
    why: "a look-alike of MD5 or SHA-256 is no hash unless the admin says so",
    keys: matchKeyNames,
    covers: (text) => /^\s*([0-9a-f]{32}|[0-9a-f]{64})(\..{2}|\..{8})?\s*$/i.test(text),
    example: "0f8fad5bd9cb469fa16570867728950e",
  },
  {
    why: "a value of more than 1,000 characters is a note",
    keys: ["external_id", "fn"],
    covers: (text) => text.length > 1_000,
    example: "x".repeat(1_001),
  },
  {
    why: "an address has at most 254 characters (RFC 5321)",
    keys: ["em"],
    covers: (text) => text.trim().length > 254,
    example: `${"a".repeat(250)}@example.com`,
  },
  {
    why: "a colon before a dot is a slip in the library's pattern",
    keys: ["em"],
    covers: (text) => text.includes(":."),
    example: "a:.b@example.com",
  },
  {
    why: "a phone number without a country code is another person's elsewhere",
    keys: ["ph"],
    covers: (text) => !/^([^0-9+]*\+|[^0-9]*0[^0-9]*0)/.test(text),
    example: "0170 1234567",
  },
  {
    why: "a phone number has 8 to 15 digits",
    keys: ["ph"],
    covers: (text) => !/^\d{8,15}$/.test(text.replace(/\D/g, "").replace(/^0+/, "")),
    example: "+1800",
  },
  {
    why: "an extension is not part of the number",
    keys: ["ph"],
    covers: (text) =>
      /(;\s*ext=|extension|extn?|ext|x|poste|durchwahl|anexo|ramal|доб|#|,|;)[\s.:]*\d{1,6}\s*$/iu.test(text),
    example: "+1 650 555 1212 ext. 34",
  },
  {
    why: "digits of every script are digits",
    keys: ["ph", "db"],
    covers: hasForeignDigit,
    example: "+49 170 1234567 ٨٩",
  },
  {
    why: "a name without a letter is none",
    keys: ["fn", "ln"],
    covers: (text) => text.replace(/[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}\s]/gu, "") === "",
    example: "—",
  },
  {
    why: "a postal code has at least two letters or digits",
    keys: ["zp"],
    covers: (text) => wordsOnly(text).length < 2,
    example: "??",
  },
  {
    why: "no country is guessed from the first two letters or a part of the text",
    keys: ["country"],
    covers: (text) => latin(text).length !== 2 && !oracleCountries.has(latin(text)),
    example: "Österreich",
  },
  {
    why: "a country code is one that ISO lists",
    keys: ["country"],
    covers: (text) => latin(text).length === 2,
    example: "zz",
  },
  {
    why: "a birth date is a day that exists, from 1900 until now",
    keys: ["db"],
    covers: (text) => {
      const groups = (text.match(/\d+/g) ?? []).map(Number);
      const compact = /^\D*(\d{4})(\d\d)(\d\d)\D*$/.exec(text);
      const parts = compact ? compact.slice(1).map(Number) : groups.slice(0, 3);
      const year = parts.find((part) => part > 31) ?? 0;
      const [a = 0, b = 0] = parts.filter((part) => part !== year);
      const exists = (month: number, day: number) =>
        month >= 1 && month <= 12 && day >= 1 && day <= new Date(year, month, 0).getDate();
      return (
        year < 1900 ||
        year > 2026 ||
        !(exists(a, b) || exists(b, a)) ||
        (compact !== null && !exists(a, b)) ||
        new Date(year, a - 1, b) > now ||
        new Date(year, b - 1, a) > now
      );
    },
    example: "1997-02-30",
  },
];

function check(key: MatchKey, value: string): "same" | "excepted" | "none" {
  const text = value
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\0-\x08\x0e-\x1f\x7f]/g, "");
  const theirHash = theirs(key, text);
  if (theirHash === undefined) return "none";
  if (ours(key, value).includes(theirHash)) return "same";
  const exception = exceptions.find(({ keys, covers }) => keys.includes(key) && covers(text));
  expect(exception, `${key} ${JSON.stringify(value)}`).toBeDefined();
  return "excepted";
}

describe("The hash of Meta's own library is always among ours", () => {
  test.each(matchKeyNames)("for any text under %s", (key) => {
    let same = 0;
    fc.assert(
      fc.property(textUnder(key), (value) => {
        if (check(key, value) === "same") same++;
      }),
      { numRuns: Number(process.env.ORACLE_RUNS ?? 600) },
    );
    expect(same, "the property compared nothing").toBeGreaterThan(20);
  });

  const files: Readonly<Record<string, readonly MatchKey[]>> = {
    emailUtil: ["em"],
    phoneUtil: ["ph"],
    nameUtil: ["fn", "ln"],
    cityUtil: ["ct"],
    stateUtil: ["st"],
    zipCodeUtil: ["zp"],
    countryUtil: ["country"],
    dobUtil: ["db"],
    genderUtil: ["ge"],
    externalIDUtil: ["external_id"],
  };
  test.each(Object.entries(files))("for every text in the library's own test %s", (file, keys) => {
    const source = oracleSource(`tests/${file}.test.js`);
    const texts = [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g)].map(([, a, b]) =>
      (a ?? b ?? "").replace(/\\(['"\\])/g, "$1"),
    );
    expect(texts.length).toBeGreaterThan(50);
    const found = texts.flatMap((text) => keys.map((key) => check(key, text)));
    expect(found.filter((result) => result === "same").length).toBeGreaterThan(10);
  });

  test("for every country name the library knows", () => {
    expect(oracleCountries.size).toBeGreaterThan(250);
    for (const name of oracleCountries.keys()) expect([name, check("country", name)]).toEqual([name, "same"]);
  });
});

describe("Each named exception is one that happens:", () => {
  test.each(exceptions)("$why", ({ keys, covers, example }) => {
    const key = keys[0] as MatchKey;
    expect(covers(example)).toBe(true);
    expect(theirs(key, example)).toBeDefined();
    expect(ours(key, example)).not.toContain(theirs(key, example));
  });
});

import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchKeys, type NormaliseContext, normalise } from "../../core/meta/match-keys.ts";
import { type Lead, type MatchKey, matchKeyNames } from "../../core/types.ts";
import { anyText } from "./texts.ts";

const forms = (key: MatchKey, value: string, context: NormaliseContext = {}) => {
  const result = normalise(key, value, context);
  return "values" in result ? result.values : result.dropped;
};
const keysOf = (lead: Omit<Partial<Lead>, "leadId">, options: { defaultCountry?: string } = {}) =>
  matchKeys({ contact: {}, ...lead }, { allowedKeys: matchKeyNames, ...options });

describe("The hashes printed in Meta's documentation come out of the inputs printed beside them:", () => {
  test.each<[MatchKey, string, string]>([
    ["em", "John_Smith@gmail.com", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"],
    ["ph", "US phone number (650)555-1212", "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"],
    ["fn", "Mary", "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"],
    ["fn", "정", "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14"],
    ["fn", "Valéry", "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"],
    ["db", "2/16/1997", "01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c"],
    ["country", "United States", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"],
  ])("%s %s", (key, value, expected) => {
    const { keys } = keysOf({ contact: { country: ["United States"], [key]: [value] } });
    expect(keys[key]).toEqual([expected]);
    const decomposed = keysOf({ contact: { country: ["US"], [key]: [value.normalize("NFD")] } });
    expect(decomposed.keys[key]).toEqual([expected]);
  });
});

describe("The documented form comes first and Meta's library's own form follows:", () => {
  test.each<[MatchKey, string, readonly string[], NormaliseContext?]>([
    ["em", "  Jane.Doe+crm@Example.COM ", ["jane.doe+crm@example.com"]],
    ["em", "ja\u200bne@example.com", ["jane@example.com"]],
    ["em", "josé@bücher.example", ["josé@bücher.example"]],
    ["fn", "Jean-Luc", ["jeanluc"]],
    ["ln", "O’Connor", ["oconnor", "o’connor"]],
    ["ln", "van der Berg", ["vanderberg"]],
    ["ln", "O'Neil, Jr.", ["oneiljr"]],
    ["fn", "ΝΊΚΟΣ", ["νίκος"]],
    ["fn", "عبد الله", ["عبدالله"]],
    ["fn", "Søren", ["søren"]],
    ["fn", "Владимир", ["владимир"]],
    ["ln", "山田", ["山田"]],
    ["fn", "अमित", ["अमित"]],
    ["ct", "São Paulo", ["sãopaulo", "sopaulo"]],
    ["ct", "Zürich", ["zürich", "zrich"]],
    ["ct", "Москва", ["москва"]],
    ["ct", "St. Louis", ["stlouis"]],
    ["ct", "New York", ["newyork"]],
    ["st", "California", ["ca"]],
    ["st", "CA", ["ca"]],
    ["st", "New South Wales", ["newsouthwales", "ne"], { country: "au" }],
    ["st", "Bayern", ["bayern", "ba"], { country: "DE" }],
    ["st", "Maine-et-Loire", ["maineetloire", "me"], { country: "fr" }],
    ["st", "Florida", ["florida", "fl"], { country: "uy" }],
    ["st", "State of West Virginia", ["wv", "va"], { country: "us" }],
    ["st", "District of Columbia", ["dc", "di"], { country: "us" }],
    ["st", "Ontario", ["on"], { country: "ca" }],
    ["st", "Московская область", ["московскаяобласть"], { country: "ru" }],
    ["zp", "94035-1234", ["94035"]],
    ["zp", "940351234", ["94035", "940351234"], { country: "us" }],
    ["zp", "SW1A 1AA", ["sw1a1aa", "sw1a 1aa"]],
    ["zp", "00-950", ["00950", "00"], { country: "pl" }],
    ["zp", "K1A 0B1", ["k1a0b1", "k1a 0b1"], { country: "ca" }],
    ["zp", "〒100-0001", ["1000001", "〒100"], { country: "jp" }],
    ["zp", "75018", ["75018"]],
    ["country", "de", ["de"]],
    ["country", "UK", ["gb", "uk"]],
    ["country", "U.S.A.", ["us"]],
    ["country", "GBR", ["gb"]],
    ["country", "AUT", ["at"]],
    ["country", "The Netherlands", ["nl"]],
    ["country", "Österreich", ["at"]],
    ["country", "España", ["es"]],
    ["country", "Côte d’Ivoire", ["ci"]],
    ["country", "México", ["mx"]],
    ["country", "Россия", ["ru"]],
    ["country", "日本", ["jp"]],
    ["country", "مصر", ["eg"]],
    ["country", "대한민국", ["kr"]],
    ["country", "Bosnia & Herzegovina", ["ba"]],
    ["db", "1997-02-16", ["19970216"]],
    ["db", "1997-02-16T00:00:00.000Z", ["19970216"]],
    ["db", "16.02.1997", ["19970216"]],
    ["db", "1997年2月16日", ["19970216"]],
    ["db", "19970216", ["19970216"]],
    ["db", "3/4/1997", ["19970304"]],
    ["db", "3/4/1997", ["19970304"], { country: "us" }],
    ["db", "3/4/1997", ["19970403", "19970304"], { country: "gb" }],
    ["db", "03.04.1997", ["19970403", "19970304"]],
    ["db", "١٦/٢/١٩٩٧", ["19970216"]],
    ["ge", "Female", ["f"]],
    ["ge", " M ", ["m"]],
    ["ge", "Männlich", ["m"]],
    ["ge", "женский", ["f"]],
    ["external_id", " 003 Ab C ", ["003abc"]],
    ["external_id", "0F8FAD5BD9CB469FA16570867728950E", ["0f8fad5bd9cb469fa16570867728950e"]],
  ])("%s %s → %j", (key, value, expected, context) => {
    expect(forms(key, value, context)).toEqual(expected);
  });
});

describe("What cannot be normalised is dropped with its reason:", () => {
  test.each<[MatchKey, string, string, NormaliseContext?]>([
    ["em", "n/a", "not_an_address"],
    ["em", "jane@localhost", "not_an_address"],
    ["em", "jane@@example.com", "not_an_address"],
    ["em", "jane..doe@example.com", "not_an_address"],
    ["em", "jane@example..com", "not_an_address"],
    ["em", "jane@-example.com", "not_an_address"],
    ["em", "Jane <jane@example.com>", "not_an_address"],
    ["em", `${"a".repeat(250)}@example.com`, "not_an_address"],
    ["em", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f", "looks_hashed"],
    ["fn", "d41d8cd98f00b204e9800998ecf8427e", "looks_hashed"],
    ["fn", "—", "not_a_name"],
    ["ct", "???", "not_a_city"],
    ["st", "-", "not_a_state"],
    ["zp", "--", "not_a_postal_code"],
    ["zp", "7", "not_a_postal_code"],
    ["country", "Atlantis", "not_a_country"],
    ["country", "zz", "not_a_country"],
    ["db", "unknown", "not_a_date"],
    ["db", "31/02/1997", "not_a_date"],
    ["db", "1897-02-16", "not_a_date"],
    ["db", "97-02-16", "not_a_date"],
    ["db", "16021997", "not_a_date"],
    ["db", "2027-01-01", "not_a_date", { now: new Date("2026-11-23T00:00:00Z") }],
    ["ge", "divers", "not_f_or_m"],
    ["fn", "x".repeat(1_001), "too_long"],
  ])("%s %s → %s", (key, value, expected, context) => {
    expect(forms(key, value, context)).toBe(expected);
  });
});

test("No value of any kind makes it throw, and what comes out is never blank or raw", () => {
  fc.assert(
    fc.property(fc.constantFrom(...matchKeyNames), anyText, (key, value) => {
      const { keys, dropped } = keysOf({ contact: { [key]: [value] } }, { defaultCountry: "DE" });
      for (const digest of keys[key] ?? []) expect(digest).toMatch(/^[0-9a-f]{64}$/);
      if (value.trim() === "") expect([keys, dropped]).toEqual([{}, []]);
      else expect((keys[key]?.length ?? 0) + dropped.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test("The documented form of a value is its own documented form", () => {
  const context = { country: "gb" };
  fc.assert(
    fc.property(fc.constantFrom(...matchKeyNames), anyText, (key, value) => {
      const once = forms(key, value, context);
      if (typeof once === "string") return;
      const [first] = once;
      // A name of 32 letters that all are hexadecimal digits would look hashed.
      if (/^([0-9a-f]{32}){1,2}$/.test(`${first}`)) return;
      // A phone number in its hashed form has lost its plus; it is given back to it as any sender of E.164 would.
      expect(forms(key, key === "ph" ? `+${first}` : `${first}`, context)[0]).toBe(first);
    }),
    { numRuns: 2_000 },
  );
});

test("Values of keys marked as hashed pass only as SHA-256, in lower case and without the library's appendix", () => {
  const digest = hash("sha256", "jane@example.com");
  const result = keysOf({
    contact: { em: [digest.toUpperCase(), `${digest}.AQQCAQMC`, "jane@example.com"], ph: ["+4917012345678"] },
    hashed: ["em"],
  });
  expect(result.keys.em).toEqual([digest]);
  expect(result.dropped).toEqual(["em:not_a_hash"]);
  expect(result.keys.ph).toEqual([hash("sha256", "4917012345678")]);
});

test("Only allowed keys come out, and the country still helps to read the phone number", () => {
  const lead: Lead = { contact: { country: ["Deutschland"], ph: ["0170 1234567"], fn: ["Anna"] } };
  const { keys, dropped } = matchKeys(lead, { allowedKeys: ["ph"], defaultCountry: "US" });
  expect(keys).toEqual({ ph: [hash("sha256", "491701234567")] });
  expect(dropped).toEqual([]);
});

test("Several values keep their order and are not repeated", () => {
  const { keys } = keysOf({ contact: { em: ["b@x.io", "A@x.io", "B@X.IO", " "] } });
  expect(keys).toEqual({ em: [hash("sha256", "b@x.io"), hash("sha256", "a@x.io")] });
});

test("NUL, control characters and lone surrogates are taken out before hashing", () => {
  expect(forms("fn", "Ma\0ry\x07")).toEqual(["mary"]);
  expect(forms("external_id", "a\ud800b")).toEqual(["a\ufffdb"]);
});

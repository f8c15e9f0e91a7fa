import { type CountryCode, getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, test } from "vitest";
import { countries } from "../../core/meta/match-keys/countries.ts";
import { normalise } from "../../core/meta/match-keys.ts";

const phone = (text: string, country?: string) => {
  const result = normalise("ph", text, country === undefined ? {} : { country });
  return "values" in result ? result.values : result.dropped;
};

describe("A phone number becomes digits with the country code:", () => {
  test.each<[string, string | undefined, readonly string[] | string]>([
    ["+1 (650) 555-1212", undefined, ["16505551212"]],
    ["p:+16505551212", undefined, ["16505551212"]],
    ["tel:+44-20-7946-0958", undefined, ["442079460958"]],
    ["0044 20 7946 0958", undefined, ["442079460958"]],
    ["+49 (0)170 1234567", undefined, ["491701234567", "4901701234567"]],
    ["+39 06 1234 5678", undefined, ["390612345678"]],
    ["＋81 ９０-1234-5678", undefined, ["819012345678"]],
    ["\u202a+971 50 123 4567\u202c", undefined, ["971501234567"]],
    ["٠٥٠ ١٢٣ ٤٥٦٧", "AE", ["971501234567"]],
    ["०९८७६५४३२१०", "in", ["919876543210"]],
    ["0170/1234567", "de", ["491701234567"]],
    ["49 170 1234567", "de", ["491701234567"]],
    ["06 12 34 56 78", "fr", ["33612345678"]],
    ["06 1234 5678", "it", ["390612345678"]],
    ["8 (912) 345-67-89", "ru", ["79123456789"]],
    ["7 912 345 67 89", "ru", ["79123456789"]],
    ["9123456789", "ru", ["79123456789"]],
    ["06 30 123 4567", "hu", ["36301234567"]],
    ["1-650-555-1212", "us", ["16505551212"]],
    ["6505551212", "US", ["16505551212"]],
    ["011 44 20 7946 0958", "us", ["442079460958"]],
    ["0011 44 20 7946 0958", "au", ["442079460958"]],
    ["47 12 34 56", "no", ["4747123456"]],
    ["4747123456", "no", ["4747123456"]],
    ["+1 650 555 1212 ext. 34", undefined, ["16505551212"]],
    ["+1 650 555 1212 x34", undefined, ["16505551212"]],
    ["tel:+1-650-555-1212;ext=34", undefined, ["16505551212"]],
    ["(650) 555-1212, 34", "us", ["16505551212"]],
    ["6505551212", undefined, "no_country"],
    ["16505551212", undefined, "no_country"],
    ["call me", "us", "not_a_number"],
    ["911", "us", "wrong_length"],
    ["+1800", undefined, "wrong_length"],
    ["0000000000", "us", "wrong_length"],
    ["+12345678901234567890", undefined, "wrong_length"],
    ["0170 1234567", "aq", "no_country"],
  ])("%s in %s → %j", (text, country, expected) => {
    expect(phone(text, country)).toEqual(expected);
  });
});

test("The example number of every country is read as libphonenumber reads it, in every way of writing it", () => {
  const wrong: string[] = [];
  let read = 0;
  for (const { iso, dialling } of countries) {
    if (!dialling) continue;
    const country = iso.toUpperCase() as CountryCode;
    const example = getExampleNumber(country, examples);
    if (!example) throw new Error(`no example of ${country}`);
    const expected = example.number.slice(1);
    const ways = {
      national: example.formatNational(),
      international: example.formatInternational(),
      digits: expected,
      local: String(example.nationalNumber),
      uri: example.format("RFC3966"),
    };
    for (const [way, text] of Object.entries(ways)) {
      read++;
      if (phone(text, iso)[0] !== expected) wrong.push(`${iso} ${way}`);
    }
  }
  expect(read).toBeGreaterThan(1_200);
  // Argentina's mobile "15" stands inside the number; Tokelau's has fewer than 8 digits; digits without a plus that could as
  // well be a number inside the country are read as such.
  expect(wrong).toEqual([
    "ad digits",
    "ar national",
    ..."national international digits local uri".split(" ").map((way) => `tk ${way}`),
    "ws digits",
  ]);
});

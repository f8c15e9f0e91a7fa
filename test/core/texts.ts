import fc from "fast-check";
import type { MatchKey } from "../../core/types.ts";

/** Pieces of contact data in many scripts, with the punctuation and the traps that CRM fields hold. */
const pieces = [
  ..."Jane|O'Connor|O’Connor|Jean-Luc|São Paulo|Zürich|Ñuñoa|İstanbul|straße|ΝΊΚΟΣ|ΟΔΟΣ|Владимир|Санкт-Петербург".split(
    "|",
  ),
  ..."عبد الله|القاهرة|תל אביב|अमित|กรุงเทพ|北京市|東京都|ソウル|서울|Việt Nam|J̌an|ﬁ|Ⅷ|ǅ|K|Å|e\u0301|\u200b|\u200f|\ufeff|\u00a0".split(
    "|",
  ),
  ..."😀|👩‍👩‍👧|\u0000|\u0007|\ud800|\udc00|\ufffd|_|-|–|.|,|;|:|/|#|+|＋|(|)|@|&|'|\"|$|^|`|~|<|>| |\t|\n".split("|"),
  ..."jane@example.com|Example.COM|a.b+c|bücher.example|x1|ext. 12|0|00|+|49|+49|1|(650)|555-1212|0170|1234567|٠١٢|１２|7".split(
    "|",
  ),
  ..."1997|02|2|16|31|12|19970216|2/16/1997|16.02.1997|California|New York|Bayern|Ontario|virginia|ca|us|UK|DEU|Germany".split(
    "|",
  ),
  ..."Deutschland|España|Österreich|SW1A 1AA|00-950|94035-1234|male|Mrs|w|d41d8cd98f00b204e9800998ecf8427e".split("|"),
];

/** Any text at all, leaning towards what could be contact data. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...pieces),
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((parts) => parts.join("")),
  fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(" ")),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.emailAddress(),
  fc
    .date({ min: new Date("1890-01-01"), max: new Date("2110-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc
    .tuple(fc.constantFrom("", "+", "00", "0"), fc.stringMatching(/^(?:[0-9]{1,3}[ ()./-]?){3,7}$/))
    .map((parts) => parts.join("")),
  fc
    .tuple(fc.nat(35), fc.constantFrom("/", ".", "-", " "), fc.nat(35), fc.integer({ min: 1795, max: 2110 }))
    .map(([a, separator, b, year]) => [a, b, year].join(separator)),
);

const shaped: Readonly<Partial<Record<MatchKey, fc.Arbitrary<string>>>> = {
  ph: fc
    .tuple(fc.constantFrom("+", "+ ", "00", "(+", "tel:+"), fc.stringMatching(/^[1-9](?:[0-9]{2}[ ()./-]?){4,6}[0-9]$/))
    .map((parts) => parts.join("")),
  ge: fc
    .tuple(
      fc.constantFrom("", " "),
      fc.constantFrom("f", "m", "Female", "MALE", "Mrs", "mr", "boy", "Girl", "she", "d"),
    )
    .map((parts) => parts.join("")),
  country: fc.constantFrom(
    "us",
    "GB",
    "uk",
    "Germany",
    "U.S.",
    "United States",
    "SOUTH KOREA",
    "côte d'ivoire",
    "xx",
    "fr",
  ),
};

/** Any text, half of it of the shape that the key takes. */
export const textUnder = (key: MatchKey): fc.Arbitrary<string> => fc.oneof(anyText, shaped[key] ?? anyText);

import { dirname, join } from "node:path";
import { imports } from "./tree.ts";

/** Who may import what (docs/how-it-works.md, "The rooms"). The first row whose `room` fits a file holds for it. */
interface Row {
  readonly room: RegExp;
  /** Folders of ours, beside the file's own room. */
  readonly ours: readonly RegExp[];
  readonly packages: RegExp;
}

const rows: readonly Row[] = [
  { room: /^core\//, ours: [/^core\//], packages: /^(node:crypto|zod)$/ },
  { room: /^connectors\/index\.ts$/, ours: [/^core\//, /^connectors\/[a-z]+\/index\.ts$/], packages: /^$/ },
  {
    room: /^connectors\/hubspot\//,
    ours: [/^core\//, /^connectors\/hubspot\//],
    packages: /^(node:crypto|zod|@hubspot\/api-client(\/.*)?)$/,
  },
  {
    room: /^connectors\/salesforce\//,
    ours: [/^core\//, /^connectors\/salesforce\//],
    packages: /^(node:crypto|zod|jsforce(\/.*)?)$/,
  },
  {
    room: /^connectors\/http\//,
    ours: [/^core\//, /^connectors\/http\//],
    packages: /^(node:crypto|node:stream|zod|csv-parse)$/,
  },
  { room: /^server\/sandbox\//, ours: [/^server\/sandbox\//], packages: /^node:|^(smtp-server|postal-mime)$/ },
  {
    room: /^server\/console\//,
    ours: [/^server\/console\//, /^server\/api\/(?!words\.)[a-z-]+\.ts$/],
    packages: /^(react|react-dom|@mantine|@tanstack|uplot|vite$|@vitejs|node:)(\/.*)?|^react-dom\/client$/,
  },
  {
    room: /^server\//,
    ours: [/^core\//, /^connectors\//, /^server\/(?!sandbox\/|console\/)/, /^app\.json$/],
    packages: /^[^.]/,
  },
  {
    room: /^scripts\//,
    // The pictures of the docs are taken as the tests look at the product.
    ours: [
      /^core\//,
      /^connectors\//,
      /^server\/(?!sandbox\/|console\/)/,
      /^scripts\//,
      /^app\.json$/,
      /^test\/(browser\/chromium|e2e\/(product|stage-changes))\.ts$/,
    ],
    packages: /^[^.]/,
  },
];

export interface Violation {
  readonly file: string;
  readonly imports: string;
}

/** Imports that the rule forbids, and files it does not know. */
export function violations(files: ReadonlyMap<string, string>): readonly Violation[] {
  return [...files].flatMap(([file, text]) => {
    const row = rows.find(({ room }) => room.test(file));
    if (!row) return [{ file, imports: "(no row of the rule fits this file)" }];
    return imports(text)
      .filter((module) => {
        if (!module.startsWith(".")) return !row.packages.test(module);
        const target = join(dirname(file), module);
        return !row.ours.some((room) => room.test(target));
      })
      .map((module) => ({ file, imports: module }));
  });
}

const worldFetch = /(?<![.\w])fetch\s*\(/;
/** The file was given a fetch of its own. */
const ownFetch = /[{,]\s*fetch\s*[,}:]|\bconst fetch\b|\bfetch: Fetch\b/;

/** Things of the outside world that core and the connectors must be given as arguments. */
const worldly = [
  /\bprocess\b(?!es)/,
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bMath\.random\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
  worldFetch,
  /\bglobalThis\b/,
  /\bperformance\.now\b/,
  /\bconsole\.\w/,
] as const;

/** Uses of the outside world, outside comments and strings. */
export function reachesOut(files: ReadonlyMap<string, string>): readonly Violation[] {
  return [...files].flatMap(([file, text]) => {
    const code = text
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
      .replace(/\/\/.*$/gm, "");
    const given = ownFetch.test(code);
    return worldly
      .filter((thing) => thing.test(code) && !(given && thing === worldFetch))
      .map((thing) => ({ file, imports: String(thing) }));
  });
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rendered } from "./rendered.ts";

/** `npm run render`: writes every file that is made from another one. A test holds that none is out of date. */
const root = join(import.meta.dirname, "..");
for (const [path, text] of rendered()) {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}

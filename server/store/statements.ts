import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A statement that the server plans once per connection, known by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const folder = join(import.meta.dirname, "sql");
const statements: ReadonlyMap<string, Statement> = new Map(
  readdirSync(folder).map((file) => {
    const name = file.replace(/\.sql$/, "");
    return [name, { name, text: readFileSync(join(folder, file), "utf8") }];
  }),
);

/** The hot statements, hand-written, one to a file in `sql/`. */
export function statement(name: string): Statement {
  const found = statements.get(name);
  if (!found) throw new TypeError(`there is no sql/${name}.sql`);
  return found;
}

import { expect, test } from "vitest";
import { statement } from "../../server/store/statements.ts";
import { acme } from "./store-acme.ts";

const here = acme();

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

// Bunches that lock the same lanes in different orders wait for each other for ever. Asked in the order of the keys, they lock in
// that order only if each lane is looked up by its key: also by a plan that was made while the tables were empty.
test.each(["keep-page", "ring", "lane-claim", "advance-step", "lane-release"])(
  "%s goes from what is asked to each lane by its key",
  async (name) => {
    const { text } = statement(name);
    const values = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));
    const client = await here.store.pool.connect();
    try {
      await client.query(`prepare planned as ${text}`);
      const nothing = Array(values).fill("null").join(",");
      const { rows } = await client.query(`explain (format json) execute planned (${nothing})`);
      const nodes = nodesOf(rows[0]["QUERY PLAN"][0].Plan);
      const looks = nodes.filter((node) => node["Relation Name"] === "lane" && node["Node Type"].includes("Scan"));
      expect(looks.length).toBeGreaterThan(0);
      for (const { "Index Cond": by = "" } of looks) {
        expect(by).toMatch(/tenant_id = a[\w.]*\.tenant_id/);
        expect(by).toMatch(/kind = a[\w.]*\.\w+/);
        expect(by).toMatch(/\bid = a[\w.]*\.\w*id/);
      }
      await client.query("deallocate planned");
    } finally {
      client.release();
    }
  },
);

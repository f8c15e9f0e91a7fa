import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { momentAt } from "../../server/sandbox/salesforce/instance.ts";
import { Org } from "../../server/sandbox/salesforce/org/org.ts";

function openOrg() {
  const dir = mkdtempSync(join(tmpdir(), "stagewire-org-"));
  let org = new Org(`${dir}/records.jsonl`, "3c");
  onTestFinished(() => {
    org.close();
    rmSync(dir, { recursive: true });
  });
  const reopen = (): Org => {
    org.close();
    org = new Org(`${dir}/records.jsonl`, "3c");
    return org;
  };
  return { org, reopen };
}

test("a transaction that fails is undone, in memory and on disk", () => {
  const { org, reopen } = openOrg();
  const moment = momentAt(Date.now());
  const id = org.insert("Account", { Name: "before" }, moment);
  const fail = () =>
    org.transaction(() => {
      org.update(id, { Name: "after" }, moment);
      org.insert("Account", { Name: "new" }, moment);
      throw new Error("no");
    });
  expect(fail).toThrow("no");
  const names = (from: Org) => [...from.visible("Account", Date.now())].map(({ Name }) => Name);
  expect(names(org)).toEqual(["before"]);
  expect(org.current(id)?.Name).toBe("before");
  expect(names(reopen())).toEqual(["before"]);
});

test("a change behind a slow one waits for it", () => {
  const { org } = openOrg();
  const id = org.insert("Account", { Name: "first" }, momentAt(0));
  org.update(id, { Name: "slow" }, { at: 10_000, stamp: 10_000, visibleAt: 60_000 });
  org.update(id, { Name: "quick" }, { at: 20_000, stamp: 20_000, visibleAt: 0 });
  expect(org.find(id, 30_000)?.Name).toBe("first");
  expect(org.find(id, 60_000)?.Name).toBe("quick");
  expect(org.oldestOpen("Account", 30_000)).toBe(20_000);
});

import { describe, expect, test } from "vitest";
import { deadlineOf } from "../../core/meta/limits.ts";
import { at, hours, trouble } from "./problems-world.ts";

const here = trouble();

describe("events that Meta refused", () => {
  const lead = { code: 100, subcode: 2804003, words: "Invalid lead id 123 for jane@example.com" };

  test("are grouped by what Meta said, with its last words as an example", async () => {
    await here.keep(at(0), [at(-50), at(-40), at(-30), at(-20)]);
    await here.refuse(1, lead);
    await here.refuse(2, { ...lead, words: "the last words" });
    await here.refuse(3, { code: 100 });
    await here.watch(4);
    const prefix = `refused:${here.dataset.id}:refused_invalid`;
    expect(await here.open()).toMatchObject([
      {
        cause: `${prefix}:100:2804003`,
        affected: 2,
        deadline_at: deadlineOf(at(-50)),
        details: {
          datasetId: here.dataset.id,
          reason: "refused_invalid",
          code: 100,
          subcode: 2804003,
          words: "the last words",
        },
      },
      { cause: `${prefix}:100`, affected: 1, deadline_at: deadlineOf(at(-30)) },
    ]);
  });

  test("are over when all were sent again", async () => {
    await here.keep(at(0), [at(-50), at(-40)]);
    const seqs = [await here.refuse(1, lead), await here.refuse(1, lead)];
    await here.watch(2);
    const again = (seq: number | undefined) =>
      here.store.db
        .updateTable("dead_event")
        .set({ again_seq: 9 })
        .where("tenant_id", "=", here.tenant.id)
        .where("seq", "=", seq ?? 0)
        .execute();
    await again(seqs[0]);
    await here.watch(3);
    expect(await here.open()).toMatchObject([{ affected: 1 }]);
    await again(seqs[1]);
    await here.watch(4);
    expect(await here.open()).toEqual([]);
    expect(await here.closed()).toMatchObject([{ details: { ended: "mended" } }]);
  });

  test("are over, and said to be too late, when none can be sent any more", async () => {
    await here.keep(at(0), [at(hours(-6 * 24)), at(hours(-5 * 24))]);
    await here.refuse(1, lead);
    await here.refuse(1, lead);
    await here.watch(2);
    expect(await here.open()).toMatchObject([{ affected: 2 }]);
    await here.watch(hours(24));
    expect(await here.open()).toMatchObject([{ affected: 1, deadline_at: deadlineOf(at(hours(-5 * 24))) }]);
    await here.watch(hours(48));
    expect(await here.closed()).toMatchObject([{ details: { ended: "too_old" } }]);
  });

  test("that expired are no problem: there is nothing to do", async () => {
    await here.keep(at(0), [at(hours(-7 * 24))]);
    await here.refuse(1, { reason: "expired" });
    await here.watch(2);
    expect(await here.open()).toEqual([]);
  });
});

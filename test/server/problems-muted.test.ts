import { describe, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import { countProblems, listProblems } from "../../server/store/problem-list.ts";
import { noteOnProblem } from "../../server/store/problems.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { at, hours, trouble } from "./problems-world.ts";

const here = trouble();

describe("a muted problem", () => {
  const mute = async (minutes: number, days = 7) => {
    const [problem] = await here.open(minutes);
    const muted = {
      ...{ until: at(minutes + hours(24 * days)).toISOString(), at: at(minutes).toISOString(), by: "usr_a" },
      affected: problem?.affected ?? 0,
      ...(problem?.deadline_at && { deadlineAt: problem.deadline_at.toISOString() }),
    };
    expect(
      await here.store.web(here.tenant.id, (trx) => noteOnProblem(trx, here.tenant.id, problem?.id ?? "", { muted })),
    ).toBe(true);
    return problem?.id;
  };
  const muted = (minutes: number) => listProblems(here.store.db, here.tenant.id, { state: "muted" }, at(minutes));
  const audited = async () => {
    const rows = await here.store.db.selectFrom("audit").selectAll().where("tenant_id", "=", here.tenant.id).execute();
    return rows.map(({ who, what, about }) => [who, what, about]);
  };

  test("is not among the open ones until its time is over, and stays the same problem", async () => {
    await here.keep(at(0), [at(-50), at(-40), at(-30)]);
    await here.refuse(1, { code: 100 });
    await here.watch(2);
    const id = await mute(3, 1);
    expect(await here.open(4)).toEqual([]);
    expect(await countProblems(here.store.db, here.tenant.id, at(4))).toBe(0);
    expect(await muted(4)).toMatchObject([{ id }]);
    await here.refuse(5, { code: 100 });
    await here.watch(6);
    expect(await here.open(6)).toEqual([]);
    expect(await muted(6)).toMatchObject([{ id, affected: 2 }]);
    expect(await here.open(3 + hours(24))).toMatchObject([{ id }]);
    expect(await countProblems(here.store.db, here.tenant.id, at(3 + hours(24)))).toBe(1);
    expect(await audited()).toEqual([]);
  });

  test("is open again at once when it becomes much worse, and the log says why", async () => {
    await here.keep(
      at(0),
      Array.from({ length: 12 }, (_, n) => at(-50 + n)),
    );
    await here.refuse(1);
    await here.watch(2);
    const id = await mute(3);
    for (let n = 0; n < 10; n += 1) await here.refuse(4);
    await here.watch(5);
    expect(await here.open(5)).toMatchObject([{ id, affected: 11 }]);
    expect((await here.open(5))[0]?.details).not.toHaveProperty("muted");
    expect(await audited()).toEqual([
      ["upkeep", "problem.unmuted", expect.objectContaining({ problem: id, because: "worse", affected: 11 })],
    ]);
  });

  test("is open again a day before the first event that waits for it is lost", async () => {
    await here.keep(at(0), [at(-60)]);
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const id = await mute(2, 30);
    await here.watch(hours(5 * 24));
    expect(await here.open(hours(5 * 24))).toEqual([]);
    await here.watch(hours(6 * 24) - 90);
    expect(await here.open(hours(6 * 24) - 90)).toMatchObject([{ id }]);
  });

  test("is resolved as any other", async () => {
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const id = await mute(2);
    await here.lane("send", { paused: null });
    await here.accept(3);
    await here.watch(4);
    expect(await muted(5)).toEqual([]);
    expect(await here.closed()).toMatchObject([{ id, details: { ended: "mended" } }]);
    expect(await noteOnProblem(here.store.db, here.tenant.id, id ?? "", { muted: null })).toBe(false);
  });

  test("is muted by nobody of another workspace", async () => {
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const [problem] = await here.open();
    const other = await createTenant(here.store.db, { name: "Other", allowedKeys: [] }, at(0));
    const acknowledged = { at: at(2).toISOString(), by: "usr_b" };
    const note = (tenantId: TenantId) => noteOnProblem(here.store.db, tenantId, problem?.id ?? "", { acknowledged });
    expect(await note(other.id)).toBe(false);
    expect(await note(here.tenant.id)).toBe(true);
  });
});

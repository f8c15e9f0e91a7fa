import { describe, expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import { gather } from "../../server/store/gather.ts";

/** Answers each call by its own name once it is let go; notes what was asked together. */
function counter() {
  const asked: string[][] = [];
  const gates: (() => void)[] = [];
  return {
    asked,
    async ask(calls: readonly string[]): Promise<readonly string[]> {
      asked.push([...calls]);
      await new Promise<void>((resolve) => gates.push(resolve));
      return calls.map((call) => call.toUpperCase());
    },
    async letGo(): Promise<void> {
      for (const open of gates.splice(0)) open();
      await moment();
    },
  };
}
const moment = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("calls that gather", () => {
  test("of one moment go in one question, and each gets its own answer", async () => {
    const { asked, ask, letGo } = counter();
    const call = gather(ask);
    const answers = Promise.all([call("a"), call("b"), call("c")]);
    await moment();
    await letGo();
    expect(await answers).toEqual(["A", "B", "C"]);
    expect(asked).toEqual([["a", "b", "c"]]);
  });

  test("that come while others are under way wait for them, and then go together", async () => {
    const { asked, ask, letGo } = counter();
    const call = gather(ask, { atOnce: 1 });
    const first = call("a");
    await moment();
    const later = [call("b"), call("c")];
    await moment();
    expect(asked).toEqual([["a"]]);
    await letGo();
    expect(await first).toBe("A");
    await letGo();
    expect(await Promise.all(later)).toEqual(["B", "C"]);
    expect(asked).toEqual([["a"], ["b", "c"]]);
  });

  test("go no more at a time than fit, and one that is too large goes by itself", async () => {
    const { asked, ask, letGo } = counter();
    const call = gather(ask, { most: 4, weigh: ({ length }) => length, atOnce: 1 });
    const answers = Promise.all(["aa", "bb", "c", "dddddd", "e"].map(call));
    for (let n = 0; n < 4; n += 1) {
      await moment();
      await letGo();
    }
    expect(await answers).toEqual(["AA", "BB", "C", "DDDDDD", "E"]);
    expect(asked).toEqual([["aa", "bb"], ["c"], ["dddddd"], ["e"]]);
  });

  test("and write one row go one after the other; those that go together go in the order of their rows", async () => {
    const { asked, ask, letGo } = counter();
    const call = gather(ask, { rows: (name) => [name.slice(0, 1)], atOnce: 1 });
    const answers = Promise.all(["b1", "a1", "b2", "c1", "b3"].map(call));
    for (let n = 0; n < 3; n += 1) {
      await moment();
      await letGo();
    }
    expect(await answers).toEqual(["B1", "A1", "B2", "C1", "B3"]);
    expect(asked).toEqual([["a1", "b1", "c1"], ["b2"], ["b3"]]);
  });

  test("do not share a failure: when a question fails, each is asked again by itself", async () => {
    const asked: string[][] = [];
    const call = gather(async (calls: readonly string[]) => {
      asked.push([...calls]);
      if (calls.includes("bad")) throw new TypeError(`${calls.length} with a bad one`);
      return calls;
    });
    const answers = await Promise.allSettled(["good", "bad", "fine"].map(call));
    expect(answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.message))).toEqual([
      "good",
      "1 with a bad one",
      "fine",
    ]);
    expect(asked).toEqual([["good", "bad", "fine"], ["good"], ["bad"], ["fine"]]);
  });

  test("fail together when the database is away: whether they were written is unknown, and none is asked again", async () => {
    const asked: string[][] = [];
    const call = gather(async (calls: readonly string[]) => {
      asked.push([...calls]);
      throw new Failure("store_unavailable", "08006");
    });
    const answers = await Promise.allSettled(["a", "b"].map(call));
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(asked).toEqual([["a", "b"]]);
  });

  test("are asked one by one where somebody holds a row too long: only that one waits in vain", async () => {
    const call = gather(async (calls: readonly string[]) => {
      if (calls.includes("held"))
        throw new Failure("store_unavailable", "55P03", { cause: Object.assign(new Error("held"), { code: "55P03" }) });
      return calls;
    });
    const answers = await Promise.allSettled(["a", "held", "b"].map(call));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

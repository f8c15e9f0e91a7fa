import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Target } from "./target.ts";

const Taken = z.object({
  items: z.array(
    z.discriminatedUnion("status", [
      z.object({ index: z.number(), status: z.enum(["accepted", "duplicate"]), id: z.string() }),
      z.object({
        index: z.number(),
        status: z.literal("rejected"),
        errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
      }),
    ]),
  ),
});
export type Item = z.infer<typeof Taken>["items"][number];

/** Pushes rows in order; an item that an earlier, unanswered try has stored counts as accepted. */
export async function push(target: Target, rows: readonly unknown[]): Promise<readonly Item[]> {
  const { answer, tries } = await post(target, "stage-changes", rows);
  const { items } = Taken.parse(answer);
  return tries === 1
    ? items
    : items.map((item) => (item.status === "duplicate" ? { ...item, status: "accepted" } : item));
}

const Outcome = z.object({
  state: z.enum(["pending", "waiting", "accepted", "refused", "not_sent"]),
  reason: z.string().optional(),
  title: z.string().optional(),
});
export type Outcome = z.infer<typeof Outcome>;
const Outcomes = z.object({ outcomes: z.record(z.string(), Outcome) });

/** What has become of these ids by now. */
export async function outcomes(target: Target, ids: readonly string[]): Promise<Readonly<Record<string, Outcome>>> {
  const { answer } = await post(target, "outcomes", { ids });
  return Outcomes.parse(answer).outcomes;
}

/** As long as the server is away (a restart, a crash) the same request again; a refusal ends it. */
async function post(target: Target, path: string, body: unknown): Promise<{ answer: unknown; tries: number }> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${target.url}/ingest/v1/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${target.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined);
    if (answer && (answer.ok || answer.status === 422)) return { answer: await answer.json(), tries };
    if (answer && answer.status < 500) throw new Failure("input_invalid", `${answer.status} ${await answer.text()}`);
    if (tries === 120) throw new Failure("store_unavailable", "the server has not answered for two minutes");
    await wait(1_000);
  }
}

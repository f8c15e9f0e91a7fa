import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { type AnyConnector, defineConnector, type Page, recordKey } from "../../../core/connector.ts";
import { suggest } from "../../../core/mapping.ts";
import type { Lead, Pipeline, RecordRef, StageMapping, StageObservation } from "../../../core/types.ts";

/**
 * A CRM whose history follows from the clock alone: every account makes a change each `everyMs`, from `startsAt` until the
 * instant in the file `endsIn` (as long as there is no such file: for ever). So worker processes and the test see the same
 * truth without asking one another.
 */
export interface Life {
  readonly startsAt: number;
  readonly everyMs: number;
  readonly endsIn: string;
}

/** The five stages in the order in which every record enters them: two of them are none of Meta's business. */
export const stages = ["new", "qualified", "offer", "won", "archived"] as const;
/** So many records go through the stages side by side; one record's changes are as many changes apart. */
const abreast = 7;
const roundLength = abreast * stages.length;
const pageSize = 25;
const week = 7 * 86_400_000;

/** What is odd about a record; most are ordinary. */
export type Kind = "ordinary" | "nobody" | "nameless" | "forgotten" | "late";
const kinds: Readonly<Record<number, Kind>> = { 3: "late", 7: "nobody", 11: "nameless", 19: "forgotten" };
export const kindOf = ({ id }: RecordRef): Kind => kinds[Number(id) % 25] ?? "ordinary";

/** The `n`-th change (from 0) of an account. */
export function changeOf(account: number, n: number, { startsAt, everyMs }: Life): StageObservation {
  const inRound = n % roundLength;
  const number = Math.floor(n / roundLength) * abreast + (inRound % abreast);
  const record = { object: "deal", id: String(account * 1_000_000 + number) };
  const stageId = stages[Math.floor(inRound / abreast)] ?? "new";
  const late = stageId === "new" && kindOf(record) === "late" ? week + 86_400_000 : 0;
  const enteredAt = new Date(startsAt + n * everyMs - late);
  return { record, pipelineId: "sales", stageId, enteredAt, timeQuality: "exact" };
}

export const endOf = ({ endsIn }: Life): number =>
  existsSync(endsIn) ? Number(readFileSync(endsIn, "utf8")) : Number.POSITIVE_INFINITY;

/** How many changes an account has made up to now. */
export const changesBy = (now: number, life: Life): number =>
  Math.max(0, Math.floor((Math.min(now, endOf(life)) - life.startsAt) / life.everyMs) + 1);

/** Everything that an account has done. */
export const historyOf = (account: number, life: Life): readonly StageObservation[] =>
  Array.from({ length: changesBy(Date.now(), life) }, (_, n) => changeOf(account, n, life));

/** 17 digits that no JavaScript number holds. */
export const leadIdOf = ({ id }: RecordRef): string => String(10_000_000_000_000_001n + 2n * BigInt(id));

export function personOf(record: RecordRef): Lead | undefined {
  const kind = kindOf(record);
  if (kind === "nobody") return undefined;
  if (kind === "nameless") return { contact: { fn: ["Anne"] } };
  if (kind === "forgotten") return { leadId: leadIdOf(record), contact: {} };
  return { leadId: leadIdOf(record), contact: { em: [`lead.${record.id}@example.com`] } };
}

const pipeline: Pipeline = {
  id: "sales",
  label: "Sales",
  object: "deal",
  stages: stages.map((id) => ({ id, label: id, outcome: id === "won" ? "won" : "open", active: true })),
};

/** "offer" is switched off, "archived" was never mapped. */
export function mapping(): Omit<StageMapping, "version"> {
  const { version: _, ...suggestion } = suggest([pipeline]);
  const rules = suggestion.rules
    .filter(({ stageId }) => stageId !== "archived")
    .map((rule) => ({ ...rule, eventName: rule.stageId, send: rule.stageId !== "offer" }));
  return { ...suggestion, rules };
}

const config = z.object({});
const checkpoint = z.object({ v: z.literal(1), next: z.int() });
type At = z.infer<typeof checkpoint>;

/** Reads that CRM, page by page and, when it rings, record by record. */
export function createCrm(life: Life): AnyConnector {
  async function* after(accountId: string, from: number): AsyncIterable<Page<At>> {
    for (let next = from; ; ) {
      const total = changesBy(Date.now(), life);
      const upTo = Math.min(total, next + pageSize);
      const observations = Array.from({ length: Math.max(0, upTo - next) }, (_, n) =>
        changeOf(Number(accountId), next + n, life),
      );
      next = Math.max(next, upTo);
      yield { observations, checkpoint: { v: 1, next }, caughtUp: next >= total };
    }
  }
  return defineConnector<z.infer<typeof config>, At>({
    manifest: {
      id: "clockwork",
      crmName: "Clockwork",
      auth: "oauth",
      origin: "https://clockwork.invalid",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs: 500, requestsPerSecond: 1_000 },
      can: { history: "full", push: false, backfill: false },
    },
    config,
    checkpoint,
    account: async ({ accountId }) => ({ id: accountId, name: "Clockwork", sandbox: true }),
    check: async () => ({ ok: true, probes: [] }),
    pipelines: async () => [pipeline],
    fields: async () => [],
    baseline: ({ accountId }, resume) => after(accountId, resume?.next ?? 0),
    changes: ({ accountId }, since) => after(accountId, since.next),
    async *history() {},
    read: async ({ accountId }, records) => {
      const rung = new Set(records.map(recordKey));
      return historyOf(Number(accountId), life).filter(({ record }) => rung.has(recordKey(record)));
    },
    leads: async (_access, records) =>
      new Map(
        records.flatMap((record) => {
          const person = personOf(record);
          return person ? [[recordKey(record), person] as const] : [];
        }),
      ),
    uninstall: async () => ({ removed: [], left: [] }),
  }) as AnyConnector;
}

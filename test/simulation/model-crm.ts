import { z } from "zod";
import { type AnyConnector, defineConnector, type Page, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Lead, RecordRef, StageObservation } from "../../core/types.ts";
import { type AtMeta, type Person, personOf } from "./people.ts";
import { type ConnectionPlan, never } from "./plan.ts";
import { type Chronicle, createChronicle } from "./turn.ts";

/** One stage entry as the CRM keeps it. Times `…At` without a note are the CRM's own, which may be ahead or behind. */
export interface Row {
  readonly seq: number;
  readonly record: RecordRef;
  readonly stageId: string;
  readonly enteredAt: number;
  /** When it was written down; the CRM's search goes by it. */
  readonly changedAt: number;
  /** True time from which the CRM's search shows it; Infinity: never. */
  readonly searchableAt: number;
  /** The search shows it never, or so late that nobody reads back that far: only its history tells. */
  readonly elusive: boolean;
  /** Somebody rang for it, and the ring was stored. */
  rung: boolean;
}

/** A CRM account that keeps history and whose search lags. */
export interface ModelCrm {
  readonly plan: ConnectionPlan;
  readonly rows: readonly Row[];
  readonly removed: ReadonlySet<string>;
  /** `lag` in units of the plan's `lagMs`. */
  enter(record: string, stageId: string, at: number, lag: number, backMs: number): Row;
  /** Somebody attaches the person to the record, or mends their data; nobody rings for that by itself. */
  attach(record: string, at: number): void;
  remove(record: string): void;
  person(record: RecordRef): Somebody;
  /** Set by the world: what every call is answered with. */
  trouble: "none" | "outage" | "revoked";
  forgotten: boolean;
}

/** The person behind a record: as the CRM has them, and as Meta does. */
export interface Somebody {
  readonly lead: Chronicle<Lead | undefined>;
  readonly later?: Lead;
  readonly atMeta: AtMeta;
}

export function createModelCrm(seed: number, plan: ConnectionPlan): ModelCrm {
  const rows: Row[] = [];
  const removed = new Set<string>();
  const people = new Map<string, Somebody>();
  const personFor = (id: string, since: number): Somebody => {
    const { lead, later, atMeta }: Person = personOf(seed, plan.id, id, since);
    const stumbles = atMeta === "known" && plan.stumblesOver.includes(id);
    return {
      lead: createChronicle(lead),
      ...(later && { later }),
      atMeta: stumbles ? "stumbled_over" : atMeta,
    };
  };
  return {
    plan,
    rows,
    removed,
    trouble: "none",
    forgotten: false,
    enter(id, stageId, at, lag, backMs) {
      const record = { object: "deal", id };
      let enteredAt = at + plan.skewMs - backMs;
      // A record cannot enter the same stage twice in one millisecond.
      while (rows.some((row) => row.record.id === id && row.stageId === stageId && row.enteredAt === enteredAt))
        enteredAt += 1;
      const row = {
        seq: rows.length + 1,
        record,
        stageId,
        enteredAt,
        changedAt: at + plan.skewMs,
        searchableAt: lag >= never ? Number.POSITIVE_INFINITY : at + lag * plan.lagMs,
        elusive: lag >= never || (lag > 1 && plan.lagMs > 0),
        rung: false,
      };
      rows.push(row);
      if (!people.has(id)) people.set(id, personFor(id, enteredAt));
      return row;
    },
    attach: (id, at) => {
      const person = people.get(id);
      if (person?.later) person.lead.set(at, person.later);
    },
    remove: (id) => void removed.add(id),
    person: ({ id }) => people.get(id) ?? stranger,
  };
}

const stranger: Somebody = { lead: createChronicle<Lead | undefined>(undefined), atMeta: "known" };

const Checkpoint = z.object({
  v: z.literal(1),
  /** Everything that was changed before it, less the overlap, has been read. */
  upTo: z.number(),
  /** The pass under way: the CRM's time at its start, and the last row read. */
  pass: z.object({ startedAt: z.number(), after: z.tuple([z.number(), z.number()]) }).optional(),
});
export type ModelCheckpoint = z.infer<typeof Checkpoint>;

/** How far back a connector reads again, since a change may be late in the search. */
export const overlapOf = (plan: ConnectionPlan): number => plan.lagMs + 1_000;

/** One call to the CRM: `answer` is what it says at the moment at which the call arrives. */
export type AskCrm = <T>(what: string, answer: (trueNow: number) => T) => Promise<T>;

/** A connector as it should be, for the model: keyset paging with the edge included, overlap, the CRM's clock only. */
export function connectorFor(crm: ModelCrm, ask: AskCrm): AnyConnector {
  const { plan } = crm;
  const observe = ({ seq, record, stageId, enteredAt }: Row): StageObservation => ({
    record: { ...record },
    pipelineId: "p",
    stageId,
    enteredAt: new Date(enteredAt),
    timeQuality: "exact",
    version: String(seq),
  });

  /** Pages of what the search shows, by when it was changed; or of all there was in a span, by when it was entered. */
  async function* pass(
    from: ModelCheckpoint,
    floor: number,
    span?: { readonly from: Date; readonly to: Date },
  ): AsyncIterable<Page<ModelCheckpoint>> {
    let { pass: underWay } = from;
    const momentOf = ({ enteredAt, changedAt }: Row): number => (span ? enteredAt : changedAt);
    const shows = ({ enteredAt, changedAt, searchableAt }: Row, trueNow: number): boolean =>
      span
        ? enteredAt >= span.from.getTime() && enteredAt < span.to.getTime()
        : changedAt >= floor && searchableAt <= trueNow;
    const isAfter = (row: Row, [moment, seq]: readonly [number, number]): boolean =>
      momentOf(row) > moment || (momentOf(row) === moment && row.seq > seq);
    for (;;) {
      const here = underWay;
      const page = await ask(span ? "history" : "page", (trueNow) => {
        const visible = crm.rows
          .filter((row) => shows(row, trueNow) && !crm.removed.has(row.record.id))
          .filter((row) => !here || isAfter(row, here.after))
          .sort((a, b) => momentOf(a) - momentOf(b) || a.seq - b.seq);
        return {
          rows: visible.slice(0, plan.pageSize),
          more: visible.length > plan.pageSize,
          crmNow: trueNow + plan.skewMs,
        };
      });
      const startedAt = here?.startedAt ?? page.crmNow;
      const last = page.rows.at(-1);
      underWay = { startedAt, after: last ? [momentOf(last), last.seq] : (here?.after ?? [floor, 0]) };
      yield {
        observations: page.rows.map(observe),
        checkpoint: page.more ? { v: 1, upTo: from.upTo, pass: underWay } : { v: 1, upTo: startedAt },
        caughtUp: !page.more,
      };
      if (!page.more) return;
    }
  }

  return defineConnector<unknown, ModelCheckpoint>({
    manifest: {
      id: "model",
      crmName: "Model CRM",
      auth: "oauth",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs: plan.pollEveryMs, requestsPerSecond: 10 },
      can: { history: "full", push: false, backfill: true },
    },
    config: z.unknown(),
    checkpoint: Checkpoint,
    account: async () => ({ id: plan.id, name: plan.id, sandbox: true }),
    check: async () => ({ ok: true, probes: [] }),
    pipelines: async () => [],
    fields: async () => [],
    baseline: (_access, resume) => pass(resume ?? { v: 1, upTo: 0 }, 0),
    async *changes(_access, since) {
      if (crm.forgotten) {
        crm.forgotten = false;
        throw new Failure("checkpoint_lost");
      }
      yield* pass(since, since.upTo - overlapOf(plan));
    },
    history: (_access, range, resume) => pass(resume ?? { v: 1, upTo: 0 }, 0, range),
    read: (_access, records) =>
      ask("read", () => {
        const wanted = new Set(records.map(recordKey));
        const gone = records.filter(({ id }) => crm.removed.has(id));
        return [
          ...crm.rows
            .filter((row) => wanted.has(recordKey(row.record)) && !crm.removed.has(row.record.id))
            .map(observe),
          ...gone.map((record): StageObservation => ({ ...goneOf(record), gone: "deleted" })),
        ];
      }),
    leads: (_access, records) =>
      ask("leads", (): ReadonlyMap<string, Lead> => {
        const found = records.flatMap((record): [string, Lead][] => {
          const lead = crm.person(record).lead.now();
          return lead && !crm.removed.has(record.id) ? [[recordKey(record), lead]] : [];
        });
        return new Map(found);
      }),
    uninstall: async () => ({ removed: [], left: [] }),
  });
}

const goneOf = (record: RecordRef): StageObservation => ({
  record,
  pipelineId: "",
  stageId: "",
  enteredAt: new Date(0),
  timeQuality: "exact",
});

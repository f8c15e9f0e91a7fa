import { z } from "zod";
import { type AnyConnector, defineConnector, type Page, recordKey } from "../../core/connector.ts";
import type { Lead, RecordRef, StageObservation } from "../../core/types.ts";
import { lead } from "./people.ts";

/** What each account holds at first: so many pages of records that have just entered their stage. */
export interface Holdings {
  readonly pages: number;
  readonly pageSize: number;
  /** Only the first so many accounts hold any. */
  readonly accounts?: number;
}

/** Records of one account lie apart from those of every other. */
export const recordOf = (account: number, n: number): RecordRef => ({
  object: "deal",
  id: String((account + 1) * 1_000_000 + n),
});
/** Who is behind it: everybody has a lead id, a mail address and a phone number of their own. */
export const personOf = (record: RecordRef): Lead => lead(Number(record.id), 2);

/**
 * A CRM made of arithmetic: its answers cost nothing, so that what is measured is ours. Its doorbell is a JSON list of rings;
 * a record that rang has entered its stage a moment ago.
 */
export function syntheticCrm(
  { pages: most, pageSize, accounts = Number.POSITIVE_INFINITY }: Holdings,
  { person = personOf, pollEveryMs = 3_600_000 }: { person?: (record: RecordRef) => Lead; pollEveryMs?: number } = {},
): AnyConnector {
  const config = z.object({});
  const checkpoint = z.object({ v: z.literal(1), page: z.number() });
  const start = Date.now() - 3_600_000;
  const entered = (record: RecordRef, at: number): StageObservation => ({
    record,
    pipelineId: "sales",
    stageId: "s0",
    enteredAt: new Date(at),
    timeQuality: "exact",
  });
  return defineConnector<z.infer<typeof config>, z.infer<typeof checkpoint>>({
    manifest: {
      id: "bench",
      crmName: "HubSpot",
      auth: "oauth",
      origin: "https://bench.invalid",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs, requestsPerSecond: 1000 },
      can: { history: "full", push: true, backfill: true },
    },
    config,
    checkpoint,
    account: async () => ({ id: "1", name: "bench", sandbox: true }),
    check: async () => ({ ok: true, probes: [] }),
    pipelines: async () => [],
    fields: async () => [],
    async *baseline({ accountId }, resume): AsyncIterable<Page<z.infer<typeof checkpoint>>> {
      const pages = Number(accountId) < accounts ? most : 0;
      if (pages === 0) yield { observations: [], checkpoint: { v: 1, page: 0 }, caughtUp: true };
      for (let page = resume?.page ?? 0; page < pages; page += 1) {
        const observations = Array.from({ length: pageSize }, (_, n) => {
          const at = page * pageSize + n;
          return entered(recordOf(Number(accountId), at), start + at);
        });
        yield { observations, checkpoint: { v: 1, page: page + 1 }, caughtUp: page === pages - 1 };
      }
    },
    async *changes(_access, since) {
      yield { observations: [], checkpoint: since, caughtUp: true };
    },
    async *history(_access, _range, resume) {
      yield { observations: [], checkpoint: resume ?? { v: 1, page: 0 }, caughtUp: true };
    },
    read: async ({ clock }, records) => records.map((record) => entered(record, clock.now().getTime() - 1_000)),
    leads: async (_access, records) => new Map(records.map((record) => [recordKey(record), person(record)])),
    doorbell: { kind: "webhook", verify: ({ body }) => JSON.parse(Buffer.from(body).toString("utf8")) },
    uninstall: async () => ({ removed: [], left: [] }),
  }) as AnyConnector;
}

import { createHash } from "node:crypto";
import type { StageRule } from "../../core/types.ts";
import type { Product } from "./product.ts";
import type { TrueEntry } from "./stage-changes.ts";

/** What Meta must have received, told from what happened in the CRM; written without looking at how the product does it. */
export interface Expected {
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly time: number;
  readonly source: string;
  /** Null where the truth does not know one. */
  readonly leadId: string | null;
  /** `connection object:id` */
  readonly record: string;
}

interface ConnectionFacts {
  readonly id: string;
  readonly connector: string;
  readonly sendFrom: Date;
  readonly eventKey: string;
  readonly rules: readonly StageRule[];
}

/** What the product was told to do, per connector. */
export async function settings({ sql }: Product): Promise<ReadonlyMap<string, ConnectionFacts>> {
  const rows = await sql<ConnectionFacts>(
    `select c.id, c.connector, c.send_from as "sendFrom", t.event_key as "eventKey", m.body -> 'rules' as rules
     from connection c join tenant t on t.id = c.tenant_id
     join stage_mapping m on m.tenant_id = c.tenant_id and m.connection_id = c.id and m.version = 1`,
  );
  return new Map(rows.map((row) => [row.connector, row]));
}

const sources: Readonly<Record<string, string>> = {
  hubspot: "HubSpot",
  salesforce: "Salesforce",
  http: "In-house CRM",
};

/**
 * The rules in words: each mapped stage that is switched on, at the record's first entry into it, if that was not before the
 * start; and with it the open stages that were jumped over, at the same moment.
 */
export function expectation(history: readonly TrueEntry[], connection: ConnectionFacts): readonly Expected[] {
  const records = Map.groupBy(history, ({ object, id, pipeline }) => JSON.stringify([object, id, pipeline]));
  return [...records.values()].flatMap((entries) => ofRecord(entries, connection));
}

function ofRecord(entries: readonly TrueEntry[], connection: ConnectionFacts): readonly Expected[] {
  const [first] = entries;
  if (!first) return [];
  const funnel = connection.rules
    .filter(({ pipelineId }) => pipelineId.toLowerCase() === first.pipeline.toLowerCase())
    .toSorted((a, b) => a.position - b.position);
  const been = new Set<string>();
  let reached = -1;
  const expected: Expected[] = [];
  for (const entry of entries) {
    const rule = funnel.find(({ stageId }) => stageId === entry.stage);
    if (!rule) throw new Error(`the mapping has no row for ${entry.pipeline} ${entry.stage}`);
    const send = rule.send && !been.has(entry.stage) && new Date(entry.enteredAt) >= connection.sendFrom;
    const jumped = funnel.filter(
      (other) =>
        other.send &&
        other.outcome === "open" &&
        other.position > reached &&
        other.position < rule.position &&
        !been.has(other.stageId),
    );
    for (const each of send ? [...jumped, rule] : []) {
      expected.push(eventOf(entry, each, connection));
      been.add(each.stageId);
    }
    been.add(entry.stage);
    reached = Math.max(reached, rule.position);
  }
  return expected;
}

/** The id that this stage entry has for ever. */
function eventOf(entry: TrueEntry, { pipelineId, stageId, eventName }: StageRule, of: ConnectionFacts): Expected {
  const object = entry.object.toLowerCase();
  const at = Date.parse(entry.enteredAt);
  const identity = [of.eventKey, of.id, object, entry.id, pipelineId, stageId, `t${at}`].join("\0");
  return {
    id: createHash("sha256").update(identity).digest("hex").slice(0, 32),
    name: eventName,
    time: Math.floor(at / 1000),
    source: sources[of.connector] ?? "",
    leadId: entry.metaLeadId || null,
    record: `${of.connector} ${object}:${entry.id}`,
  };
}

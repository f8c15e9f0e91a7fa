import type { Access } from "../../core/connector.ts";
import type { RecordRef, StageObservation } from "../../core/types.ts";
import { type Client, openClient } from "./client.ts";
import { type Config, type Kind, kinds } from "./config.ts";
import { observe } from "./histories.ts";
import { sources } from "./rows.ts";
import { among, isId, portions, sameId } from "./soql.ts";

/** The stages of these records, asked in portions; what Salesforce does not know (any more) is gone. */
export async function read(
  access: Access<Config>,
  records: readonly RecordRef[],
): Promise<readonly StageObservation[]> {
  const client = openClient(access);
  const known = await Promise.all(kinds.map((kind) => readKind(client, access, kind, idsOf(records, kind))));
  const observations = known.flat();
  const found = new Set(observations.map(({ record }) => `${record.object}:${sameId(record.id)}`));
  return [
    ...observations,
    ...records
      .filter(({ object, id }) => !found.has(`${object}:${sameId(id)}`))
      .map((record) => absent(record, client.now)),
  ];
}

export const idsOf = (records: readonly RecordRef[], kind: Kind): readonly string[] =>
  records.filter(({ object, id }) => object === kind && isId(id)).map(({ id }) => id);

async function readKind(client: Client, access: Access<Config>, kind: Kind, ids: readonly string[]) {
  const { sobject, fields, row } = sources[kind];
  const observations: StageObservation[] = [];
  for (const some of portions(ids)) {
    const { rows } = await client.page({ fields, from: sobject, where: [among("Id", some)] }, row, "all");
    observations.push(...(await observe(client, access, rows, { from: new Date(0), to: client.now })));
  }
  return observations;
}

function absent(record: RecordRef, now: Date): StageObservation {
  const kind = kinds.find((each) => each === record.object);
  return {
    record,
    pipelineId: kind ? sources[kind].pipelineId : "",
    stageId: "",
    enteredAt: now,
    timeQuality: "observed",
    gone: "deleted",
  };
}

import type { Access, Page } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { StageObservation } from "../../core/types.ts";
import { type Client, openClient, pageSize } from "./client.ts";
import type { Checkpoint, Config, Kind } from "./config.ts";
import { observe, statusIsTracked } from "./histories.ts";
import { type StagedRow, sources } from "./rows.ts";
import { after, instant } from "./soql.ts";

/**
 * A transaction may take 10 minutes, and its rows then appear with the stamp of their change: behind rows that were read long ago.
 * https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_apexgov.htm
 */
const overlapMs = 12 * 60_000;
const clockSlackMs = 5000;
/** An opportunity brings its whole history with it when it next changes, so older ones need not be read at first. */
const baselineMs = 90 * 86_400_000;

type Pages = AsyncIterable<Page<Checkpoint>>;

/** Records changed in the last 90 days with every stage they were in; all leads, where only we can notice that one moved. */
export async function* baseline(access: Access<Config>, resume: Checkpoint | undefined): Pages {
  const client = openClient(access);
  const start = resume ?? { v: 1, since: new Date(client.now.getTime() - baselineMs).toISOString() };
  const count = (kind: Kind, since?: Date) => client.count({ from: sources[kind].sobject, where: changedSince(since) });
  const counts = new Map<Kind, number>();
  if (start.total === undefined)
    for (const kind of access.config.objects) counts.set(kind, await count(kind, lowerEdge(start)));
  const allLeads = access.config.objects.includes("lead") && !(await statusIsTracked(client));
  if (allLeads && start.total === undefined) counts.set("lead", await count("lead"));
  const begin = (kind: Kind, since: Date): Date | undefined => (kind === "lead" && allLeads ? undefined : since);

  let { done = 0, total = [...counts.values()].reduce((sum, each) => sum + each, 0) } = start;
  for await (const { rows, observations, checkpoint, caughtUp } of walk(client, access, start, begin)) {
    done += rows.length;
    total = caughtUp ? done : Math.max(total, done);
    yield {
      observations: observations.filter(({ gone }) => !gone),
      caughtUp,
      progress: { done, total },
      checkpoint: caughtUp ? checkpoint : { ...checkpoint, done, total },
    };
  }
}

export async function* changes(access: Access<Config>, since: Checkpoint): Pages {
  for await (const { observations, checkpoint, caughtUp } of walk(openClient(access), access, since))
    yield { observations, checkpoint, caughtUp };
}

/** What was entered in the range. Where only a modification dates it, the lead must have been made in the range too. */
export async function* history(
  access: Access<Config>,
  range: { readonly from: Date; readonly to: Date },
  resume: Checkpoint | undefined,
): Pages {
  const start: Checkpoint = resume ?? { v: 1, since: range.from.toISOString() };
  for await (const { rows, observations, checkpoint, caughtUp } of walk(openClient(access), access, start)) {
    const createdAt = new Map(rows.map((row) => [row.id, row.createdAt]));
    const wanted = ({ record, enteredAt, timeQuality, gone }: StageObservation): boolean =>
      !gone &&
      enteredAt >= range.from &&
      enteredAt < range.to &&
      (timeQuality === "exact" || (createdAt.get(record.id) ?? range.to) >= range.from);
    yield { observations: observations.filter(wanted), checkpoint, caughtUp };
  }
}

interface Step {
  readonly rows: readonly StagedRow[];
  readonly observations: readonly StageObservation[];
  readonly checkpoint: Checkpoint;
  readonly caughtUp: boolean;
}

/** Reads every record stamped since the checkpoint (less the overlap), kind by kind, in order of stamp and id. */
async function* walk(
  client: Client,
  access: Access<Config>,
  checkpoint: Checkpoint,
  begin: (kind: Kind, since: Date) => Date | undefined = (_kind, since) => since,
): AsyncIterable<Step> {
  const kinds = access.config.objects;
  const from = lowerEdge(checkpoint);
  let { until, at, id } = checkpoint;
  let turn = checkpoint.object ? kinds.indexOf(checkpoint.object) : 0;
  if (turn < 0) throw new Failure("checkpoint_lost", "other objects are read now");
  for (let kind = kinds[turn]; kind; kind = kinds[turn]) {
    const { sobject, fields, row } = sources[kind];
    const start = begin(kind, from);
    const where = at && id ? [after(new Date(at), id)] : changedSince(start);
    const query = { fields, from: sobject, where, orderBy: ["SystemModstamp", "Id"], limit: pageSize };
    const { rows, more } = await client.page(query, row, "all");
    // Fixed by the first answer: what changes later may be missed by this walk and is found by the next.
    until ??= later(checkpoint.since, new Date(client.now.getTime() - clockSlackMs));
    const observations = await observe(client, access, rows, { from: start ?? new Date(0), to: client.now });

    const last = rows.at(-1);
    if (more && last) {
      at = last.stampedAt.toISOString();
      id = last.id;
    } else {
      turn += 1;
      at = id = undefined;
    }
    const object = kinds[turn];
    const next: Checkpoint = object
      ? { v: 1, since: checkpoint.since, until, object, ...(at && id ? { at, id } : {}) }
      : { v: 1, since: until };
    yield { rows, observations, checkpoint: next, caughtUp: object === undefined };
  }
}

const changedSince = (from: Date | undefined): readonly string[] =>
  from ? [`SystemModstamp >= ${instant(from)}`] : [];
const lowerEdge = ({ since }: Checkpoint): Date => new Date(Date.parse(since) - overlapMs);
const later = (since: string, at: Date): string => (at.toISOString() > since ? at.toISOString() : since);

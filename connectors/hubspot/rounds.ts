import type { Access, Page } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { StageObservation } from "../../core/types.ts";
import type { HubspotCheckpoint } from "./checkpoint.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { modifiedSince } from "./modified.ts";
import { type ObjectName, objectNames, objects } from "./objects.ts";
import { readStages } from "./read.ts";

/** The search index lags seconds behind, under load minutes: so far back each round begins before the last one. */
const overlapMs = 10 * 60_000;
const dayMs = 86_400_000;
/** Records not modified for longer are met when they next change; their history comes with them then. */
const baselineMs = 90 * dayMs;

type Pages = AsyncGenerator<Page<HubspotCheckpoint>>;

/** Records modified in the last 90 days, with their whole history. */
export async function* baseline(access: Access<HubspotConfig>, resume: HubspotCheckpoint | undefined): Pages {
  const from = access.clock.now().getTime() - baselineMs;
  yield* round(access, resume ?? (await begin(access, from)), () => true);
}

export async function* changes(access: Access<HubspotConfig>, since: HubspotCheckpoint): Pages {
  yield* round(access, since, () => true);
}

/**
 * What was entered in the range was modified in it or later. Nothing is counted beforehand: this is read every quarter of an
 * hour, and an hour in which nothing happened costs one search per kind of record. `since`: where `changes` stands, which
 * knows whether leads are withheld.
 */
export async function* history(
  access: Access<HubspotConfig>,
  range: { readonly from: Date; readonly to: Date; readonly since?: HubspotCheckpoint },
  resume: HubspotCheckpoint | undefined,
): Pages {
  const within = ({ enteredAt, gone }: StageObservation) => !gone && enteredAt >= range.from && enteredAt < range.to;
  // The stage's own time and the record's are written one after the other.
  const from = Math.max(0, range.from.getTime() - overlapMs);
  const { leadsWithheldUntil } = range.since ?? {};
  const start: HubspotCheckpoint = {
    v: 1,
    deal: from,
    contact: from,
    lead: from,
    ...(leadsWithheldUntil && { leadsWithheldUntil }),
  };
  yield* round(access, resume ?? start, within);
}

/** A checkpoint at `from` that knows how many records lie ahead. */
async function begin(access: Access<HubspotConfig>, from: number): Promise<HubspotCheckpoint> {
  const client = openClient(access);
  let checkpoint: HubspotCheckpoint = { v: 1, done: 0, total: 0 };
  for (const name of kindsOf(access.config)) {
    const total = await count(access, client, name, from);
    checkpoint = { ...checkpoint, [name]: from, total: (checkpoint.total ?? 0) + (total ?? 0) };
    if (total === undefined) checkpoint = withheld(access, checkpoint);
  }
  return checkpoint;
}

async function count(access: Access<HubspotConfig>, client: Client, name: ObjectName, from: number) {
  const { modified } = objects[name];
  const filters = [{ propertyName: modified, operator: "GTE", value: String(from) }] as const;
  try {
    const page = await client.search(objects[name], { filters, sortBy: modified, properties: [modified], limit: 1 });
    return page.total;
  } catch (error) {
    if (name !== "lead" || !isFailure(error, "crm_forbidden")) throw error;
    access.log.warn("hubspot leads are withheld");
    return undefined;
  }
}

/** Reads each kind of record from where it stands to its end, and stands there until the next round. */
async function* round(
  access: Access<HubspotConfig>,
  start: HubspotCheckpoint,
  keep: (observation: StageObservation) => boolean,
): Pages {
  const client = openClient(access);
  const kinds = kindsOf(access.config);
  const { object, startedAt, at, id, ...rest } = start;
  let standing: HubspotCheckpoint = rest;
  // A kind that was taken out of the config meanwhile leaves its place to the first.
  const first = object === undefined ? 0 : Math.max(0, kinds.indexOf(object));

  for (const [n, name] of kinds.entries()) {
    if (n < first) continue;
    const from = standing[name] ?? access.clock.now().getTime() - baselineMs;
    const place = name === object && at !== undefined ? { at, ...(id === undefined ? {} : { id }) } : { at: from };
    let begun = name === object ? startedAt : undefined;
    let newest = place.at;
    const next = kinds[n + 1];

    if (name === "lead" && (standing.leadsWithheldUntil ?? 0) > access.clock.now().getTime()) {
      if (!next) yield page([], standing, true);
      continue;
    }
    try {
      for await (const step of modifiedSince(client, objects[name], place)) {
        begun ??= step.answeredAt.getTime();
        newest = step.newest;
        if (standing.done !== undefined) standing = { ...standing, done: standing.done + step.ids.length };
        const observations = await readStages(client, objects[name], step.ids, access.clock.now());
        if (step.next === undefined) {
          standing = { ...standing, [name]: settled(from, newest, begun) };
          yield page(observations.filter(keep), next ? { ...standing, object: next } : standing, !next);
        } else
          yield page(observations.filter(keep), { ...standing, object: name, startedAt: begun, ...step.next }, false);
      }
    } catch (error) {
      if (name !== "lead" || !isFailure(error, "crm_forbidden")) throw error;
      access.log.warn("hubspot leads are withheld");
      standing = withheld(access, standing);
      if (!next) yield page([], standing, true);
    }
  }
}

/**
 * Where the next round begins: before the overlap, and never after what was met by more than a millisecond, so that a clock
 * that is wrong at either end costs repetition and not records. An account that fell quiet is not read over and over.
 */
const settled = (from: number, newest: number, begun: number): number =>
  newest > from ? Math.max(from, Math.min(begun - overlapMs, newest + 1)) : from;

/** Repeated refusals count against an app's certification, so leads are asked for again once a day only. */
const withheld = (access: Access<HubspotConfig>, checkpoint: HubspotCheckpoint): HubspotCheckpoint => ({
  ...checkpoint,
  leadsWithheldUntil: access.clock.now().getTime() + dayMs,
});

function page(
  observations: readonly StageObservation[],
  checkpoint: HubspotCheckpoint,
  caughtUp: boolean,
): Page<HubspotCheckpoint> {
  const { done, total, ...rest } = checkpoint;
  if (done === undefined || total === undefined) return { observations, checkpoint, caughtUp };
  // Records that change while they are counted are met twice, or counted and not met.
  const progress = caughtUp ? { done: total, total } : { done: Math.min(done, total), total };
  return { observations, checkpoint: caughtUp ? rest : checkpoint, caughtUp, progress };
}

const kindsOf = (config: HubspotConfig): readonly ObjectName[] =>
  objectNames.filter((name) => config.objects.includes(name));

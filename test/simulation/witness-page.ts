import type { Kept, KnownEntry, Outcome } from "../../core/outbox.ts";
import type { SkipReason } from "../../core/problems.ts";
import type { Lead, StageEntry, StageMapping } from "../../core/types.ts";
import { type Case, expected, expectedFills, mayBeMapped, mayPass } from "./expectation.ts";
import type { ModelLedger } from "./model-ledger.ts";
import type { Turn } from "./turn.ts";
import type { ConnectionSite, World } from "./world.ts";

/** One page that was written, and all that its judge has to know. */
export interface PageCase {
  readonly world: World;
  readonly ledger: ModelLedger;
  readonly turn: Turn;
  readonly site: ConnectionSite;
  readonly kept: Kept;
  readonly mapping: StageMapping;
  /** As the worker's clock had it. */
  readonly now: number;
  /** The account is read from its beginning. */
  readonly first: boolean;
}

/** Judges what was decided about every entry of a page, then whether all that could be decided was; and takes it into the ledger. */
export function judgePage(page: PageCase): void {
  const { world, ledger, site, kept } = page;
  const { plan } = site;
  for (const [n, outcome] of kept.outcomes.entries()) {
    judge(page, n, outcome);
    const { entry, place } = outcome;
    ledger.put(plan.id, { ...entry, place, outcome: reasonOf(outcome) });
    if (outcome.instead !== undefined) world.saw(found(outcome) === "send" ? "second look sends" : "second look");
  }
  for (const record of new Set(kept.outcomes.map(({ entry }) => entry.record.id))) leftBehind(page, record);
}

function judge(page: PageCase, n: number, outcome: Outcome): void {
  const { world, ledger, site, kept, mapping } = page;
  const { crm, plan } = site;
  const { entry, place, instead } = outcome;
  const at = entry.enteredAt.getTime();
  const name = nameOf(plan.id, entry);
  const rows = ledger.of(plan.id, entry.record.id);
  const row = rows.find((each) => each.place === place);
  if (instead === undefined ? place !== (rows.at(-1)?.place ?? 0) + 1 : row?.outcome !== instead)
    world.breaks("I2", `${name}: place ${place} is ${row?.outcome ?? "nobody's"}, not ${instead ?? "the next"}`);
  if (instead !== undefined && !mayPass.has(instead) && !(page.first && mayBeMapped.has(instead)))
    world.breaks("I1", `${name}: ${instead} was decided again`);
  if (row && (row.stageId !== entry.stageId || row.enteredAt.getTime() !== at || row.entry !== entry.entry))
    world.breaks("I2", `${name}: another entry had place ${place}`);
  if (!entry.filled && !crm.rows.some((each) => isRow(each, entry)))
    world.breaks("I1", `${name}: the CRM knows no such entry`);
  const previous = kept.outcomes[n - 1];
  if (previous && previous.entry.enteredAt > entry.enteredAt) world.breaks("order", `${name}: behind a later one`);

  const cases = casesOf(page, entry, place);
  const what = found(outcome);
  const possible = new Set(cases.map(expected));
  if (!possible.has(what)) world.breaks("I1", `${name}: ${what} instead of ${[...possible].join(" or ")}`);
  if (instead !== undefined && (what === instead || what === "too_old"))
    world.breaks("I1", `${name}: ${instead} became ${what}`);
  const [first] = cases;
  if (!entry.filled && what === "send" && first) judgeFills(page, n, outcome, first);
  if (outcome.outcome !== "send") return;
  const leads = cases.flatMap(({ lead }) => lead?.leadId ?? []);
  describe(world, name, entry, outcome.payload, mapping, leads);
}

/** The stages that this entry jumped over go with it, right before it. */
function judgeFills({ world, ledger, site, kept }: PageCase, n: number, { entry }: Outcome, about: Case): void {
  const before = kept.outcomes.slice(0, n).filter((other) => other.entry.record.id === entry.record.id);
  const fills = before.slice(before.findLastIndex((other) => !other.entry.filled || other.instead !== undefined) + 1);
  const places = new Set(fills.map(({ place }) => place));
  const been = ledger.of(site.plan.id, entry.record.id).filter(({ place }) => !places.has(place));
  const known = about.known.filter((row) => !places.has((row as KnownEntry).place));
  const wanted = expectedFills({ ...about, known }, been);
  const made = fills.map((fill) => fill.entry.stageId);
  if (wanted.join() !== made.join())
    world.breaks(
      "order",
      `${nameOf(site.plan.id, entry)}: filled ${made.join() || "nothing"} instead of ${wanted.join() || "nothing"}`,
    );
}

/** Whoever meets a record decides about all of it that waits: else its later stages would overtake the earlier ones. */
function leftBehind(page: PageCase, record: string): void {
  const { world, ledger, site, kept, first } = page;
  for (const row of ledger.of(site.plan.id, record)) {
    if (!mayPass.has(row.outcome) && !(first && mayBeMapped.has(row.outcome))) continue;
    if (kept.outcomes.some(({ entry, place }) => entry.record.id === record && place === row.place)) continue;
    if (casesOf(page, row, row.place).every((each) => expected(each) === "send"))
      world.breaks("order", `${nameOf(site.plan.id, row)}: left at ${row.outcome} while others of the record went on`);
  }
}

/** Everything that may have been so while this page was read. */
function casesOf({ world, ledger, turn, site, mapping, now }: PageCase, entry: StageEntry, place: number): Case[] {
  const { crm, plan } = site;
  const known = ledger.of(plan.id, entry.record.id).filter((row) => row.place < place);
  const span = [turn.startedAt, world.time.now()] as const;
  const leads: (Lead | undefined)[] = [...crm.person(entry.record).lead.during(...span)];
  // Whoever was removed while we read is nobody to send about any more.
  if (crm.removed.has(entry.record.id)) leads.push(undefined);
  return site.sendFrom
    .during(...span)
    .flatMap((sendFrom) => leads.map((lead): Case => ({ entry, known, mapping, sendFrom, lead, now })));
}

/** What is to be sent says what the CRM says. */
function describe(
  world: World,
  name: string,
  entry: StageEntry,
  payload: string,
  mapping: StageMapping,
  leadIds: readonly string[],
): void {
  const rule = mapping.rules.find(({ stageId }) => stageId === entry.stageId);
  const wanted = [`"event_name":"${rule?.eventName}"`, `"event_time":${Math.floor(entry.enteredAt.getTime() / 1000)},`];
  for (const part of wanted) if (!payload.includes(part)) world.breaks("I9", `${name}: the event lacks ${part}`);
  const ids = leadIds.filter((id) => id.length >= 15);
  if (ids.length > 0 && !ids.some((id) => payload.includes(`"lead_id":${id}`)))
    world.breaks("I9", `${name}: the event lacks the lead id`);
}

const found = (outcome: Outcome): "send" | SkipReason => (outcome.outcome === "send" ? "send" : outcome.reason);
const reasonOf = (outcome: Outcome): KnownEntry["outcome"] => (outcome.outcome === "send" ? "event" : outcome.reason);

const isRow = (
  row: { readonly record: { readonly id: string }; readonly stageId: string; readonly enteredAt: number },
  { record, stageId, enteredAt }: StageEntry,
): boolean => row.record.id === record.id && row.stageId === stageId && row.enteredAt === enteredAt.getTime();

export const nameOf = (connection: string, { record, stageId, enteredAt, filled }: StageEntry): string =>
  `${connection} ${record.id} ${stageId} ${filled ? "filled " : ""}${enteredAt.toISOString()}`;

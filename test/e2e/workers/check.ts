import { createHash } from "node:crypto";
import type { StageObservation } from "../../../core/types.ts";
import { historyOf, kindOf } from "./crm.ts";
import type { Line } from "./journal.ts";
import { type Sums, sumsOf, total } from "./sums.ts";
import type { Account, MetaEvent, World } from "./world.ts";

/** What had to become of a change: an event at Meta, one that Meta refuses, or the rule under which there is none. */
type Fate =
  | "accepted"
  | "refused"
  | "too_old"
  | "stage_ignored"
  | "stage_not_mapped"
  | "lead_not_found"
  | "no_match_key";

function fateOf({ record, stageId }: StageObservation, { connection }: Account): Fate {
  const kind = kindOf(record);
  if (stageId === "offer") return "stage_ignored";
  if (stageId === "archived") return "stage_not_mapped";
  if (kind === "late" && stageId === "new") return "too_old";
  // Who pushes a change always pushes somebody with it.
  if (kind === "nobody") return connection.connector === "http" ? "no_match_key" : "lead_not_found";
  if (kind === "nameless") return "no_match_key";
  return kind === "forgotten" ? "refused" : "accepted";
}

interface Expected {
  readonly change: StageObservation;
  readonly fate: Fate;
  readonly id: string;
}

export interface Report {
  /** Every broken promise in words; none is right. */
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Holds what Meta received and what the database says against what happened in the CRMs. To be called when all is drained. */
export async function check(world: World): Promise<Report> {
  const [events, journal, books] = [
    await world.metaEvents(),
    world.journal(),
    await sumsOf(world.parts.store, world.accounts),
  ];
  const first = new Map<string, MetaEvent>();
  const { leaseMs } = world.place;
  const holds = holdsOf(journal, leaseMs);
  const faults = [...staleWrites(journal), ...heldTooLong(holds, leaseMs)];
  for (const event of events) {
    const before = first.get(event.id);
    if (!before) first.set(event.id, event);
    else if (before.raw !== event.raw) faults.push(`changed: ${before.raw} came again as ${event.raw}`);
  }
  const known = new Set<string>();
  let changes = 0;
  let due = 0;
  for (const account of world.accounts) {
    const expected = historyOf(account.number, world.place.life).map(
      (change): Expected => ({ change, fate: fateOf(change, account), id: idOf(account, change) }),
    );
    const wanted = expected.filter(({ fate }) => fate === "accepted");
    for (const { id } of wanted) known.add(id);
    changes += expected.length;
    due += wanted.length;
    faults.push(...missing(wanted, account, first), ...outOfOrder(wanted, first));
    faults.push(...unbalanced(expected, books.get(account)).map((fault) => `books of ${account.number}: ${fault}`));
  }
  for (const { id, raw } of first.values()) if (!known.has(id)) faults.push(`nobody's: ${raw}`);
  const times = (what: Line["what"]): number => journal.filter((line) => line.what === what).length;
  return {
    faults,
    counts: {
      changes,
      "events due": due,
      "received by Meta": events.length,
      "received again": events.length - first.size,
      leases: times("claimed"),
      "longest with a dead worker, ms": Math.max(0, ...holds.map(({ tookMs }) => tookMs)),
      "stale writes refused": times("void"),
    },
  };
}

/** The identity that a stage entry has for ever; written without looking at how the product makes it. */
function idOf({ tenant, connection }: Account, { record, pipelineId, stageId, enteredAt }: StageObservation): string {
  const parts = [
    tenant.eventKey,
    connection.id,
    record.object,
    record.id,
    pipelineId,
    stageId,
    `t${enteredAt.getTime()}`,
  ];
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}

function missing(
  wanted: readonly Expected[],
  { metaId }: Account,
  first: ReadonlyMap<string, MetaEvent>,
): readonly string[] {
  return wanted.flatMap(({ change: { record, stageId, enteredAt }, id }) => {
    const event = first.get(id);
    const name = `record ${record.id} entering ${stageId}`;
    if (!event) return [`lost: ${name} was never received`];
    const right =
      event.name === stageId && event.time === Math.floor(enteredAt.getTime() / 1000) && event.dataset === metaId;
    return right ? [] : [`wrong: ${name} arrived in ${event.dataset} as ${event.raw}`];
  });
}

/** A lead's events reach Meta in the order in which they happened, each counted when it first came. */
function outOfOrder(wanted: readonly Expected[], first: ReadonlyMap<string, MetaEvent>): readonly string[] {
  return [...Map.groupBy(wanted, ({ change }) => change.record.id)].flatMap(([record, events]) => {
    const arrivals = events.map(({ id }) => first.get(id)?.n ?? 0);
    return arrivals.every((n, at) => n >= (arrivals[at - 1] ?? 0)) ? [] : [`order: record ${record} came ${arrivals}`];
  });
}

/** Read = accepted + waiting + refused + not sent by reason, in the ledger, in the tallies, and in the CRM. */
function unbalanced(expected: readonly Expected[], books: Sums | undefined): readonly string[] {
  if (!books) return ["there are none"];
  const truth = Object.fromEntries(
    [...Map.groupBy(expected, ({ fate }) => (fate === "accepted" || fate === "refused" ? "event" : fate))].map(
      ([outcome, of]) => [outcome, of.length],
    ),
  );
  const refused = expected.filter(({ fate }) => fate === "refused").length;
  const faults = [];
  for (const [name, counts] of [
    ["ledger", books.ledger],
    ["tallies", books.tallies],
  ] as const)
    if (total(counts) !== expected.length || Object.entries(truth).some(([outcome, n]) => counts[outcome] !== n))
      faults.push(`the ${name} say ${JSON.stringify(counts)}, the CRM ${JSON.stringify(truth)}`);
  if (books.waiting > 0) faults.push(`${books.waiting} wait still`);
  const asTold = books.dead.filter((dead) => dead.reason === "refused_lead_id" && dead.subcode === 2804036);
  if (books.dead.length !== refused || asTold.length !== refused)
    faults.push(`${refused} are refused for their lead id, given up are ${JSON.stringify(books.dead)}`);
  return faults;
}

/** Once somebody has claimed a lane, no write begun under an earlier lease may be taken. */
function staleWrites(journal: readonly Line[]): readonly string[] {
  const newest = new Map<string, number>();
  const late = new Set<string>();
  return journal.flatMap((line) => {
    if (line.what === "claimed") newest.set(line.lane, Math.max(line.token, newest.get(line.lane) ?? 0));
    if (!("write" in line)) return [];
    const write = `${line.write} of ${line.lane} under lease ${line.token} by ${line.pid}`;
    if (line.what !== "begins") return line.what === "done" && late.delete(write) ? [`stale: ${write} was taken`] : [];
    if (line.token < (newest.get(line.lane) ?? 0)) late.add(write);
    else late.delete(write);
    return [];
  });
}

interface Hold {
  readonly lane: string;
  readonly tookMs: number;
  /** The most often that another lane of its kind had a turn after this one's lease had ended. */
  readonly overtaken: number;
}

/**
 * The times from a claim that was not followed by a release to the next claim. A release that was begun may have been done; a
 * token left out belongs to a claim whose worker died before it could say so.
 */
function holdsOf(journal: readonly Line[], leaseMs: number): readonly Hold[] {
  const since = new Map<string, { readonly at: number; readonly token: number }>();
  const claims: { readonly lane: string; readonly at: number }[] = [];
  const kindOfLane = (lane: string): string => lane.split(" ")[0] ?? "";
  return journal.flatMap((line) => {
    const given = line.what === "begins" && line.write === "release";
    if (line.what !== "claimed" && !given) return [];
    const { lane, at, token } = line;
    const from = since.get(lane);
    if (given) {
      since.delete(lane);
      return [];
    }
    since.set(lane, { at, token });
    claims.push({ lane, at });
    if (from?.token !== token - 1) return [];
    const others = claims.filter(
      (other) => other.lane !== lane && other.at > from.at + leaseMs && kindOfLane(other.lane) === kindOfLane(lane),
    );
    const turns = [...Map.groupBy(others, (other) => other.lane).values()].map((of) => of.length);
    return [{ lane, tookMs: at - from.at, overtaken: Math.max(0, ...turns) }];
  });
}

/**
 * A lane whose worker died is taken over before its lease and ten seconds more are over. Where all had to wait that long, since
 * this machine gave the workers too little time between two deaths, nobody was passed over.
 */
const heldTooLong = (holds: readonly Hold[], leaseMs: number): readonly string[] =>
  holds
    .filter(({ tookMs, overtaken }) => tookMs > leaseMs + 10_000 && overtaken > 2)
    .map(({ lane, tookMs, overtaken }) => `stuck: ${lane} for ${tookMs} ms, while another had ${overtaken} turns`);

import type { Verdict } from "../../core/meta/verdict.ts";
import { type BlockReason, blocks } from "../../core/problems.ts";
import type { DatasetFacts } from "./dataset-facts.ts";
import { kindOf, type Refusal, type Told } from "./graph.ts";
import type { TokenFacts } from "./token-facts.ts";

export const stepNames = ["form", "alive", "found", "crm", "send"] as const;
export type StepName = (typeof stepNames)[number];

/** `unseen`: Meta does not show it to this token. `not_reached`: a step before it failed. */
export interface Step {
  readonly step: StepName;
  readonly state: "ok" | "failed" | "unseen" | "not_reached";
  readonly words: string;
  readonly fix?: string;
}

/** How a check went; `ok`: events can be sent. */
export interface Checked {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** As Meta calls it, where it tells. */
  readonly name?: string;
  readonly endsAt?: Date;
}

/** The step that failed, in its words and with its fix. */
export function whyNot({ steps }: Checked): string {
  const failed = steps.find(({ state }) => state === "failed");
  return [failed?.words, failed?.fix].filter(Boolean).join(" ");
}

/** What Meta said to each question that was asked. */
export interface Probes {
  readonly token: Told<TokenFacts>;
  readonly dataset?: Told<DatasetFacts>;
  readonly verdict?: Verdict;
}

type Finding = Omit<Step, "step">;
const ok = (words: string): Finding => ({ state: "ok", words });
const unseen = (words: string, fix?: string): Finding => ({
  state: "unseen",
  words,
  ...(fix !== undefined && { fix }),
});
const failed = (words: string, fix: string): Finding => ({ state: "failed", words, fix });

/** What can be seen without asking Meta; absent: nothing is wrong with it. */
export function wellFormed(metaId: string, token: string): Checked | undefined {
  const fault = /^\d{5,20}$/.test(metaId) ? tokenFault(token) : "The dataset id is a number of 15 or 16 digits.";
  return fault ? laidOut([failed(fault, "Copy the id and the token again in Events Manager, Settings.")]) : undefined;
}

function tokenFault(token: string): string | undefined {
  if (/^\d+\|/.test(token)) return "This is an app's own token; it cannot send events.";
  if (/^[0-9a-f]{32}$/.test(token)) return "This looks like an app secret, not like an access token.";
  return /^EAA[A-Za-z0-9]{20,1000}$/.test(token) ? undefined : "A token of Meta's begins with EAA and has no spaces.";
}

export function judge(metaId: string, { token, dataset, verdict }: Probes, now: Date): Checked {
  const sends = verdict !== undefined && proves(verdict);
  const steps = [
    ok("The dataset id and the token have the right form."),
    aliveStep(token, verdict, now),
    foundStep(metaId, dataset, sends),
    crmStep(dataset),
    sendStep(verdict),
  ];
  const name = dataset?.told?.name;
  const endsAt = token.told?.endsAt;
  return { ...laidOut(steps), ...(name !== undefined && { name }), ...(endsAt && { endsAt }) };
}

/** Behind the first step that failed nothing is known. */
function laidOut(findings: readonly Finding[]): Checked {
  const end = findings.findIndex(({ state }) => state === "failed");
  const reached = end < 0 ? findings.length : end + 1;
  const steps = stepNames.map((step, n): Step => {
    const finding = n < reached ? findings[n] : undefined;
    return { step, ...(finding ?? { state: "not_reached", words: "" }) };
  });
  return { ok: end < 0 && steps.every(({ state }) => state !== "not_reached"), steps };
}

/** Only who may send there hears what is wrong with an event. */
const proves = (verdict: Verdict): boolean =>
  verdict.verdict === "accepted" ||
  (verdict.verdict === "refused" && verdict.subcode !== undefined && verdict.subcode >= 2_804_000);

const busy = failed("Meta does not answer just now.", "Try again in a few minutes.");
const anew = "Make a new token in Events Manager, Settings, Generate access token.";

function aliveStep(token: Told<TokenFacts>, verdict: Verdict | undefined, now: Date): Finding {
  const facts = token.told;
  if (facts?.valid === false) return failed(deathOf(facts.subcode), anew);
  if (facts?.endsAt && facts.endsAt <= now) return failed(deathOf(463), anew);
  if (facts) return ok(`The token is alive${facts.endsAt ? ` until ${dayOf(facts.endsAt)}` : " and has no end"}.`);
  if (verdict?.verdict === "blocked" && verdict.why === "meta_token") return failed(deathOf(verdict.subcode), anew);
  if (verdict?.verdict === "blocked" && verdict.why === "meta_proof")
    return failed(
      blocks.meta_proof.title,
      "Use a token that was made in Events Manager: its app demands no signature.",
    );
  if (!verdict || verdict.verdict === "retry" || verdict.verdict === "unknown") return busy;
  return ok("The token is alive. It may only send, so Meta does not say until when.");
}

/** Meta, "Access token debugging": the subcodes of 190. */
function deathOf(subcode: number | undefined): string {
  if (subcode === 463) return "The token has ended.";
  if (subcode === 458) return "The token was revoked: the app was removed.";
  if (subcode === 460) return "The token ended when a password was changed.";
  return "Meta does not know this token, or it was revoked.";
}

function foundStep(metaId: string, dataset: Told<DatasetFacts> | undefined, sends: boolean): Finding {
  if (dataset?.told) return ok(`Dataset ${metaId} is “${dataset.told.name}”.`);
  if (sends) return ok(`Dataset ${metaId} is there: Meta takes events for it with this token.`);
  return kindOf(dataset?.refused ?? { status: 503 }) === "busy" ? busy : notFound(metaId, dataset?.refused);
}

const notFound = (metaId: string, refused: Refusal | undefined): Finding =>
  refused && kindOf(refused) === "permission"
    ? failed(blocks.meta_permission.title, blocks.meta_permission.fix)
    : failed(`Meta does not show dataset ${metaId} to this token.`, blocks.meta_dataset.fix);

function crmStep(dataset: Told<DatasetFacts> | undefined): Finding {
  const where = "In Events Manager it is one if its Settings have a section “Conversion Leads”.";
  if (dataset?.told?.is_crm === undefined)
    return unseen("Whether it is a CRM dataset could not be looked at with this token.", where);
  if (dataset.told.is_crm) return ok("It is a CRM dataset.");
  return failed(
    "It is not a CRM dataset, so Meta would not count its events as stages of leads.",
    "In Events Manager choose Connect data, CRM, and make one or convert this one.",
  );
}

function sendStep(verdict: Verdict | undefined): Finding {
  if (!verdict || verdict.verdict === "retry" || verdict.verdict === "unknown") return busy;
  if (verdict.verdict === "accepted")
    return ok("Events may be sent there. Meta took the event of this check, which is thirty days old.");
  if (proves(verdict)) return ok("Events may be sent there. This check left nothing in the dataset.");
  if (verdict.verdict === "blocked") return refusedBy(verdict.why);
  return failed("Meta did not say whether events may be sent there.", blocks.meta_unclear.fix);
}

const refusedBy = (why: BlockReason): Finding => failed(`${blocks[why].title}.`, blocks[why].fix);

/** `26 Nov 2026` */
const dayOf = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" }).format(at);

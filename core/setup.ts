import { problemOf } from "./problems.ts";

/** The way from nothing to live, in its order. */
export const setupSteps = ["crm", "meta", "mapping", "preview", "live"] as const;
export type SetupStep = (typeof setupSteps)[number];

/**
 * `todo`: somebody can do it now. `blocked`: a step before it comes first. `attention`: it was done and is red now, or does not
 * hold. `done`: it holds, as far as we know without asking the vendor.
 */
export interface StepState {
  readonly step: SetupStep;
  readonly state: "todo" | "done" | "attention" | "blocked";
  /** How it stands, in one sentence. */
  readonly words: string;
  /** How it is mended, where it is red. */
  readonly fix?: string;
}

/** What the steps of one account are judged by. */
export interface SetupFacts {
  /** Absent: no account is connected. */
  readonly crm?: {
    readonly crmName: string;
    readonly name: string;
    /** Why reading stands still or waits. */
    readonly why?: string;
    /** Its first reading is through. */
    readonly wasRead: boolean;
    readonly read: number;
    readonly live: boolean;
  };
  /** Where its events go, or could go; absent: no dataset is connected. */
  readonly dataset?: { readonly name: string; readonly why?: string; readonly chosen: boolean };
  /** Absent: nothing is mapped yet. */
  readonly mapping?: { readonly sent: number; readonly stages: number; readonly byPerson: boolean };
  /** What became of the preview: a test event was accepted, or somebody went on without one. */
  readonly preview?: "tested" | "skipped";
}

type Finding = Omit<StepState, "step">;

/** Every step of one account's way to being live. Pure: the console, the API and the CRM's settings page all say these sentences. */
export function stepsOf(facts: SetupFacts): readonly StepState[] {
  const before = {
    crm: crmStep(facts),
    meta: metaStep(facts),
    mapping: mappingStep(facts),
    preview: previewStep(facts),
  };
  const all: Readonly<Record<SetupStep, Finding>> = { ...before, live: liveStep(facts, before) };
  return setupSteps.map((step) => ({ step, ...all[step] }));
}

/** The first that is not done; undefined: all are. */
export const currentStep = (steps: readonly StepState[]): SetupStep | undefined =>
  steps.find(({ state }) => state !== "done")?.step;

const done = (words: string): Finding => ({ state: "done", words });
const todo = (words: string): Finding => ({ state: "todo", words });
const blocked = (words: string): Finding => ({ state: "blocked", words });

/** In the words of the catalogue. */
function red(code: string, subject: string): Finding {
  const { title, fix } = problemOf(code);
  return { state: "attention", words: `${subject}: ${title}.`, fix };
}

function crmStep({ crm }: SetupFacts): Finding {
  if (!crm) return todo("No CRM account is connected yet.");
  const { crmName, name, why, wasRead, read, live } = crm;
  if (why) return red(why, crmName);
  if (!wasRead && live) return done(`${name} is connected, and is being read from its beginning once more.`);
  if (!wasRead)
    return done(`${name} is connected. Its current stages are being read: ${read.toLocaleString("en")} so far.`);
  return done(`${name} is connected, and ${read.toLocaleString("en")} stage entries are read.`);
}

function metaStep({ dataset }: SetupFacts): Finding {
  if (!dataset) return todo("No dataset is connected yet.");
  if (dataset.why) return red(dataset.why, dataset.name);
  return done(dataset.chosen ? `Events go to ${dataset.name}.` : `${dataset.name} is connected.`);
}

function mappingStep({ crm, mapping }: SetupFacts): Finding {
  if (!crm) return blocked("Connect your CRM first.");
  if (!mapping) return todo("The stages are suggested as soon as they are read.");
  const { sent, stages, byPerson } = mapping;
  if (sent === 0)
    return { state: "attention", words: "No stage is sent.", fix: "Switch on the stages that Meta is to learn from." };
  const share = `${sent} of ${stages} stages ${sent === 1 ? "is" : "are"} sent`;
  if (byPerson || crm.live) return done(`${share}.`);
  return todo(`${share} if you save the suggestion, which follows the stages' names.`);
}

function previewStep({ crm, mapping, preview }: SetupFacts): Finding {
  if (preview === "tested") return done("Meta accepted a test event.");
  if (preview === "skipped" || crm?.live) return done("Left out; you can look at any lead's event at any time.");
  if (!crm) return blocked("Connect your CRM first.");
  if (!mapping) return blocked("Map the stages first.");
  return todo("Look at the event of a real lead, and send one as a test if you like.");
}

function liveStep({ crm }: SetupFacts, before: Readonly<Record<Exclude<SetupStep, "live">, Finding>>): Finding {
  const [first] = (["crm", "meta", "mapping"] as const).filter((step) => before[step].state !== "done");
  if (crm?.live)
    return first ? { state: "attention", words: `Live, but ${lowerFirst(before[first].words)}` } : done("Live.");
  if (!first) return todo("Nothing is sent until you start.");
  return blocked(before[first].state === "attention" ? mendFirst[first] : doFirst[first]);
}
const doFirst = {
  crm: "Connect your CRM first.",
  meta: "Connect Meta first.",
  mapping: "Look at the stages and save them first.",
} as const;
const mendFirst = {
  crm: "Mend the connection to your CRM first.",
  meta: "Mend the connection to Meta first.",
  mapping: "Switch on a stage first.",
} as const;

/** A name keeps its capital: only our own sentences begin with one of these. */
const lowerFirst = (text: string): string => text.replace(/^(No|The|Its|Nothing)\b/, (word) => word.toLowerCase());

import type { StageView } from "../../../api/mapping.ts";
import { counted } from "./formats.ts";
import { mappingFields } from "./mapping-fields.ts";

const stages = (count: number): string => counted(count, "stage", "stages");
const listed = new Intl.ListFormat("en-GB");

/** Which stages are sent, and as what. */
export const mapping = {
  title: "Mapping",
  lead: "Which stages of your CRM Meta hears of, and under which names.",
  accounts: "CRM accounts",
  loading: "Asking the CRM for its stages",
  failed: "We could not load the mapping",
  noConnection: {
    text: "No CRM is connected yet. Once one is, its pipelines and stages appear here with suggested names.",
    connect: "Connect a CRM",
  },
  noPipelines: (crm: string) =>
    `${crm} shows us no pipelines. Either there are none yet, or whoever connected it may not see them: ask an admin of ${crm} to look, then ask again.`,
  noPipelinesInHouse: "No pipelines are declared for this CRM yet. Declare its stages, and they appear here.",
  again: "Ask again",
  silent: {
    lead: (crm: string, why: string) => `${crm} does not answer: ${why}.`,
    meanwhile:
      "Below are the stages as they were when the mapping was saved. What is new or deleted shows once it answers; you can save meanwhile.",
    empty: "Nothing is saved yet, so there is nothing to show until it answers.",
  },
  inHouse: "This CRM pushes its changes to us. Its stages are those that were declared for it.",
  suggested: "Nobody has looked at this mapping yet: the names were suggested from your stages. Check them and save.",
  notLive: "You are not live yet. When you go live, the mapping of that moment decides what is sent.",
  liveNote:
    "A change holds for leads that enter a stage from then on. Leads that are in a stage already are not sent again.",
  behind: "The CRM has changed since the mapping was saved. Saving follows it:",
  readOnly: "Only admins can change the mapping. Ask one if a stage is missing or named wrongly.",
  asOf: "As of",

  stages: {
    title: "Stages",
    caption: (pipeline: string) => `The stages of ${pipeline}: how often each was entered, and what is sent of it`,
    tabs: "Pipelines",
    stage: "Stage",
    entered: "Entered, 28 days",
    sendAs: "Send as",
    which: "Which entries",
    send: "Send",
    sent: "Sent",
    notSent: "Not sent",
    ofPipeline: (sent: number, all: number) => `${sent}/${all}`,
    ofPipelineSpoken: (sent: number, all: number) => `, ${sent} of ${stages(all)} sent`,
    changed: "changed",
    nameOf: (stage: string) => `Name of ${stage} at Meta`,
    whichOf: (stage: string) => `Which entries into ${stage} are sent`,
    sendOf: (stage: string) => `Send ${stage}`,
    first: "First entry",
    every: "Every entry",
    unset: "Name at Meta",
    guidance:
      "Meta learns from the whole way, so send every stage, the first one included. Choose names once: under a new name Meta has to learn anew. Lost stages are usually not sent.",
    none: "This pipeline has no stages.",
    outcomes: { open: "", won: "Won", lost: "Lost" } satisfies Record<StageView["outcome"], string>,
    isNew: "New",
    newNote: (crm: string) => `New in ${crm}, and not sent until you choose.`,
    gone: "Deleted",
    goneNote: (crm: string) => `No longer in ${crm}. It stays here so that what was sent remains readable.`,
    inactive: "Inactive",
    unsure: "Not sure",
    doubts: {
      sounds_lost: "It sounds like a dead end, so we suggest not to send it.",
      no_name: "The stage has no readable name.",
      cut: "The stage's name is longer than Meta takes; shorten it.",
      same_name: "Another stage of this pipeline has the same name.",
    } satisfies Record<NonNullable<StageView["doubt"]>, string>,
  },

  funnel: {
    title: "The funnel Meta sees",
    source: (crm: string) => `Source “${crm}”`,
    caption: "Event names in the order of the funnel, with entries of the last 28 days",
    name: "Event name",
    empty: "Nothing of this pipeline is sent.",
    lost: "lost",
    won: "won",
    merged: (count: number) => `${stages(count)} under one name`,
    filled: "A lead that jumps ahead sends the open stages in between too.",
    notFilled: "A lead that jumps ahead sends only the stage it lands in.",
  },

  switches: {
    title: "How it is sent",
    fillSkipped: "Fill in skipped stages",
    fillSkippedNote:
      "When a lead jumps over stages, the open ones in between are sent with it, at the same moment. Meta asks that all earlier stages were sent.",
    sendValue: "Send value and currency",
    sendValueNote: {
      hubspot: "What each record is worth: a deal's amount, or the fields that are chosen on the mapping page.",
      salesforce:
        "What each record is worth: an opportunity's amount, or the fields that are chosen on the mapping page.",
      http: "The value and currency that your CRM sends with the stage change.",
      other: "What each record is worth, as the CRM has it.",
    },
  },

  save: {
    label: "Saving the mapping",
    willBeSent: (sent: number, all: number) => `${sent} of ${stages(all)} will be sent`,
    areSent: (sent: number, all: number) => `${sent} of ${stages(all)} are sent`,
    changes: (count: number) => `${counted(count, "change", "changes")}: what will change`,
    past: "Past events stay as they are.",
    nothing: "Nothing would change.",
    checking: "Working out what will change",
    save: "Save mapping",
    confirm: "Save as suggested",
    saving: "Saving",
    discard: "Discard changes",
    saved: (version: number) => `Saved as version ${version}.`,
    failed: "The mapping was not saved",
    checkFailed: "We could not check the mapping",
    errors: (count: number) => `${stages(count)} ${count === 1 ? "needs" : "need"} your attention before you can save.`,
    ignored: (stage: string) => `${stage} will not be sent.`,
    undo: "Undo",
    sameName: (names: readonly string[]) =>
      `${listed.format(names.map((name) => `“${name}”`))} ${names.length === 1 ? "is" : "are"} used for more than one stage of a pipeline. Meta cannot tell them apart. Is that meant?`,
    sameNameYes: "Yes, save",
    sameNameNo: "Go back",
  },

  conflict: {
    title: "Somebody else saved meanwhile",
    lead: (who: string, version: number) => `${who} saved version ${version} while you were working.`,
    safe: "Nothing of yours is lost; decide how to go on.",
    loading: "Loading the newest version",
    caption: "Where the two versions differ",
    stage: "Stage",
    theirs: (who: string) => `Saved by ${who}`,
    mine: "Yours",
    same: "Both versions say the same.",
    takeMine: "Save mine over it",
    takeMineBusy: "Saving",
    takeTheirs: "Take theirs",
    goOn: "Go on from theirs with my changes",
    chosen: (name: string, send: boolean, every: boolean) =>
      !send ? "Not sent" : every ? `Sent as “${name}”, every entry` : `Sent as “${name}”`,
    unknown: "Not in it",
    on: "On",
    off: "Off",
    took: "You see the newest version now.",
    rebased: "Your changes stand on the newest version now. Check them and save.",
  },

  leaving: {
    title: "Leave without saving?",
    lead: (names: readonly string[]) => `Not saved yet: ${listed.format(names)}.`,
    more: (count: number) => `${count} more`,
    stay: "Stay here",
    leave: "Leave without saving",
  },

  versions: {
    title: "Versions",
    failed: "We could not load the versions",
    loading: "Loading the versions",
    empty: "The first version is made when the CRM is read for the first time.",
    version: (version: number) => `Version ${version}`,
    current: "Current",
    by: {
      suggestion: "Suggested from the stages' names",
      file: "Declared in the pipelines file",
      unknown: "a former member",
    },
    unchanged: "Saved as it was.",
    sent: (sent: number, all: number) => `${sent} of ${stages(all)} sent`,
    older: "Show older versions",
    loadingOlder: "Loading",
    show: "Show all stages",
    hide: "Hide the stages",
    caption: (version: number) => `Version ${version}: every stage and what was sent of it`,
    versionFailed: "We could not load this version",
  },

  ...mappingFields,
};

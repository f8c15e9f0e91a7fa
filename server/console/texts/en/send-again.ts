import { events } from "./formats.ts";

/** Sending refused events again: one of them, or all of a problem. */
export const sendAgain = {
  title: "Send again",
  open: "Send again…",
  looking: "Asking the CRM how this event would look now",
  failed: "We could not find out how this event would look now",
  refused: "It was not sent again",
  until: (at: string, distance: string) => `Meta takes it until ${at} (${distance}).`,
  tooLate: (at: string) => `It has been too old for Meta since ${at}: it cannot be sent again.`,
  sameId: "It keeps its id, so Meta counts it once.",
  sameIdTooLate: "It keeps its id; but Meta tells repeats apart for 48 hours only, and may count it twice.",
  asItWas: "Send as it was",
  rebuilt: "Send as it would be now",
  sending: "Sending…",
  queued: "It is on its way again.",
  heldBack: (title: string) => `A rule says by now that it is not to be sent: ${title}`,
  unknown: (why: string) => `It cannot be made anew: ${why}. It can still be sent as it was.`,
  same: "The CRM’s data and the mapping make the same event as before.",
  differs: "What would change",
  caption: "What the event was, and what it would be now, field by field",
  field: "Field",
  before: "As it was",
  after: "As it would be now",
  absent: "not there",

  all: {
    open: (count: number) => `Send ${events(count)} again`,
    question: (count: number) => `How shall the ${events(count)} be sent again?`,
    asItWas: "As they were",
    asItWasMeans: "Right when what was wrong has been mended at Meta.",
    rebuilt: "As they would be now",
    rebuiltMeans: "Right when the CRM’s data or the mapping has been mended. What a rule holds back by now stays.",
    cancel: "Cancel",
    busy: "Sending again…",
    soFar: (count: number) => `${events(count)} so far`,
    failed: "Not all of them were sent again",
    done(counts: { taken: number; tooOld: number; heldBack: number; unknown: number }, title: string): string {
      const left = [
        [counts.tooOld, "too old for Meta"],
        [counts.heldBack, "held back by a rule"],
        [counts.unknown, "unknown to the CRM by now"],
      ] as const;
      const not = left.filter(([count]) => count > 0).map(([count, why]) => `${events(count)} ${why}`);
      const taken = `${title}: ${counts.taken === 0 ? "no event is" : `${events(counts.taken)} ${counts.taken === 1 ? "is" : "are"}`} on the way again`;
      return `${[taken, ...not].join("; ")}.`;
    },
  },
};

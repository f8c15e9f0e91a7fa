/** What may be shown, logged and kept, and for how long. Everything else is not. */

/** Days after which each kind of data is dropped. */
export const keptForDays = {
  /** The payload as sent: hashes, lead id, click id. */
  payloads: 30,
  /** What became of each stage change: ids, stages, times, reasons. No contact data. */
  outcomes: 90,
  /** The ledger: which record was in which stage when. Needed to tell what is new. */
  ledger: 400,
  /** Pushed changes after they are settled: their ids only; the contact hashes go at once. */
  receipts: 30,
  /** That a person or a workspace was erased, in counts. */
  proofs: 1_095,
  /** People who belong to no workspace any more. */
  strays: 30,
} as const;

/**
 * The only columns of the store in which personal data or a secret's twin may be read as it is: our customers' own people, who
 * sign in and get mails. Of leads none is: what is kept of them is hashed, and tokens are sealed.
 */
export const heldInClear: Readonly<Record<string, string>> = {
  "person.name": "Shown to the other members of a workspace.",
  "person.mail": "Shown to the other members, and where mails about their workspace go.",
  "install.about": "Whose consent it was, until it is confirmed or a day has passed.",
  "invitation.mail": "Where the invitation went, so that it can be recognised and withdrawn.",
  "tenant.alert_to": "Who hears of problems.",
  "mail.recipient": "Where a mail about a problem goes.",
};

/** Fields that a log line may carry: ids of ours, counts, milliseconds and codes. */
export const loggable: ReadonlySet<string> = new Set([
  "tenant",
  "connection",
  "dataset",
  "connector",
  "lane",
  "role",
  "route",
  "method",
  "status",
  "code",
  "subcode",
  "traceId",
  "requestId",
  "seqFrom",
  "seqTo",
  "count",
  "tookMs",
  "port",
  "pid",
  "url",
  "version",
  "signal",
  "detail",
]);

/** `j•••@a•••.com`: enough to recognise one's own lead, not enough to write to it. */
export function maskEmail(address: string): string {
  const [name = "", domain = ""] = address.split("@");
  const dot = domain.lastIndexOf(".");
  return `${name.slice(0, 1)}•••@${domain.slice(0, 1)}•••${dot > 0 ? domain.slice(dot) : ""}`;
}

/** `•••••••••••3456`: the last four of an id or phone number. */
export const maskDigits = (digits: string): string => "•".repeat(Math.max(0, digits.length - 4)) + digits.slice(-4);

import { counted } from "./formats.ts";

/** Kinds of record, as each is spoken of. */
const one: Readonly<Record<string, string>> = {
  deal: "a deal",
  contact: "a contact",
  lead: "a lead",
  opportunity: "an opportunity",
};
const many: Readonly<Record<string, string>> = {
  deal: "Deals",
  contact: "Contacts",
  lead: "Leads",
  opportunity: "Opportunities",
};

/** Which fields of the CRM tell who a lead is and what a record is worth, and of how many they do. */
export const mappingFields = {
  fields: {
    title: "How Meta recognises a lead",
    lead: "The CRM fields that tell who a lead is. The bars show how many of your latest leads have each key.",
    failed: "We could not load the fields",
    loading: "Counting in a sample of your latest leads",
    nothing: "Your CRM sends who a lead is with each change, so there is nothing to choose here.",
    silent: (crm: string, why: string) =>
      `${crm} does not answer: ${why}. The fields cannot be chosen until it does; what is chosen stays in force.`,
    leadId: "Meta lead ID",
    leadIdNote: "The number Meta gave the lead: the surest key. 15 to 17 digits.",
    clickId: "Click ID",
    clickIdNote: "The fbclid or fbc of the ad click.",
    consent: "Consent",
    consentNote: "Only leads with a yes are sent. Without a field, nobody is left out.",
    noConsent: "No consent field",
    suggestedGroup: "Suggested",
    allGroup: "All fields",
    nowhere: "No such field",
    missing: (name: string, crm: string) => `${crm} has no field “${name}”. Choose another, or make it there.`,
    option: (label: string, name: string) => `${label} · ${name}`,
    save: "Save fields",
    saving: "Saving",
    discard: "Discard",
    saved: "The fields are saved. They hold for what is read from now on.",
    saveFailed: "The fields were not saved",
    unsaved: "the fields that tell who a lead is",
    draft: "With your choice, not saved yet",
    trying: "Counting what your choice would give",
    conflict: {
      title: "Somebody else chose other fields meanwhile",
      caption: "Where the two choices differ",
      field: "Field",
      theirs: "Chosen by now",
    },
  },

  worth: {
    title: "What a record is worth",
    lead: "The number fields whose value is sent with each event of a record, and its currency.",
    nothing: "Your CRM sends the value and its currency with each change, so there is nothing to choose here.",
    notSent: "No value is sent yet: switch on “Send value and currency” above and save the mapping.",
    valueOf: (object: string) => `Value of ${one[object] ?? `a ${object}`}`,
    valueNote: (object: string, standard: string | undefined) =>
      standard === undefined
        ? `The number field that says what ${one[object] ?? `a ${object}`} is worth. Without one, its events carry no value.`
        : `The number field that says what ${one[object] ?? `a ${object}`} is worth: ${standard}, unless you choose another.`,
    noValue: "No value",
    currency: "Currency",
    currencyNote: (connector: string | undefined, crm: string) =>
      connector === "salesforce"
        ? "Records name their own only in orgs with several currencies. In an org with one, choose it here, or no value is sent. Amounts are not converted."
        : `Where a record has no currency of its own, ${crm}'s account says it. One chosen here is sent with every value; amounts are not converted.`,
    ownCurrency: "The record's own",
    currencies: "Currencies",
    noCurrency: "No such currency",
    unsaved: "the fields that tell what a record is worth",
  },

  coverage: {
    caption: "Of how many of the latest leads Meta would get each key",
    of: (records: number) => `Sample: the latest ${counted(records, "record", "records")}`,
    noRecords: "No records have been read yet. The bars appear with the first ones.",
    key: "Key",
    have: "Leads that have it",
    person: "Somebody behind the record",
    matchable: "Recognisable at all",
    consent: "Consent given",
    records: "Records",
    worthCaption: "Of how many of the latest records Meta would get the value",
    haveWorth: "With a value",
    worthOf: (object: string) => many[object] ?? object,
    noWorth: "None of the latest records is of a kind that has a field for its value.",
    withoutCurrency: (count: number) => `${count} without a currency`,
    notANumber: (count: number) => `${count} below 0 or no number`,
    keys: {
      lead_id: "Meta lead ID",
      fbc: "Click ID",
      em: "Email",
      ph: "Phone",
      fn: "First name",
      ln: "Last name",
      ct: "City",
      st: "State",
      zp: "Postal code",
      country: "Country",
      db: "Date of birth",
      ge: "Gender",
      external_id: "CRM record id",
    },
    share: (have: number, all: number, share: string) => `${have} of ${all} (${share})`,
    unusable: (count: number) => `${count} not usable`,
    notAllowed: "not allowed in the settings",
    before: (share: string) => `before: ${share}`,
  },
};

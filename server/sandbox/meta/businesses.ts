import type { Dataset } from "./accounts.ts";

/** A business portfolio, and a person at Facebook who may or may not administrate it. */
export interface Business {
  readonly id: string;
  readonly name: string;
  /** Of the system user that the app gets there. */
  readonly systemUserId: string;
}
export interface Person {
  /** App-scoped, as the app's tokens and signed requests name them. */
  readonly id: string;
  readonly name: string;
  /** Ids of the businesses they are an admin of. */
  readonly administrates: readonly string[];
}

/** So many digits that follow from a name. */
export type Digits = (what: string, length: number) => string;

export const businessesOf = (digits: Digits): readonly [Business, ...Business[]] => [
  { id: digits("business", 16), name: "Northwind Dental Group", systemUserId: digits("system user", 15) },
  { id: digits("business 2", 16), name: "Brightside Solar", systemUserId: digits("system user 2", 15) },
];

export function peopleOf(digits: Digits, businesses: readonly Business[]): readonly [Person, ...Person[]] {
  const ids = businesses.map(({ id }) => id);
  return [
    { id: digits("person 1", 17), name: "Ana Torres", administrates: ids },
    { id: digits("person 2", 17), name: "Ben Fischer", administrates: ids.slice(1) },
  ];
}

/** What every business has from the beginning: a CRM dataset, a website's pixel, and one shared by an agency for reading only. */
export const datasetsOf = (digits: Digits, business: Business): readonly Dataset[] => {
  const [first = ""] = business.name.split(" ");
  const made = { business: business.id, seeded: true };
  return [
    { ...made, id: digits(`${business.id} crm`, 16), name: `${first} CRM leads`, isCrm: true, permitted: true },
    { ...made, id: digits(`${business.id} web`, 16), name: `${first} website`, isCrm: false, permitted: true },
    {
      ...made,
      id: digits(`${business.id} agency`, 16),
      name: `${first} leads of the agency`,
      isCrm: true,
      permitted: false,
      shared: true,
    },
  ];
};

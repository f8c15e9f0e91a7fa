/** An org at Salesforce: what it is, who works there, and behind which doors (ports stand for hosts). */
export interface OrgFacts {
  /** 1 is the demo's. */
  readonly place: number;
  readonly name: string;
  readonly sandbox: boolean;
  readonly instanceName: string;
  /** What follows the @ in names of users, and what a sandbox adds to them. */
  readonly mailDomain: string;
  readonly usernameSuffix: string;
  readonly users: readonly (readonly [first: string, last: string])[];
  /** Its My Domain: where its data is, and where its users can sign in too. */
  readonly door: string;
  /** login.salesforce.com or test.salesforce.com. */
  readonly loginDoor: string;
}

/**
 * Doors: "main" is login.salesforce.com and the first org's My Domain in one, "second" the second org's My Domain, "test"
 * test.salesforce.com and the sandbox's My Domain in one.
 */
export const DOORS = ["second", "test"] as const;
export const MAIN = "main";

export const orgFacts: readonly [OrgFacts, ...OrgFacts[]] = [
  {
    place: 1,
    name: "Halden Group",
    sandbox: false,
    instanceName: "SIM1",
    mailDomain: "halden-group.example",
    usernameSuffix: "",
    users: [
      ["Integration", "User"],
      ["Dana", "Reyes"],
      ["Priya", "Nair"],
      ["Tom", "Askew"],
    ],
    door: MAIN,
    loginDoor: MAIN,
  },
  {
    place: 2,
    name: "Mirador Legal",
    sandbox: false,
    instanceName: "SIM2",
    mailDomain: "mirador-legal.example",
    usernameSuffix: "",
    users: [
      ["Lucía", "Ortega"],
      ["Henrik", "Dahl"],
      ["Amara", "Obi"],
    ],
    door: "second",
    loginDoor: MAIN,
  },
  {
    place: 3,
    name: "Halden Group",
    sandbox: true,
    instanceName: "SIM3S",
    mailDomain: "halden-group.example",
    usernameSuffix: ".uat", // a sandbox adds its name to every user name, and makes mail addresses invalid
    users: [
      ["Integration", "User"],
      ["Dana", "Reyes"],
      ["Priya", "Nair"],
    ],
    door: "test",
    loginDoor: "test",
  },
];

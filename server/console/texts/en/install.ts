import { counted } from "./formats.ts";

interface Told {
  readonly title: string;
  readonly body: string;
  readonly steps: readonly string[];
}

/** An account let us in: what it is, and where it goes. */
export const install = {
  title: "Confirm the account",
  heading: (account: string) => `Connect ${account}?`,
  loading: "Loading the account",
  account: "Account",
  accountId: (crm: string) => `${crm} account id`,
  test: "Test account",
  testExplained: "Its leads are made up. They are best kept away from the dataset that real leads go to.",
  person: (crm: string) => `Agreed in ${crm}`,
  unnamed: "not told",
  ends: "Waits until",
  permissions: "What was granted",
  granted: "granted",
  missing: "not granted",
  missingFine: "not granted, works without it",
  where: "Where it goes",
  workspace: "Workspace",
  joins: (name: string) => `Into ${name}`,
  joinsNote: "the workspace that is open",
  makesNew: "Into a new workspace",
  newNote: (account: string) => `it is named ${account}, and you are its owner`,
  shares: (dataset: string) => `Let its leads go to ${dataset} as well, which real accounts use`,
  sharesNote: "Without it nothing of this account is sent until it has a dataset of its own.",
  manyGrants: (count: number, crm: string) =>
    `You have let this app into ${counted(count, "account", "accounts")} of ${crm} by now. ${crm} keeps few such consents of one person and drops the oldest without a word: better let another user agree, one that is made for this.`,
  connect: "Connect",
  connecting: "Connecting",
  reconnect: "Renew access and open",
  notNow: "Not now",
  leaving: "Giving it back",
  failed: "It was not connected",
  refuseFailed: "It could not be given back",
  refused: {
    title: "You chose not to connect",
    body: "The access was given back, and nothing of the account is kept here.",
  },
  again: "Start again",
  yours: (workspace: string) =>
    `This account belongs to your workspace ${workspace}. Its mapping and its history stay as they are.`,
  signInFirst: {
    title: "Sign in first",
    body: "This began outside of Stagewire, so we do not know whose workspace it is meant for. Sign in, and this page asks you again.",
  },
  over: {
    title: "This install is over",
    body: "It was confirmed or refused already, it is older than a day, or it began in another browser. Nothing was connected by this page.",
  },
};

export const claim = {
  title: "Accounts that wait",
  heading: "Accounts that let us in",
  lead: "Somebody agreed in a CRM without beginning here. Nothing is connected until a person who is signed in confirms it.",
  signIn: "Sign in first, and come back to this page. The accounts wait for a day.",
  empty: "Nothing waits in this browser.",
  failed: "We could not look for waiting accounts",
  look: (account: string) => `Look at ${account}`,
  crm: "CRM",
};

const again = "Start again, in this browser.";

/** Why an install came to nothing, by its code. Nothing was connected, whichever it is. */
export const installFailed = {
  heading: "Nothing was connected",
  again: "Start again",
  missing: (count: number) => (count === 1 ? "The permission that is missing" : "The permissions that are missing"),
  forward: "A message that you can pass on",
  copy: "Copy the message",
  message: [
    "Hello, I would like to connect our CRM to Stagewire, which reports the stages of our Meta leads to Meta.",
    "Our CRM does not let the app in yet. Could you, as its admin, approve or install the app “Stagewire”, or sign in yourself here:",
  ].join(" "),
  codes: {
    oauth_denied: {
      title: "You chose not to connect",
      body: "Access was not given on the CRM's page. Nothing was stored.",
      steps: [
        "Start again and agree.",
        "If you may not install apps in your CRM, pass the message below on to an admin.",
      ],
    },
    oauth_state: {
      title: "This link is used up, or was not begun here",
      body: "A consent is good for 10 minutes, once, and only in the browser in which it was begun.",
      steps: [again],
    },
    oauth_app: {
      title: "Your CRM does not let this app in yet",
      body: "The account wants an admin to approve or install the app before anybody may connect it.",
      steps: ["Pass the message below on to an admin of the account.", "Start again when it is done."],
    },
    oauth_scopes: {
      title: "A permission is missing",
      body: "Without it stages cannot be read. It was left unticked, or the account's edition does not have it.",
      steps: ["Start again and leave every required permission ticked."],
    },
    oauth_identity: {
      title: "The account could not be verified",
      body: "What the CRM told about the account does not fit together, so we did not believe it.",
      steps: [again, "If it stays, tell us when it happened."],
    },
    account_taken: {
      title: "The account belongs to another workspace",
      body: "It goes on there as before. The owners of that workspace were told that somebody tried to connect it.",
      steps: [
        "Ask an owner of that workspace to invite you.",
        "Or let them disconnect the account there, and start again.",
      ],
    },
    crm_unavailable: {
      title: "The CRM did not answer as it should",
      body: "Nothing was stored.",
      steps: ["Try again in a few minutes."],
    },
    crm_limit: {
      title: "The CRM takes no more requests just now",
      body: "Its limit is reached. Nothing was stored.",
      steps: ["Try again in a few minutes."],
    },
    network_unreachable: {
      title: "The CRM cannot be reached",
      body: "Nothing was stored.",
      steps: ["Try again in a few minutes."],
    },
    network_no_answer: {
      title: "The CRM did not answer in time",
      body: "Nothing was stored.",
      steps: ["Try again in a few minutes."],
    },
    app_credentials: {
      title: "The CRM does not accept our app's credentials",
      body: "That is ours to mend, not yours. Nothing was stored.",
      steps: ["Tell us when it happened."],
    },
    input_invalid: {
      title: "That is no place to sign in at",
      body: "The address is none of the CRM's.",
      steps: ["Start again and look at the address of your My Domain."],
    },
    host_not_allowed: {
      title: "That is no place to sign in at",
      body: "The address is none of the CRM's.",
      steps: ["Start again and look at the address of your My Domain."],
    },
    not_found: {
      title: "This CRM cannot be connected here",
      body: "The server knows no such CRM, or our app is not set up for it.",
      steps: ["Choose one of those that are offered."],
    },
  } satisfies Record<string, Told>,
  other: {
    title: "Something went wrong on our side",
    body: "Nothing was stored.",
    steps: [again, "If it stays, tell us when it happened."],
  } satisfies Told,
};

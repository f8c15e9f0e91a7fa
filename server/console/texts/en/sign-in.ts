/** Signing in, and who is signed in. */
export const signIn = {
  title: "Sign in",
  heading: "Connect your CRM, and you are signed in",
  lead: "An admin of your CRM agrees once on its own page. There is no form and no password here. It takes about two minutes.",
  ended: "Your session has ended. Sign in again and go on where you were.",
  another: {
    title: "Connect a CRM",
    heading: "Connect another CRM account",
    lead: (workspace: string) => `It joins ${workspace}, or a workspace of its own: you choose after you have agreed.`,
  },
  fresh: {
    title: "Set up a new workspace",
    heading: "Set up a new workspace",
    lead: "It begins with your CRM: an admin agrees once on its own page. After that come Meta, the stages, a look at a real lead, and going live. About two minutes, and nothing is sent before the end.",
  },
  simulated:
    "Here the CRMs and Meta are simulated, with made-up leads. Their pages look plainer than the real ones; the steps are the same.",
  loading: "Loading what can be connected",
  failed: "We could not load what can be connected",
  continueWith: (crm: string) => `Continue with ${crm}`,
  notConfigured: (crm: string) => `${crm} is not set up on this server yet. Whoever runs it can do that.`,
  where: (crm: string) => `Where you sign in to ${crm}`,
  ownHost: "My Domain",
  host: "Your My Domain address",
  hostHint: "As it stands in your browser when you are signed in, such as acme.my.salesforce.com.",
  hostWrong: "This is no address of Salesforce's. It ends with .my.salesforce.com.",
  scopes: (count: number) => `What it asks for (${count})`,
  optional: "if the account has it",
  never: {
    title: "What we do with it",
    points: [
      "We read pipelines, stages, and the contact data that Meta matches leads by.",
      "Meta receives each change of stage. Mail addresses and phone numbers are hashed before they leave.",
      "Nothing in your CRM is changed, and nothing is sent before you go live.",
    ],
  },
  demo: {
    title: "Try the demo",
    lead: "Simulated CRMs and a simulated Meta run on this machine. Nothing leaves it.",
    fresh: "Or walk the whole path yourself, with simulated accounts:",
    setUp: "Set up a new workspace",
    as: { owner: "Enter as owner", admin: "Enter as admin", viewer: "Enter as viewer" },
  },
  operator: {
    title: "Sign in as operator",
    lead: "This is the link that was shown when the server started. It works once, within 30 minutes.",
    enter: "Sign in",
    entering: "Signing in",
    failed: "You are not signed in",
  },
};

export const session = {
  menu: (name: string) => `You: ${name}`,
  nameless: "Account",
  workspaces: "Workspaces",
  open: (name: string) => `Open ${name}`,
  here: "open now",
  overview: "Overview",
  members: "Members",
  connectCrm: "Connect a CRM",
  setUp: "Set up a new workspace",
  connectMeta: "Connect Meta",
  end: "Sign out",
  endAll: "Sign out everywhere",
  failed: "That did not work",
  none: {
    title: "No workspace is open",
    lead: "Open one of yours, or connect a CRM account to make a new one.",
    alone: "You are in no workspace any more. Connect a CRM account to make a new one, or ask an owner to invite you.",
  },
  notAllowed: {
    title: "Not for your role",
    lead: (role: string, name: string) =>
      `This needs the role ${role} in ${name}. An owner can give it to you on the page Members.`,
  },
  roles: { owner: "Owner", admin: "Admin", viewer: "Viewer" },
  rolesExplained: {
    owner: "everything, members and erasing included",
    admin: "connects accounts, and decides what is sent",
    viewer: "looks, and changes nothing",
  },
};

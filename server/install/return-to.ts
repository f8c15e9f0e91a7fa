/** Pages of the console that an install can be begun from, and go back to. Only these names ever travel: never an address. */
const pages = {
  home: "/",
  setup: "/setup",
  "connect-meta": "/connect-meta",
  members: "/members",
  /** Somebody who is invited, and only has to say who they are. */
  invitation: "/invitation",
} as const;
export type ReturnTo = keyof typeof pages;

const isPage = (name: string): name is ReturnTo => Object.hasOwn(pages, name);

/** Any other text is the console's first page. */
export const returnToOf = (text: string | undefined): ReturnTo => (text !== undefined && isPage(text) ? text : "home");

/** A path of ours. */
export const pathOf = (name: string | undefined): string => pages[returnToOf(name)];

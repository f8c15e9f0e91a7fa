/**
 * Where the console's pages are. The server serves the console at these addresses and no others, the console's router shows a
 * page of its own at each, and mails lead to them. `$name` stands for one part of a path.
 */
export const addresses = {
  overview: "/",
  setup: "/setup",
  deliveries: "/deliveries",
  problems: "/problems",
  problem: "/problems/$id",
  mapping: "/mapping",
  mappingOf: "/mapping/$connection",
  preview: "/preview",
  connections: "/connections",
  connectMeta: "/connect-meta",
  members: "/members",
  settings: "/settings",
  privacy: "/privacy",
  audit: "/audit",
  developers: "/developers",
  signIn: "/sign-in",
  claim: "/claim",
  invitation: "/invitation",
  installFailed: "/install/failed",
  install: "/install/$id",
} as const;

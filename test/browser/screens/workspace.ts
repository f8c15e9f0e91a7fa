import type { Screen } from "./screen.ts";

/** The pages about the workspace. */
export const workspace: readonly Screen[] = [
  { screen: "Connections", address: "/connections", states: [] },
  { screen: "Members", address: "/members", states: [] },
  { screen: "Settings", address: "/settings", states: [] },
  { screen: "Privacy", address: "/privacy", states: [] },
  { screen: "Audit log", address: "/audit", states: [] },
  { screen: "Developers", address: "/developers", states: [] },
];

import * as installs from "../installs.ts";
import type { Screen } from "./screen.ts";

/** The ways in: signing in, installing, connecting Meta. */
export const connecting: readonly Screen[] = [
  {
    screen: "Sign in",
    address: "/sign-in",
    open: true,
    answers: { "GET /providers": () => installs.providers },
    states: [{ state: "nobody is signed in", says: "Connect your CRM, and you are signed in" }],
  },
  { screen: "Set up", address: "/setup", states: [] },
  { screen: "Connect Meta", address: "/connect-meta", states: [] },
  {
    screen: "Install",
    address: "/install/ins_1",
    open: true,
    answers: { "GET /installs/:id": () => installs.install() },
    states: [],
  },
  { screen: "Install that came to nothing", address: "/install/failed?code=oauth_denied", open: true, states: [] },
  { screen: "Waiting accounts", address: "/claim", open: true, states: [] },
  { screen: "Invitation", address: "/invitation#token=x", open: true, states: [] },
];

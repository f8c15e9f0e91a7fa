import * as installs from "../installs.ts";
import * as overviews from "../overviews.ts";
import * as setups from "../setups.ts";
import type { Answers, Screen } from "./screen.ts";

const at = (view: () => object): Answers => ({ "GET /setup": view });

const setUp: Screen = {
  screen: "Set up",
  address: "/setup",
  overview: () => {
    const overview = overviews.reading();
    return { ...overview, connections: overview.connections.slice(0, 1).map((one) => ({ ...one, id: "con_1" })) };
  },
  answers: {
    ...at(setups.toPreview),
    "GET /providers": () => installs.providers,
    "GET /setup/check": () => setups.check("ok"),
    "GET /meta/login": () => ({ offered: true, waiting: false }),
    "GET /connections/:id/go-live": () => setups.goLive(),
    "GET /connections/:id/samples": () => setups.samples(),
    "GET /connections/:id/preview": () => setups.preview(),
  },
  // The vendor's own word on each step, and what a step shows beside itself.
  beside: ["GET /setup/check", "GET /connections/:id/preview"],
  states: [
    { state: "nothing connected", overview: overviews.empty, answers: at(setups.nothing), says: "Step 1 of 5" },
    {
      state: "Meta to connect",
      answers: at(() => setups.setup({ meta: "todo", mapping: "todo", preview: "todo", live: "blocked" })),
      says: "Step 2 of 5",
    },
    {
      state: "Meta said no",
      address: "/setup?failed=oauth_denied",
      answers: at(() => setups.setup({ meta: "todo", mapping: "todo", preview: "todo", live: "blocked" })),
      says: "You chose not to connect.",
    },
    {
      state: "stages to map",
      answers: at(() => setups.setup({ mapping: "todo", preview: "todo", live: "todo" })),
      says: "Step 3 of 5",
    },
    { state: "to preview", says: "Step 4 of 5" },
    { state: "to go live", answers: at(setups.ready), says: "Step 5 of 5" },
    {
      state: "a step turned red",
      answers: at(() => setups.setup({ crm: "attention", live: "blocked" })),
      says: "Mend crm.",
    },
    { state: "live, waiting", answers: at(() => setups.live()), says: /Live/ },
    { state: "live, accepted", answers: at(setups.done), says: /accepted/i },
    { state: "as a viewer", as: "viewer", answers: at(setups.ready), says: "you need the role Admin" },
  ],
};

const connectMeta: Screen = {
  screen: "Connect Meta",
  address: "/connect-meta",
  answers: { "GET /meta/login": () => ({ offered: true, waiting: false }) },
  states: [
    { state: "by signing in", says: "Continue with Facebook" },
    {
      state: "by a token only",
      answers: { "GET /meta/login": () => ({ offered: false, waiting: false }) },
      says: "Dataset id",
    },
    { state: "declined", address: "/connect-meta?failed=oauth_denied", says: "You chose not to connect." },
    { state: "as a viewer", as: "viewer", says: /role|Only/ },
  ],
};

const install: Screen = {
  screen: "Install",
  address: "/install/ins_1",
  open: true,
  answers: { "GET /installs/:id": () => installs.install() },
  states: [
    { state: "a new account", says: "Into a new workspace" },
    {
      state: "of somebody else",
      answers: { "GET /installs/:id": () => installs.install({ state: "taken" }) },
      says: "The account belongs to another workspace",
    },
    {
      state: "of one's own",
      as: "owner",
      answers: {
        "GET /installs/:id": () => installs.install({ state: "yours", workspace: { id: "ten_1", name: "Acme" } }),
      },
      says: "Renew access and open",
    },
    {
      state: "a test account",
      answers: { "GET /installs/:id": () => installs.install({ account: { id: "7", name: "Trial", sandbox: true } }) },
      says: "Trial",
    },
  ],
};

const reasons = [
  "oauth_denied",
  "oauth_state",
  "oauth_app",
  "oauth_scopes",
  "oauth_identity",
  "account_taken",
  "crm_unavailable",
  "app_credentials",
  "input_invalid",
];

/** The ways in: signing in, installing, connecting Meta. */
export const connecting: readonly Screen[] = [
  {
    screen: "Sign in",
    address: "/sign-in",
    open: true,
    answers: { "GET /providers": () => installs.providers },
    states: [
      { state: "nobody is signed in", says: "Connect your CRM, and you are signed in" },
      { state: "another account", as: "owner", says: /HubSpot/ },
      { state: "by the operator's link", address: "/sign-in?by=link#key=k", says: /Sign in/ },
    ],
  },
  setUp,
  connectMeta,
  install,
  {
    screen: "Install that came to nothing",
    address: "/install/failed?code=oauth_denied",
    open: true,
    states: reasons.map((code) => ({ state: code, address: `/install/failed?code=${code}`, says: "Start again" })),
  },
  {
    screen: "Waiting accounts",
    address: "/claim",
    open: true,
    states: [
      {
        state: "nothing waits",
        answers: { "GET /installs": () => ({ installs: [] }) },
        says: "Nothing waits in this browser.",
      },
    ],
  },
  {
    screen: "Invitation",
    address: "/invitation#token=x",
    open: true,
    answers: { "GET /providers": () => installs.providers },
    states: [{ state: "to somebody who is not signed in", says: /invit/i }],
  },
];

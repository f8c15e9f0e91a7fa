import type { TaskView } from "../../../server/api/tasks.ts";
import { ago, day } from "../ago.ts";
import * as overviews from "../overviews.ts";
import * as tasks from "../tasks.ts";
import * as answers from "../workspace-answers.ts";
import type { Answers, Screen } from "./screen.ts";

const disconnected = () => {
  const overview = overviews.live();
  const lost = { state: "disconnected", pausedCode: "crm_disconnected" } as const;
  return { ...overview, connections: overview.connections.map((one) => ({ ...one, ...lost })) };
};

const underWay = (...all: readonly (() => TaskView)[]): Answers => ({
  "GET /tasks": () => ({ tasks: all.map((one) => one()) }),
});

const connections: Screen = {
  screen: "Connections",
  address: "/connections",
  beside: ["GET /connections/:id/reconciliation"],
  states: [
    { state: "live", says: "Ana Admin" },
    {
      state: "nothing connected",
      overview: overviews.empty,
      answers: { "GET /connections": () => ({ connections: [], datasets: [] }) },
      says: "No CRM is connected yet.",
    },
    { state: "paused", overview: overviews.paused, says: "Resume reading" },
    { state: "access lost", overview: disconnected, says: "no longer lets us in" },
    { state: "refused by Meta", overview: overviews.refusing, says: "Meta says we may not send" },
    {
      state: "what it may read",
      says: "if the account has it",
      reach: (page) => page.getByText("What it may read (3)").click(),
    },
    {
      state: "asked before disconnecting",
      says: /What stops|stop/,
      reach: (page) =>
        page
          .getByRole("button", { name: /^Disconnect/ })
          .first()
          .click(),
    },
    { state: "read for the first time", answers: underWay(tasks.baseline), says: "31,200 of 84,000 records" },
    {
      state: "asked before a reading is stopped",
      answers: underWay(tasks.baseline),
      says: /^This pauses the connection/,
      reach: (page) => page.getByRole("button", { name: /^Stop: First reading/ }).click(),
    },
    {
      state: "a reading that was stopped",
      overview: overviews.paused,
      answers: underWay(tasks.stopped),
      says: "Stopped after 31,200 of 84,000 records.",
    },
    { state: "as a viewer", as: "viewer", says: "Only admins can pause, reconnect or disconnect." },
  ],
};

const members: Screen = {
  screen: "Members",
  address: "/members",
  states: [
    { state: "as an owner", says: "The last owner stays" },
    {
      state: "asked before removing",
      says: "Remove Ana Admin from this workspace?",
      reach: (page) =>
        page
          .getByRole("button", { name: /^Remove/ })
          .first()
          .click(),
    },
    { state: "as a viewer", as: "viewer", says: "Only an owner can change roles" },
  ],
};

const settings: Screen = {
  screen: "Settings",
  address: "/settings",
  states: [
    { state: "as an owner", says: "ops@acme.example" },
    {
      state: "nobody hears of problems",
      answers: { "GET /settings": () => answers.settings({ alertTo: [] }) },
      says: "Nobody hears of problems.",
    },
    { state: "as a viewer", as: "viewer", says: "Only admins can change settings" },
  ],
};

const privacy: Screen = {
  screen: "Privacy",
  address: "/privacy",
  states: [
    { state: "as an owner", says: "18,204 stage changes" },
    {
      state: "nothing filled in",
      says: "Fill this in.",
      reach: (page) => page.getByRole("button", { name: /^Find/ }).first().click(),
    },
    {
      state: "asked before a person is erased",
      answers: { "POST /people/find": answers.found },
      says: "Type jane@doe.example to confirm",
      reach: async (page) => {
        await page.getByLabel("Email address").last().fill("jane@doe.example");
        await page.getByRole("button", { name: /^Find/ }).click();
        await page.getByRole("button", { name: "Erase this person" }).click();
      },
    },
    {
      state: "to be erased",
      overview: overviews.ending,
      answers: { "GET /workspace": () => answers.workspace({ endsAt: ago(-2 * day) }) },
      says: "This workspace is erased on",
    },
    { state: "as a viewer", as: "viewer", says: "Only admins can find, hand out or erase" },
  ],
};

const audit: Screen = {
  screen: "Audit log",
  address: "/audit",
  states: [
    { state: "from the first entry", says: "This is the first entry." },
    {
      state: "filtered to nothing",
      address: "/audit?kind=people",
      answers: { "GET /audit": () => ({ entries: [], names: {} }) },
      says: "No entries match.",
    },
    { state: "as a viewer", as: "viewer", says: "This is the first entry." },
  ],
};

const developers: Screen = {
  screen: "Developers",
  address: "/developers",
  states: [
    { state: "with a key", says: "1 key is live" },
    {
      state: "with long work of every kind under way",
      answers: underWay(tasks.redrive, tasks.baseline, tasks.erasing, tasks.erasingAll, tasks.shutOut),
      says: "cannot be stopped",
      reach: (page) => page.getByRole("button", { name: "Show 3 more" }).click(),
    },
    {
      state: "no in-house CRM",
      answers: { "GET /developers": () => ({ ...answers.developers(), connections: [] }) },
      says: "No in-house CRM is set up in this workspace.",
    },
    { state: "as a viewer", as: "viewer", says: "Only admins see and make keys." },
  ],
};

/** The pages about the workspace. */
export const workspace: readonly Screen[] = [connections, members, settings, privacy, audit, developers];

import * as figures from "../figures.ts";
import * as overviews from "../overviews.ts";
import * as problems from "../problems.ts";
import type { Answers, Screen } from "./screen.ts";

const noProblems: Answers = { "GET /problems": () => ({ problems: [] }) };
const failed = () => ({
  refused: 503,
  code: "store_unavailable",
  title: "The database does not answer",
  detail: "it is starting",
  fix: "Try again.",
});
const nothingYet: Answers = {
  "GET /figures": () => figures.first(),
  "GET /deliveries": () => ({ asOf: new Date().toISOString(), keptFrom: new Date().toISOString(), deliveries: [] }),
};

export const overview: Screen = {
  screen: "Overview",
  address: "/",
  answers: noProblems,
  beside: ["GET /setup", "GET /problems", "GET /tasks"],
  states: [
    { state: "all well", says: "Accepted by Meta" },
    { state: "by the hour", address: "/?range=24h", says: "By the hour in which we read them" },
    { state: "in percent, 28 days", address: "/?range=28d&as=share", says: "the 28 days before" },
    {
      state: "its table open",
      says: "Together",
      reach: (page) => page.getByText("Show as a table").click(),
    },
    { state: "first use", overview: overviews.empty, answers: nothingYet, says: "Numbers begin with the first change" },
    { state: "first reading", overview: overviews.reading, answers: nothingYet, says: "Reading current stages" },
    { state: "first days", answers: { "GET /figures": () => figures.young() }, says: "Before you went live" },
    { state: "waiting for Meta", overview: overviews.waiting, says: "Trying again" },
    { state: "refused by Meta, disconnected", overview: overviews.refusing, says: "Disconnected" },
    { state: "paused", overview: overviews.paused, says: "Paused by Ana" },
    { state: "stale", overview: overviews.stale, says: "These figures are old" },
    { state: "of a workspace that is to be erased", overview: overviews.ending, says: "Keep it, under Privacy" },
    {
      state: "of one that is to be erased, as a viewer",
      overview: overviews.ending,
      as: "viewer",
      says: "An owner can keep it.",
    },
    { state: "one source stale", says: "Not checked for a while" },
    {
      state: "four problems",
      overview: () => ({ ...overviews.refusing(), problems: problems.all().length }),
      answers: { "GET /problems": () => ({ problems: problems.all() }) },
      says: "Open problems",
    },
    {
      state: "figures that could not be loaded",
      answers: { "GET /figures": failed },
      says: "We could not load the figures",
      refused: true,
    },
  ],
};

import * as overviews from "../overviews.ts";
import * as problems from "../problems.ts";
import * as records from "../records.ts";
import { mapping } from "./mapping.ts";
import type { Answers, Screen } from "./screen.ts";

const noProblems: Answers = { "GET /problems": () => ({ problems: [] }) };

/** The pages of everyday work. */
export const work: readonly Screen[] = [
  {
    screen: "Overview",
    address: "/",
    answers: noProblems,
    states: [
      { state: "all well", says: "Live. Last event accepted" },
      { state: "first use", overview: overviews.empty, says: "Not set up yet" },
      { state: "first reading", overview: overviews.reading, says: "Ready. Nothing is sent" },
      { state: "waiting for Meta", overview: overviews.waiting, says: "Meta has a fault" },
      { state: "refused by Meta, disconnected", overview: overviews.refusing, says: "Meta is refusing us" },
      { state: "paused", overview: overviews.paused, says: "Paused by Ana" },
      { state: "stale", overview: overviews.stale, says: "These figures are old" },
    ],
  },
  {
    screen: "Problems",
    address: "/problems",
    states: [
      {
        state: "many open",
        says: "Meta says we may not send",
        overview: () => ({ ...overviews.refusing(), problems: problems.all().length }),
        answers: { "GET /problems": () => ({ problems: problems.all() }) },
      },
      { state: "none", says: /No open problems/, answers: noProblems },
    ],
  },
  { screen: "Deliveries", address: "/deliveries", states: [] },
  { screen: "Problem", address: "/problems/prb_1", states: [] },
  mapping,
  { ...mapping, screen: "Mapping of an account", address: "/mapping/con_hub", states: [] },
  { screen: "Preview", address: "/preview", states: [] },
  {
    screen: "Inspector",
    address: "/?show=delivery/dst_1/4",
    answers: { ...noProblems, "GET /deliveries/:dataset/:seq": records.refused },
    states: [
      { state: "refused", says: "is not a known lead" },
      { state: "accepted", says: /Accepted/, answers: { "GET /deliveries/:dataset/:seq": records.accepted } },
    ],
  },
];

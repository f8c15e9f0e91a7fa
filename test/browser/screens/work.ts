import * as records from "../records.ts";
import { mapping } from "./mapping.ts";
import { overview } from "./overview.ts";
import { oneProblem, problemList } from "./problems.ts";
import type { Answers, Screen } from "./screen.ts";

const noProblems: Answers = { "GET /problems": () => ({ problems: [] }) };

/** The pages of everyday work. */
export const work: readonly Screen[] = [
  overview,
  problemList,
  { screen: "Deliveries", address: "/deliveries", states: [] },
  oneProblem,
  mapping,
  { ...mapping, screen: "Mapping of an account", address: "/mapping/con_hub", states: [] },
  { screen: "Preview", address: "/preview", states: [] },
  {
    screen: "Inspector",
    address: "/?show=delivery/dst_1/4",
    beside: ["GET /setup"],
    answers: { ...noProblems, "GET /deliveries/:dataset/:seq": records.refused },
    states: [
      { state: "refused", says: "is not a known lead" },
      { state: "accepted", says: /Accepted/, answers: { "GET /deliveries/:dataset/:seq": records.accepted } },
    ],
  },
];

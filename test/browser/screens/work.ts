import * as setups from "../setups.ts";
import { deliveries, inspector } from "./deliveries.ts";
import { mapping } from "./mapping.ts";
import { overview } from "./overview.ts";
import { oneProblem, problemList } from "./problems.ts";
import type { Screen } from "./screen.ts";

const preview: Screen = {
  screen: "Preview",
  address: "/preview",
  answers: {
    "GET /connections/:id/samples": () => setups.samples(),
    "GET /connections/:id/preview": () => setups.preview(),
  },
  states: [
    { state: "an event with its origins", says: "51000047038920199" },
    {
      state: "every rule open",
      says: "All 4 rules, one by one",
      reach: (page) => page.getByText("All 4 rules, one by one").click(),
    },
    {
      state: "held back by a rule",
      answers: { "GET /connections/:id/preview": () => setups.preview("no_match_key", { keys: [] }) },
      says: "Nothing leaves for this entry",
    },
    {
      state: "no recent leads",
      answers: { "GET /connections/:id/samples": () => setups.samples([]) },
      says: "Choose a lead to see its event",
    },
    {
      state: "a CRM that does not answer",
      answers: {
        "GET /connections/:id/preview": () => ({
          refused: 502,
          code: "crm_unavailable",
          title: "The CRM has a fault",
          detail: "HubSpot answered 503",
          fix: "Try again.",
        }),
      },
      says: "The event could not be made",
      refused: true,
    },
    { state: "as a viewer", as: "viewer", says: "51000047038920199" },
  ],
};

/** The pages of everyday work. */
export const work: readonly Screen[] = [
  overview,
  problemList,
  deliveries,
  oneProblem,
  mapping,
  { ...mapping, screen: "Mapping of an account", address: "/mapping/con_hub", states: [] },
  preview,
  inspector,
];

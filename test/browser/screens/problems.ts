import type { Asked } from "../api.ts";
import * as overviews from "../overviews.ts";
import * as problems from "../problems.ts";
import * as tasks from "../tasks.ts";
import type { Answers, Screen } from "./screen.ts";

type Problems = ReturnType<typeof problems.all>;

/** The three lists of one page. */
const lists = (open: () => Problems, muted: () => Problems, resolved: () => Problems): Answers => ({
  "GET /problems": ({ query }: Asked) => {
    const { state } = query as { state: string };
    return { problems: state === "open" ? open() : state === "muted" ? muted() : resolved() };
  },
});
const none = (): Problems => [];
const refusing = (count: number) => () => ({ ...overviews.refusing(), problems: count });

export const problemList: Screen = {
  screen: "Problems",
  address: "/problems",
  overview: refusing(5),
  answers: lists(problems.all, () => [problems.muted()], problems.resolved),
  states: [
    { state: "many open, one muted", says: "Meta says we may not send" },
    {
      state: "what one press mends",
      says: "Connect HubSpot again",
      answers: lists(() => [problems.token(), problems.disconnected()], none, none),
    },
    {
      state: "none",
      says: /No open problems\. The last one was solved/,
      overview: () => ({ ...overviews.live(), problems: 0 }),
      answers: lists(none, none, problems.resolved),
    },
    {
      state: "none ever",
      says: /None has been noticed yet/,
      overview: () => ({ ...overviews.live(), problems: 0 }),
      answers: lists(none, none, none),
    },
    { state: "as a viewer", as: "viewer", says: "See how to fix it" },
    {
      state: "long work under way",
      says: "First reading of HubSpot",
      answers: {
        ...lists(problems.all, none, none),
        "GET /tasks": () => ({ tasks: [tasks.redrive(), tasks.waiting(), tasks.erasing()] }),
      },
    },
  ],
};

export const oneProblem: Screen = {
  screen: "Problem",
  address: "/problems/prb_refused",
  overview: refusing(1),
  answers: { ...lists(() => [problems.refused()], none, none), "GET /problems/:id": problems.refusedWhole },
  states: [
    { state: "refused", says: "Send 42 events again" },
    {
      state: "asked how to send again",
      says: /Meta takes them within a few seconds/,
      reach: (page) => page.getByRole("button", { name: "Send 42 events again" }).click(),
    },
    {
      state: "asked how long to mute",
      says: /It comes back by itself if twice as much is affected/,
      reach: (page) => page.getByRole("button", { name: "Mute" }).click(),
    },
    {
      state: "being sent again",
      says: "Sending them again",
      answers: {
        "GET /problems/:id": () => ({ ...problems.refusedWhole(), task: tasks.redrive() }),
        "GET /tasks": () => ({ tasks: [tasks.redrive()] }),
      },
    },
    {
      state: "sent again",
      says: /4,700 events are on the way again/,
      answers: { "GET /problems/:id": () => ({ ...problems.refusedWhole(), task: tasks.redriven() }) },
    },
    { state: "standing still", says: "Resume sending", answers: { "GET /problems/:id": problems.blockedWhole } },
    {
      state: "passing by itself",
      says: "Nothing to do: it passes by itself.",
      answers: { "GET /problems/:id": () => ({ ...problems.slow(), steps: [], examples: [], history: [] }) },
    },
    {
      state: "muted",
      says: "Unmute",
      answers: { "GET /problems/:id": () => ({ ...problems.refusedWhole(), ...problems.muted() }) },
    },
    { state: "solved", says: /^Solved on/, answers: { "GET /problems/:id": problems.resolvedWhole } },
    { state: "as a viewer", as: "viewer", says: /An admin of this workspace can send events again/ },
  ],
};

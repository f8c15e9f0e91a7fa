import { expect } from "vitest";
import { type Figures, figuresView } from "../../server/api/figures.ts";
import type { Front } from "./front.ts";

/** The figures as the overview asks for them. */
export const figuresOf =
  (here: { readonly front: Front }) =>
  async (query = "?range=7d"): Promise<Figures> => {
    const answer = await here.front.fetch(`/api/v1/figures${query}`);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    return figuresView.parse(await answer.json());
  };

/** How many came to each step. */
export const way = ({ losses }: Figures) => Object.fromEntries(losses.steps.map(({ step, count }) => [step, count]));

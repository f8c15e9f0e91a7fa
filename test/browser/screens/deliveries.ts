import type { Page } from "playwright-core";
import * as lists from "../listed.ts";
import * as records from "../records.ts";
import type { Answers, Screen } from "./screen.ts";

const row = (page: Page) => page.locator("[data-row]").first().click();
const list = (answer: Answers["GET /deliveries"]): Answers => ({ ...(answer && { "GET /deliveries": answer }) });

export const deliveries: Screen = {
  screen: "Deliveries",
  address: "/deliveries",
  answers: {
    ...list(() => lists.listing(lists.kinds())),
    "GET /views": () => ({ views: [{ id: "view_1", name: "Refused in Sales", filter: { state: "refused" } }] }),
    "GET /deliveries/:dataset/:seq": records.accepted,
  },
  states: [
    { state: "one of each kind", says: "No lead behind the record" },
    { state: "first use", answers: list(() => lists.listing([])), says: /stage change/i },
    {
      state: "filtered to nothing",
      address: "/deliveries?state=refused&reason=refused_lead_id",
      answers: list(() => lists.listing([])),
      says: /No deliveries match/,
    },
    {
      state: "with more to come",
      answers: list(() => lists.listing(lists.kinds(), { next: "further" })),
      says: "No lead behind the record",
    },
    {
      state: "as far as a step of the overview",
      address: "/deliveries?step=identified&connection=con_hub&from=2026-11-16T23:00:00.000Z",
      says: "Save view",
    },
    {
      state: "saved views that could not be loaded",
      answers: { "GET /views": () => 500 },
      says: "We could not load the saved views",
      refused: true,
    },
    {
      state: "filters that could not be loaded",
      answers: { "GET /deliveries/choices": () => 500 },
      says: "We could not load what there is to filter by",
      refused: true,
    },
    { state: "beside an open delivery", reach: row, says: "Working - Contacted" },
    { state: "as a viewer", as: "viewer", says: "No lead behind the record" },
  ],
};

const of = (answer: Answers["GET /deliveries/:dataset/:seq"]): Answers => ({
  ...(answer && { "GET /deliveries/:dataset/:seq": answer }),
});
const notThere = () => ({
  refused: 404,
  code: "not_found",
  title: "Not found",
  detail: "delivery 4",
  fix: "Check the id.",
});

/** What lies open beside a page. */
export const inspector: Screen = {
  screen: "Inspector",
  address: "/deliveries?show=delivery/dst_1/4",
  answers: of(records.refused),
  beside: ["GET /deliveries"],
  states: [
    { state: "refused", says: "is not a known lead" },
    { state: "accepted", answers: of(records.accepted), says: "AkW3x0cXyZr1pQ2bN8vTz" },
    { state: "accepted without the lead id", answers: of(records.acceptedWithoutLeadId), says: "AkW3x0d" },
    { state: "sent again, on its way", answers: of(records.waiting), says: /sent again/i },
    { state: "sent again in vain", answers: of(records.refusedAgain), says: /given up again/i },
    { state: "waiting through an outage", answers: of(records.outage), says: /Meta has a fault/ },
    { state: "too old", answers: of(records.tooOld), says: /too old/i },
    { state: "not there", answers: of(notThere), says: "This event is not kept any more", refused: true },
    { state: "as a viewer", as: "viewer", says: "is not a known lead" },
    {
      state: "explained, rule by rule",
      address: "/deliveries?show=record/con_sf/lead/00QWs000004kT2dMAE",
      answers: { "GET /connections/:id/explain": () => records.explanation() },
      says: /00QWs000004kT2dMAE/,
    },
    {
      state: "day by day",
      address: "/connections?show=days/con_sf",
      answers: { "GET /connections/:id/reconciliation": records.daysWrong },
      says: "1 day does not add up",
    },
  ],
};

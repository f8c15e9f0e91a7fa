import type { Pipeline } from "../../../core/types.ts";
import type { Api } from "../api.ts";
import { changed, coverage, customers, fields, Mappings, pipelines } from "../mappings.ts";
import type { Answers, Screen } from "./screen.ts";

/** What a mapping answers, question by question. */
function answersOf(make: () => Mappings, change: (made: Mappings) => void = () => {}): Answers {
  const answers: { -readonly [Question in keyof Answers]: Answers[Question] } = {};
  const made = make();
  change(made);
  const api: Pick<Api, "on"> = {
    on: (question, answer) => {
      answers[question] = answer;
    },
  };
  made.answer(api);
  return answers;
}
const fresh = (change?: (made: Mappings) => void): Answers => answersOf(customers, change);
const crowded: Pipeline = {
  id: "crowd",
  label: "A pipeline with a name that somebody had a lot of time for, as far as the field went",
  object: "deal",
  stages: Array.from({ length: 30 }, (_, n) => ({
    id: `s${n}`,
    label: `Stage ${n + 1}, of which much can be said that nobody reads to its end`,
    outcome: "open",
    active: n % 7 !== 6,
  })),
};

const overtaken = customers();
const contested = { view: fields() };

/** Which stages are sent, and as what. */
export const mapping: Screen = {
  screen: "Mapping",
  address: "/mapping",
  answers: fresh(),
  states: [
    { state: "as a person saved it", says: "Appointment scheduled" },
    { state: "suggested", says: "Nobody has looked at this mapping yet", answers: answersOf(() => new Mappings()) },
    { state: "new, deleted and doubtful stages", says: "No longer in HubSpot", answers: answersOf(changed) },
    {
      state: "the CRM does not answer",
      says: "HubSpot does not answer",
      answers: fresh((made) => {
        made.crm = "crm_disconnected";
      }),
    },
    {
      state: "nothing is saved, and the CRM does not answer",
      says: "Nothing is saved yet, so there is nothing to show",
      answers: answersOf(
        () => new Mappings([]),
        (made) => {
          made.crm = "crm_unavailable";
        },
      ),
    },
    {
      state: "no pipelines",
      says: "HubSpot shows us no pipelines",
      answers: answersOf(
        () => new Mappings([]),
        (made) => {
          made.crm = [];
        },
      ),
    },
    {
      state: "an in-house CRM",
      says: "This CRM pushes its changes to us",
      answers: {
        ...fresh((made) => {
          made.account = { ...made.account, connector: "http", name: "ERP" };
          made.crmName = "In-house CRM";
        }),
        "GET /connections/:id/lead-fields": () => {
          const { coverage: _, ...view } = fields({ choosable: false, fields: [], chosen: {} });
          return view;
        },
      },
    },
    { state: "read by a viewer", says: "Only admins can change the mapping", as: "viewer" },
    {
      state: "not live",
      says: "You are not live yet",
      answers: fresh((made) => {
        const { sendFrom: _, ...account } = made.account;
        made.account = account;
      }),
    },
    { state: "one of its versions", says: "Appointment scheduled", address: "/mapping/con_hub?version=2" },
    {
      state: "many long names",
      says: "Stage 30",
      answers: answersOf(
        () => new Mappings([crowded, ...pipelines]),
        (made) => {
          made.crm = [crowded, ...pipelines];
        },
      ),
    },
    {
      state: "a change that is not saved, one stage switched off, one without a name",
      says: "Appointment scheduled will not be sent.",
      reach: async (page) => {
        await page.getByRole("combobox", { name: "Name of Offer made at Meta" }).fill("");
        await page.getByText("The event name is empty").waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("switch", { name: "Send Appointment scheduled" }).press("Space");
        await page.getByText("2 changes: what will change").click();
      },
    },
    {
      state: "somebody else saved meanwhile",
      says: "Ana Ruiz saved version 4 while you were working.",
      answers: answersOf(() => overtaken),
      reach: async (page) => {
        overtaken.change([
          { pipelineId: "sales", stageId: "offer_made", eventName: "Deal", send: true, entries: "first" },
        ]);
        await page.getByRole("combobox", { name: "Name of Offer made at Meta" }).fill("Offer");
        await page.keyboard.press("Escape");
      },
    },
    {
      state: "one name for two stages",
      says: "Yes, save",
      reach: async (page) => {
        await page.getByRole("combobox", { name: "Name of Viewing done at Meta" }).fill("Lead");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Save mapping" }).click();
      },
    },
    {
      state: "the value's field is gone from the CRM",
      says: "HubSpot has no field “arr_2024”",
      answers: {
        ...fresh(),
        "GET /connections/:id/lead-fields": () =>
          fields({ chosen: { ...fields().chosen, value: { deal: "arr_2024" } }, coverage: coverage(88, 0) }),
      },
    },
    {
      state: "a viewer, and the value's field is gone from the CRM",
      says: "HubSpot has no field “arr_2024”",
      as: "viewer",
      answers: {
        ...fresh(),
        "GET /connections/:id/lead-fields": () =>
          fields({ chosen: { ...fields().chosen, value: { deal: "arr_2024" } }, coverage: coverage(88, 0) }),
      },
    },
    {
      state: "somebody else chose another field for the value meanwhile",
      says: "Somebody else chose other fields meanwhile",
      refused: true,
      answers: {
        ...fresh(),
        "GET /connections/:id/lead-fields": () => contested.view,
        "POST /connections/:id/lead-fields": () => {
          // Each look at this state finds another choice than the one before.
          const deal = contested.view.chosen.value?.deal === "amount" ? "contract_months" : "amount";
          const version = `${Number(contested.view.version) + 1}`;
          contested.view = fields({ version, chosen: { ...fields().chosen, value: { deal } } });
          return {
            refused: 409,
            code: "conflict",
            title: "It is not as you last saw it",
            detail: "Ana Ruiz chose other fields meanwhile; look at them first",
            fix: "Load it again.",
          };
        },
      },
      reach: async (page) => {
        const worth = page.getByRole("region", { name: "What a record is worth" });
        await worth.getByRole("combobox", { name: "Value of a deal" }).click();
        await page.getByRole("option", { name: /hs_acv/ }).click();
        await worth.getByRole("button", { name: "Save fields" }).click();
      },
    },
    {
      state: "a field that the CRM does not have, and no consent",
      says: "HubSpot has no field",
      answers: {
        ...fresh(),
        "GET /connections/:id/lead-fields": () => fields({ chosen: { leadId: "gone_field", clickId: "jobtitle" } }),
      },
    },
  ],
};

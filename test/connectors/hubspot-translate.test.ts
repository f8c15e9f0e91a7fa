import { describe, expect, test } from "vitest";
import { choose, toLead } from "../../connectors/hubspot/contacts.ts";
import { objects } from "../../connectors/hubspot/objects.ts";
import type { Row } from "../../connectors/hubspot/shapes.ts";
import { observe } from "../../connectors/hubspot/translate.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute));
const version = (value: string | null, minute: number) => ({ value, timestamp: at(minute) });
const row = (part: Partial<Row> = {}): Row => ({
  id: "901",
  properties: {},
  createdAt: at(0),
  updatedAt: at(50),
  ...part,
});
const told = (observations: ReturnType<typeof observe>) =>
  observations.map(({ pipelineId, stageId, enteredAt }) => `${pipelineId}/${stageId}@${enteredAt.getUTCMinutes()}`);

describe("a deal's history", () => {
  test("gives one exact observation for each entry, oldest first", () => {
    const observations = observe(
      objects.deal,
      row({
        propertiesWithHistory: {
          dealstage: [version("c", 30), version("b", 20), version("a", 10)],
          pipeline: [version("default", 10)],
        },
      }),
    );
    expect(told(observations)).toEqual(["default/a@10", "default/b@20", "default/c@30"]);
    expect(observations[0]).toEqual({
      record: { object: "deal", id: "901" },
      pipelineId: "default",
      stageId: "a",
      enteredAt: at(10),
      timeQuality: "exact",
    });
  });

  test("puts each entry into the pipeline that held then, a common write into the new one", () => {
    const history = {
      dealstage: [version("won", 40), version("x", 30), version("b", 20), version("a", 10)],
      pipeline: [version("other", 30), version("default", 10)],
    };
    expect(told(observe(objects.deal, row({ propertiesWithHistory: history })))).toEqual([
      "default/a@10",
      "default/b@20",
      "other/x@30",
      "other/won@40",
    ]);
  });

  test("that lost its oldest versions takes the oldest pipeline it still knows", () => {
    const history = { dealstage: [version("b", 20), version("a", 10)], pipeline: [version("default", 15)] };
    expect(told(observe(objects.deal, row({ propertiesWithHistory: history })))).toEqual([
      "default/a@10",
      "default/b@20",
    ]);
    const none = row({ properties: { pipeline: "77" }, propertiesWithHistory: { dealstage: [version("a", 10)] } });
    expect(told(observe(objects.deal, none))).toEqual(["77/a@10"]);
  });

  test("takes a value written twice as one entry and a return as another", () => {
    const history = {
      dealstage: [version("a", 40), version("b", 30), version("a", 20), version("a", 10)],
      pipeline: [version("p", 10)],
    };
    expect(told(observe(objects.deal, row({ propertiesWithHistory: history })))).toEqual([
      "p/a@10",
      "p/b@30",
      "p/a@40",
    ]);
  });

  test("that is withheld leaves the current stage with the time of the last change", () => {
    const [only, ...rest] = observe(objects.deal, row({ properties: { dealstage: "b", pipeline: "p" } }));
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ pipelineId: "p", stageId: "b", enteredAt: at(50), timeQuality: "modified" });
  });
});

describe("a contact's lifecycle", () => {
  test("skips the clearing before a step back, and tells the stage after it as entered again", () => {
    const history = {
      lifecyclestage: [version("lead", 40), version("", 40), version("customer", 30), version("lead", 10)],
    };
    expect(told(observe(objects.contact, row({ propertiesWithHistory: history })))).toEqual([
      "lifecyclestage/lead@10",
      "lifecyclestage/customer@30",
      "lifecyclestage/lead@40",
    ]);
  });

  test("that was never set, or is cleared, gives nothing", () => {
    expect(observe(objects.contact, row())).toEqual([]);
    const cleared = row({
      properties: { lifecyclestage: null },
      propertiesWithHistory: { lifecyclestage: [version("", 10)] },
    });
    expect(observe(objects.contact, cleared)).toEqual([]);
  });

  test("cleared and set to the same value again is an entry again", () => {
    const history = { lifecyclestage: [version("lead", 30), version(null, 20), version("lead", 10)] };
    expect(told(observe(objects.contact, row({ propertiesWithHistory: history })))).toEqual([
      "lifecyclestage/lead@10",
      "lifecyclestage/lead@30",
    ]);
  });
});

describe("a contact as lead", () => {
  const fields = { leadId: "meta_lead_id", clickId: "hs_facebook_click_id", consent: "ads_consent" };

  test("brings every value that Meta can match, each once", () => {
    const lead = toLead(
      row({
        properties: {
          email: "Ana@Example.com",
          hs_additional_emails: "ana@work.example;Ana@Example.com; ",
          phone: "+1 617 555 0100",
          mobilephone: null,
          firstname: " Ana ",
          lastname: "García",
          city: "",
          zip: "02118",
          createdate: "2026-11-01T08:00:00.123Z",
          meta_lead_id: " 123456789012345678 ",
          hs_facebook_click_id: "IwAR1",
          ads_consent: "true",
        },
      }),
      fields,
      at(5),
    );
    expect(lead).toEqual({
      leadId: "123456789012345678",
      clickId: "IwAR1",
      clickSeenAt: at(5),
      contact: {
        em: ["Ana@Example.com", "ana@work.example"],
        ph: ["+1 617 555 0100"],
        fn: ["Ana"],
        ln: ["García"],
        zp: ["02118"],
        external_id: ["901"],
      },
      createdAt: new Date("2026-11-01T08:00:00.123Z"),
      consent: true,
    });
  });

  test("consents only by a clear yes, and is not asked where no property is named", () => {
    for (const [value, consent] of [
      ["Yes", true],
      ["opted-in", true],
      ["false", false],
      ["maybe", false],
      [null, false],
    ] as const)
      expect(toLead(row({ properties: { ads_consent: value } }), fields, undefined).consent, `${value}`).toBe(consent);
    expect(toLead(row(), {}, undefined)).not.toHaveProperty("consent");
  });

  test("is, of several, the one with a usable lead id, else the primary, else the earliest", () => {
    const contact = (id: string, minute: number, leadId: string | null = null) =>
      row({ id, createdAt: at(minute), properties: { meta_lead_id: leadId } });
    const chosen = (...candidates: Parameters<typeof choose>[0]) => choose(candidates, fields)?.id;
    const early = { contact: contact("1", 1), primary: false };
    const primary = { contact: contact("2", 5), primary: true };
    const known = { contact: contact("3", 9, "l:123456789012345"), primary: false };
    const zero = { contact: contact("4", 0, "0"), primary: false };
    expect(chosen(early, primary, known)).toBe("3");
    expect(chosen(early, primary, zero)).toBe("2");
    expect(chosen({ ...primary, primary: false }, early)).toBe("1");
    expect(chosen()).toBeUndefined();
  });
});

import { indexMapping, suggest } from "../../core/mapping.ts";
import type { Setting } from "../../core/translate.ts";
import type { ConnectionId, Lead, StageChange } from "../../core/types.ts";

export const now = new Date("2026-11-23T12:00:00Z");
const stages = ["New", "Contacted", "Qualified", "Offer", "Won"];

export const setting: Setting = {
  tenant: {
    eventKey: "00112233445566778899aabbccddeeff",
    defaultCountry: "US",
    allowedKeys: ["em", "ph", "fn", "ln", "ct", "st", "zp", "country", "external_id"],
  },
  connection: { id: "con_bench" as ConnectionId, sendFrom: new Date(0) },
  leadEventSource: "HubSpot",
  mapping: indexMapping(
    suggest([
      {
        id: "sales",
        label: "Sales",
        object: "deal",
        stages: stages.map((label, n) => ({ id: `s${n}`, label, outcome: n === 4 ? "won" : "open", active: true })),
      },
    ]),
  ),
};

/** The n-th made-up change; neighbours are different people. */
export function change(n: number): StageChange {
  const enteredAt = new Date(now.getTime() - (n % 500_000) * 1000);
  return {
    record: { object: "deal", id: String(9_000_000_000 + n) },
    pipelineId: "sales",
    stageId: `s${n % 5}`,
    enteredAt,
    timeQuality: "exact",
    entry: `t${enteredAt.getTime()}`,
    filled: false,
    before: "never",
  };
}

/** Its person: lead id, mail and phone, or all nine hashed fields. */
export function lead(n: number, fields: 2 | 9): Lead {
  const contact = { em: [`Lead.${n}@Example.com`], ph: [`+1 (617) 555-${1000 + (n % 9000)}`] };
  if (fields === 2) return { leadId: leadIdOf(n), contact };
  return {
    leadId: leadIdOf(n),
    contact: {
      ...contact,
      fn: [`Anne${n % 977}`],
      ln: [`Miller${n % 1009}`],
      ct: ["Boston"],
      st: ["MA"],
      zp: [String(10_000 + (n % 80_000))],
      country: ["US"],
      external_id: [String(n)],
    },
  };
}

export const leadIdOf = (n: number): string => String(10_000_000_000_000_000n + BigInt(n));

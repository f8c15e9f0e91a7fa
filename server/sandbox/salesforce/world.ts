import type { Dice } from "../dice.ts";
import { type Instance, momentAt } from "./instance.ts";
import { advance, arrive } from "./life.ts";
import { createOpportunity } from "./org/opportunity.ts";
import type { Org } from "./org/org.ts";
import { deleteRecord, mergeLeads } from "./org/removal.ts";
import { createStages } from "./org/stages.ts";
import type { OrgFacts } from "./org-facts.ts";
import { DAY, formatDate, HOUR } from "./times.ts";

const LEADS = 200;
const DIRECT_DEALS = 12;
const DAYS = 30;

/** The organization itself, who works there, and its stages. */
export function foundOrg(org: Org, facts: OrgFacts, now: number): void {
  const moment = momentAt(now - 700 * DAY);
  const { name: Name, sandbox: IsSandbox, instanceName: InstanceName, mailDomain, usernameSuffix } = facts;
  const values = { Name, IsSandbox, OrganizationType: "Enterprise Edition", InstanceName, Country: "US" };
  org.transaction(() => {
    org.insert("Organization", { ...values, TimeZoneSidKey: "America/New_York" }, moment);
    for (const [FirstName, LastName] of facts.users) {
      const address = `${FirstName}.${LastName}@${mailDomain}`.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
      const Email = IsSandbox ? `${address}.invalid` : address;
      const Name = `${FirstName} ${LastName}`;
      const Username = `${address}${usernameSuffix}`;
      org.insert("User", { FirstName, LastName, Name, Email, Username, IsActive: true }, moment);
    }
    createStages(org, moment);
  });
}

/** The last 30 days of the org, lived through in the order of time. */
export function seedWorld(instance: Instance, dice: Dice, now: number): void {
  const start = now - DAYS * DAY;
  const arrivals = Array.from({ length: LEADS }, () => start + dice() * DAYS * DAY);
  const queue: { at: number; id?: string }[] = arrivals.map((at) => ({ at }));
  instance.org.transaction(() => {
    for (let deal = 0; deal < DIRECT_DEALS; deal += 1) queue.push({ at: start + dice() * DAYS * DAY, id: "direct" });
    queue.sort((a, b) => a.at - b.at);
    for (let next = queue.shift(); next; next = queue.shift()) {
      const id = happen(next.at, next.id);
      const wait = id?.startsWith("006") ? 8 * HOUR + dice() * 6 * DAY : HOUR + dice() * 8 * DAY;
      const at = next.at + wait;
      if (id === undefined || at > now) continue;
      const place = queue.findIndex((later) => later.at > at);
      queue.splice(place < 0 ? queue.length : place, 0, { at, id });
    }
    tidyUp(instance, now);
  });

  function happen(at: number, id: string | undefined): string | undefined {
    const moment = momentAt(at);
    if (id === undefined) return arrive(instance, dice, moment);
    if (id !== "direct") return advance(instance, id, dice, moment);
    const Amount = Math.ceil(dice() * 40) * 1000;
    return createOpportunity(instance, { Name: "Renewal", CloseDate: formatDate(at + 30 * DAY), Amount }, moment);
  }
}

/** What happens in every org: duplicates are merged, rubbish is deleted. */
function tidyUp(instance: Instance, now: number): void {
  const open = [...instance.org.all("Lead")].filter((lead) => !lead.IsConverted).map((lead) => String(lead.Id));
  const [winner, loser, rubbish] = open;
  const moment = momentAt(now - HOUR);
  if (winner && loser) mergeLeads(instance, winner, loser, moment);
  if (rubbish) deleteRecord(instance, rubbish, moment);
}

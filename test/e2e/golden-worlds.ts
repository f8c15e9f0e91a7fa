import { hash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { hashLead } from "../../connectors/http/hash-lead.ts";
import { readStageChange } from "../../connectors/http/stage-change.ts";
import { connectors } from "../../connectors/index.ts";
import type { Access, AnyConnector, InboxItem } from "../../core/connector.ts";
import { type ConnectionId, matchKeyNames, type TenantId } from "../../core/types.ts";
import { createHubspot } from "../../server/sandbox/hubspot/index.ts";
import type { Person } from "../../server/sandbox/people.ts";
import { createSalesforce } from "../../server/sandbox/salesforce/index.ts";
import { createAccess, type Grant } from "../connectors/access.ts";

/** When the worlds are made; what happens in them happens in the two hours after it. */
export const begin = new Date("2026-11-20T10:00:00Z");
export const end = new Date("2026-11-20T12:00:00Z");
const minutesAfter = (minutes: number): string => new Date(begin.getTime() + minutes * 60_000).toISOString();

export interface GoldenWorld {
  readonly connector: AnyConnector;
  readonly access: Access<unknown>;
  close(): Promise<void>;
}

/** People as CRMs hold them: each a case of its own. */
const people = {
  boston: {
    firstName: "José",
    lastName: "O’Connor",
    email: " Jose.OConnor@Example.COM ",
    phone: "+1 (617) 555-0142",
    company: "Northwind Dental",
    city: "Boston",
    state: "MA",
    zip: "02118-1234",
    country: "US",
    metaLeadId: "51000004703892551",
    fbclid: "",
  },
  zurich: {
    firstName: "Zoë",
    lastName: "Müller",
    email: "zoe.mueller@example.ch",
    phone: "044 668 18 00",
    company: "Halden Solar",
    city: "Zürich",
    state: "ZH",
    zip: "8001",
    country: "Switzerland",
    metaLeadId: "5100000470389255",
    fbclid: "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk",
  },
  tokyo: {
    firstName: "光",
    lastName: "山田",
    email: "hikari.yamada@example.jp",
    phone: "",
    company: "Kestrel Travel",
    city: "東京",
    state: "",
    zip: "100-0001",
    country: "JP",
    metaLeadId: "510000047038925",
    fbclid: "",
  },
  saoPaulo: {
    firstName: "Ana",
    lastName: "Nuñez-Pérez",
    email: "ana@example.com.br",
    phone: "+55 11 95555-1234",
    company: "Lumen Interiors",
    city: "São Paulo",
    state: "SP",
    zip: "01310-100",
    country: "BR",
    metaLeadId: "",
    fbclid: "",
  },
} satisfies Record<string, Person>;

export const worlds: Readonly<Record<string, (dir: string) => Promise<GoldenWorld>>> = {
  async hubspot(dir) {
    let now = begin;
    const simulator = createHubspot({
      dir: join(dir, "hubspot"),
      seed: "golden",
      now: () => now,
      life: { perMinute: 0 },
    });
    now = end;
    const act = actor(simulator.actions);
    await act("lag", { ms: 0 });
    // Time stands still here, and with it every count of requests per second.
    await act("limits", { perTenSeconds: 1_000, searchesPerSecond: 1_000, associationsPerTenSeconds: 1_000 });
    const create = (object: string, stage: string, person: Person, minutes: number, amount?: string) =>
      act("create", { object, stage, person, at: minutesAfter(minutes), ...(amount && { amount }) });
    const move = ({ object, id }: Made, stage: string, minutes: number) =>
      act("move", { object, id, stage, at: minutesAfter(minutes) });
    const contact = await create("contact", "lead", people.boston, 5);
    await move(contact, "marketingqualifiedlead", 20);
    await move(contact, "lead", 25);
    await move(contact, "marketingqualifiedlead", 30);
    const deal = await create("deal", "appointmentscheduled", people.zurich, 10, "1250.50");
    await move(deal, "contractsent", 40);
    await move(deal, "closedwon", 50);
    const lost = await create("deal", "qualifiedtobuy", people.saoPaulo, 12);
    await move(lost, "closedlost", 60);
    const lead = await create("lead", "new-stage-id", people.tokyo, 15);
    await move(lead, "1841452734", 70);
    return await oauthWorld("hubspot", simulator, "/oauth/2026-09/token");
  },

  async salesforce(dir) {
    let now = begin;
    const simulator = createSalesforce({
      dir: join(dir, "salesforce"),
      seed: "golden",
      now: () => now,
      life: { perMinute: 0 },
    });
    now = end;
    const act = actor(simulator.actions);
    await act("rotation", { on: false });
    const create = (person: Person, minutes: number) => act("create", { person, at: minutesAfter(minutes) });
    const move = (id: string, stage: string, minutes: number) => act("move", { id, stage, at: minutesAfter(minutes) });
    const boston = await create(people.boston, 5);
    await move(boston.id, "Working - Contacted", 15);
    const zurich = await create(people.zurich, 6);
    await move(zurich.id, "Nurturing", 20);
    const { opportunityId = "" } = await act("convert", { leadId: zurich.id, at: minutesAfter(30) });
    await act("update", { id: opportunityId, fields: { Amount: 48_500.5 }, at: minutesAfter(35) });
    await move(opportunityId, "Proposal/Price Quote", 40);
    await move(opportunityId, "Closed Won", 50);
    const lost = await create(people.saoPaulo, 8);
    await move(lost.id, "Closed - Not Converted", 45);
    await create(people.tokyo, 9);
    return await oauthWorld("salesforce", simulator, "/services/oauth2/token", { currency: "EUR" });
  },

  async http() {
    const pushes: readonly Record<string, unknown>[] = [
      {
        record_id: "4711",
        pipeline: "sales",
        stage: "Prospecting",
        occurred_at: minutesAfter(5),
        lead_id: "l:51000004703892551",
        lead_created_at: minutesAfter(1),
        contact: { email: people.boston.email, phone: people.boston.phone, first_name: "José", last_name: "O’Connor" },
      },
      // Meta's own names, flat, with a click id and a value.
      {
        record: "4712",
        pipeline_id: "sales",
        event_name: "Won",
        event_time: minutesAfter(30),
        created_time: minutesAfter(2),
        leadgen_id: "5100000470389255",
        fbclid: people.zurich.fbclid,
        em: [people.zurich.email, "second@example.ch"],
        ph: people.zurich.phone,
        ct: "Zürich",
        zp: "8001",
        country: "CH",
        dob: "1984-02-29",
        ge: "female",
        value: 1250.5,
        currency: "EUR",
      },
      // Hashed by the sender, without a lead id.
      {
        record_id: "4713",
        pipeline: "sales",
        stage: "Engaging",
        occurred_at: "2026-11-20T12:45:00+01:00",
        contact: { email: { sha256: hash("sha256", "third@example.com") } },
      },
      {
        record_id: "4711",
        pipeline: "sales",
        stage: "Lost",
        occurred_at: minutesAfter(60),
        lead_id: "51000004703892551",
      },
    ];
    const items = pushes.map((raw, n): InboxItem => {
      const result = readStageChange(raw, end);
      if ("errors" in result) throw new Error(JSON.stringify(result.errors));
      const { observation, lead } = result.item;
      return { seq: n + 1, observation, lead: hashLead(lead, { allowedKeys: matchKeyNames, now: end }).lead };
    });
    const connector = connectorOf("http");
    const stages = [
      ["Prospecting", "open"],
      ["Engaging", "open"],
      ["Won", "won"],
      ["Lost", "lost"],
    ].map(([id, outcome]) => ({ id, label: id, outcome }));
    return {
      connector,
      access: {
        tenantId,
        connectionId: connectionOf("http"),
        accountId: "in-house",
        config: connector.config.parse({ pipelines: [{ id: "sales", label: "Sales", stages }] }),
        baseUrl: "",
        clock: { now: () => end },
        log: { info: () => {}, warn: () => {}, error: () => {} },
        fetch: () => Promise.reject(new Error("there is nobody to call")),
        token: () => Promise.reject(new Error("there is nobody to call")),
        inbox: { read: async (after, limit) => items.filter(({ seq }) => seq > after).slice(0, limit) },
      },
      close: async () => {},
    };
  },
};

export const tenantId = "ten_golden" as TenantId;
export const connectionOf = (connector: string) => `con_${connector}` as ConnectionId;

function connectorOf(id: string): AnyConnector {
  const connector = connectors.get(id);
  if (!connector) throw new Error(`no connector ${id}`);
  return connector;
}

interface Made {
  readonly object: string;
  readonly id: string;
  readonly opportunityId?: string;
}
type Simulator = ReturnType<typeof createHubspot>;

const actor =
  (actions: Simulator["actions"]) =>
  async (name: string, input: object): Promise<Made> => {
    const action = actions[name];
    if (!action) throw new Error(`there is no action ${name}`);
    return (await action(input)) as Made;
  };

/** The simulator on a port of its own, and the access that its admin granted. */
async function oauthWorld(
  id: string,
  simulator: Simulator,
  tokenPath: string,
  config: object = {},
): Promise<GoldenWorld> {
  const server = createServer((request, response) => void simulator.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const grant = (await simulator.actions.grant?.({})) as Omit<Grant, "baseUrl" | "tokenUrl">;
  const connector = connectorOf(id);
  const access = createAccess(connector, { ...grant, baseUrl, tokenUrl: `${baseUrl}${tokenPath}` }, config);
  return {
    connector,
    access: { ...access, tenantId, connectionId: connectionOf(id), clock: { now: () => end } },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      simulator.close();
    },
  };
}

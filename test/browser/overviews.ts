import { type Overview, overview } from "../../server/api/schema.ts";
import { ago, day, hour, minute } from "./ago.ts";

/** Answers of the API for each state that the console must show, every one checked against the schema. Times are relative to now. */

export function live(): Overview {
  return overview.parse({
    asOf: ago(0),
    workspace: { name: "Northwind Homes", demo: true },
    status: { sentence: "Live. Last event accepted 14 seconds ago.", tone: "live", acts: "nobody" },
    connections: [
      {
        id: "con_hub",
        connector: "hubspot",
        crmName: "HubSpot",
        name: "Northwind Homes EU",
        state: "live",
        lastReadAt: ago(3),
        lastChangeAt: ago(19),
        read: 1284,
      },
      {
        id: "con_sf",
        connector: "salesforce",
        crmName: "Salesforce",
        name: "Northwind Homes Sales",
        state: "live",
        lastReadAt: ago(8),
        lastChangeAt: ago(2 * minute),
        read: 611,
      },
    ],
    datasets: [
      { id: "dst_1", metaId: "738140291665012", name: "Northwind CRM events", waiting: 3, lastAcceptedAt: ago(14) },
    ],
    problems: 0,
  });
}

const nothing = {
  connections: [],
  datasets: [],
};

/** Right after the first start: nothing is connected. */
export function empty(): Overview {
  return overview.parse({
    ...live(),
    ...nothing,
    workspace: { name: "Acme", demo: false },
    status: { sentence: "Not set up yet: connect a CRM.", tone: "setup", acts: "you" },
  });
}

/** Meta refuses our token: events wait, and there is a deadline. */
export function refusing(): Overview {
  const answer = live();
  return overview.parse({
    ...answer,
    status: {
      sentence: "Meta is refusing us. 128 events are waiting; none is lost before the oldest is too old for Meta.",
      tone: "problem",
      acts: "you",
      deadlineAt: ago(-2 * day - 3 * hour),
    },
    datasets: answer.datasets.map((dataset) => ({
      ...dataset,
      waiting: 128,
      pausedReason: "Meta says we may not send to this dataset",
      pausedCode: "meta_permission",
      nextTryAt: ago(-12 * minute),
    })),
    connections: answer.connections.map((connection, n) =>
      n === 0 ? { ...connection, state: "disconnected", pausedCode: "crm_disconnected" } : connection,
    ),
  });
}

export function paused(): Overview {
  const answer = live();
  return overview.parse({
    ...answer,
    status: {
      sentence: "Paused by Ana on 12 Nov. 40 events are waiting.",
      tone: "paused",
      acts: "you",
      deadlineAt: ago(-4 * day),
    },
    datasets: answer.datasets.map((dataset) => ({
      ...dataset,
      waiting: 40,
      pausedReason: "Paused by an admin",
      pausedCode: "by_admin",
    })),
    connections: answer.connections.map((connection) => ({ ...connection, state: "paused", pausedCode: "by_admin" })),
    pausedByAdmin: true,
  });
}

/** First connect: the silent baseline is being read, nothing is live. */
export function reading(): Overview {
  const answer = live();
  return overview.parse({
    ...answer,
    ...nothing,
    status: { sentence: "Ready. Nothing is sent until you go live.", tone: "setup", acts: "you" },
    connections: [
      {
        id: "con_hub",
        connector: "hubspot",
        crmName: "HubSpot",
        name: "Northwind Homes EU",
        state: "reading",
        read: 740,
      },
      {
        id: "con_sf",
        connector: "salesforce",
        crmName: "Salesforce",
        name: "Sales",
        state: "limited",
        lastReadAt: ago(40),
        read: 12,
      },
      { id: "con_http", connector: "http", crmName: "In-house CRM", name: "Backoffice", state: "ready", read: 0 },
    ],
    datasets: [{ id: "dst_1", metaId: "738140291665012", name: "Northwind CRM events", waiting: 0 }],
  });
}

/** Meta is slow; the sandbox of words: waiting, with a next try. */
export function waiting(): Overview {
  const answer = live();
  return overview.parse({
    ...answer,
    workspace: { name: "Northwind Homes", demo: false },
    status: {
      sentence: "Meta has a fault. 12 events are waiting; we keep trying.",
      tone: "waiting",
      acts: "meta",
      deadlineAt: ago(-6 * day),
    },
    datasets: answer.datasets.map((dataset) => ({ ...dataset, waiting: 12, nextTryAt: ago(-40) })),
  });
}

/** The last answer of a server that has stopped looking: true, but of long ago. */
export function stale(): Overview {
  return overview.parse({ ...live(), asOf: ago(95) });
}

/** Somebody has asked for the workspace to be erased. */
export function ending(): Overview {
  const answer = live();
  return overview.parse({ ...answer, workspace: { ...answer.workspace, endsAt: ago(-2 * day) } });
}

/** Every label that somebody else writes tries to be markup, to turn the text around, or to push the page apart. */
export function hostile(): Overview {
  const answer = live();
  const markup = '<img src=x onerror="window.hacked=1">';
  const long = "W".repeat(240);
  return overview.parse({
    ...answer,
    workspace: { name: `Acme ${markup}`, demo: true },
    status: { ...answer.status, sentence: `Live ${markup} ${long}` },
    connections: answer.connections.map((connection) => ({
      ...connection,
      name: markup,
      crmName: `\u202Egnip ${long}`,
    })),
    datasets: answer.datasets.map((dataset) => ({
      ...dataset,
      name: `<script>window.hacked=1</script>${long}`,
      metaId: "javascript:alert(1)",
      pausedReason: `${markup}${long}`,
    })),
  });
}

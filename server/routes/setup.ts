import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import { currentStep, type SetupFacts, stepsOf } from "../../core/setup.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import {
  type SetupMarkName,
  type SetupView,
  setupMarked,
  setupMarking,
  setupMarks,
  setupQuery,
  setupView,
} from "../api/setup.ts";
import { type AccountState, accountStates, firstAcceptedAt } from "../store/accounts.ts";
import { findConnection } from "../store/connections.ts";
import { listReached, type ReachedDataset } from "../store/datasets.ts";
import { laneState } from "../store/lane-state.ts";
import { findMapping, type SavedMapping } from "../store/mappings.ts";
import { dropMark, setupMarks as marksOf, type SetupMark, setMark } from "../store/setup-marks.ts";
import type { Tables } from "../store/tables.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** The way from nothing to live. */
export const setupRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/setup",
      who: "viewer",
      summary: "The steps from connecting a CRM to going live, and how each of them stands",
      query: setupQuery,
      answer: setupView,
      handle: async ({ tenant, now, query }) =>
        await parts.store.web(tenant.id, (trx) => setupOf(trx, tenant.id, query.connection, now, parts)),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/setup-marks",
      who: "admin",
      summary: "Ticks off a step that cannot be seen from here, or leaves the preview out",
      body: setupMarking,
      answer: setupMarked,
      handle: async ({ tenant, who, now, params, body }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        await parts.store.web(tenant.id, async (trx) => {
          if (!(await findConnection(trx, tenant.id, id))) throw new Failure("not_found", `connection ${id}`);
          if (body.as === "open") await dropMark(trx, tenant.id, id, body.mark);
          else await setMark(trx, tenant.id, id, { mark: body.mark, how: body.as, who }, now);
        });
        return body;
      },
    },
    parts,
  ),
];

async function setupOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  wanted: string | undefined,
  now: Date,
  { connectors }: ApiParts,
): Promise<SetupView> {
  const accounts = await accountStates(db, tenantId);
  const account = accountAmong(accounts, wanted);
  const crmName = (connector: string): string => connectors.get(connector)?.manifest.crmName ?? connector;
  const datasets = (await listReached(db, tenantId)).filter(({ disconnectedAt }) => !disconnectedAt);
  const dataset = datasets.find(({ id }) => id === account?.datasetId) ?? datasets[0];
  const saved = account && (await findMapping(db, tenantId, account.id));
  const marks = account ? await marksOf(db, tenantId, account.id) : [];
  const steps = stepsOf({
    ...(account && { crm: crmFacts(account, crmName(account.connector)) }),
    ...(dataset && { dataset: await datasetFacts(db, dataset, account, now) }),
    ...(saved && { mapping: mappingFacts(saved) }),
    ...previewFact(marks),
  });
  const current = currentStep(steps);
  return {
    asOf: now.toISOString(),
    connections: accounts.map(({ id, connector, name, sandbox, sendFrom }) => ({
      id,
      connector,
      crmName: crmName(connector),
      name,
      live: sendFrom !== null,
      sandbox,
    })),
    ...(account && { connection: account.id }),
    steps: [...steps],
    ...(current && { current }),
    ...(dataset && { dataset: datasetView(dataset) }),
    ...(account && { reading: readingOf(account) }),
    ...(account?.sendFrom && { live: await liveOf(db, tenantId, { ...account, sendFrom: account.sendFrom }, marks) }),
    marks: marks.flatMap(({ mark, how, at }) => (isShown(mark) ? { mark, how, at: at.toISOString() } : [])),
  };
}

/**
 * The account that is named. Without a name whoever comes back goes on where they were: with the account that is not live, the
 * one that was connected last.
 *
 * @throws Failure `not_found`
 */
export function accountAmong(accounts: readonly AccountState[], wanted: string | undefined): AccountState | undefined {
  if (wanted === undefined) return accounts.findLast(({ sendFrom }) => !sendFrom) ?? accounts.at(-1);
  const found = accounts.find(({ id }) => id === wanted);
  if (!found) throw new Failure("not_found", `connection ${wanted}`);
  return found;
}

function crmFacts(
  { name, pausedReason, why, firstReading, read, sendFrom }: AccountState,
  crmName: string,
): NonNullable<SetupFacts["crm"]> {
  const red = pausedReason ?? why;
  return { crmName, name, ...(red && { why: red }), wasRead: !firstReading, read, live: sendFrom !== null };
}

async function datasetFacts(
  db: Kysely<Tables>,
  { tenantId, id, name, accessEndsAt }: ReachedDataset,
  account: AccountState | undefined,
  now: Date,
): Promise<NonNullable<SetupFacts["dataset"]>> {
  const lane = await laneState(db, { tenantId, kind: "send", id });
  const why = lane?.pausedReason ?? (accessEndsAt && accessEndsAt <= now ? "meta_token" : undefined);
  return { name, ...(why && { why }), chosen: account?.datasetId === id };
}

const datasetView = ({ id, name, metaId, accessEndsAt }: ReachedDataset): NonNullable<SetupView["dataset"]> => ({
  id,
  name,
  metaId,
  ...(accessEndsAt && { accessEndsAt: accessEndsAt.toISOString() }),
});

const mappingFacts = ({ mapping: { rules }, savedBy }: SavedMapping): NonNullable<SetupFacts["mapping"]> => ({
  sent: rules.filter(({ send }) => send).length,
  stages: rules.length,
  byPerson: savedBy !== "suggestion",
});

function previewFact(marks: readonly SetupMark[]): Pick<SetupFacts, "preview"> {
  const mark = marks.find((one) => one.mark === "preview");
  return mark ? { preview: mark.how === "done" ? "tested" : "skipped" } : {};
}

const readingOf = ({ read, lastReadAt, firstReading }: AccountState): NonNullable<SetupView["reading"]> => ({
  read,
  ...(lastReadAt && { lastReadAt: lastReadAt.toISOString() }),
  first: firstReading,
});

async function liveOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { id, datasetId, sendFrom }: AccountState & { readonly sendFrom: Date },
  marks: readonly SetupMark[],
): Promise<NonNullable<SetupView["live"]>> {
  const since = marks.find(({ mark }) => mark === "live")?.at;
  const first = since && datasetId && (await firstAcceptedAt(db, tenantId, { id, datasetId }, since));
  return {
    sendFrom: sendFrom.toISOString(),
    ...(since && { since: since.toISOString() }),
    ...(first && { firstAcceptedAt: first.toISOString() }),
  };
}

const isShown = (mark: string): mark is SetupMarkName => (setupMarks as readonly string[]).includes(mark);

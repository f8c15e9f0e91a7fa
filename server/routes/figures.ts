import { Failure } from "../../core/errors.ts";
import type { StageMapping, TenantId } from "../../core/types.ts";
import { type Figures, figuresQuery, figuresView } from "../api/figures.ts";
import { type Bundle, countBundle, eventsIn } from "../figures/bundle.ts";
import { coverageOf } from "../figures/coverage.ts";
import { funnelsOf } from "../figures/funnels.ts";
import { keptFigures } from "../figures/kept.ts";
import { lossesOf } from "../figures/losses.ts";
import { readinessOf } from "../figures/readiness.ts";
import { seriesOf } from "../figures/series.ts";
import { settledDays } from "../figures/settled.ts";
import { sourcesOf } from "../figures/sources.ts";
import { findMapping } from "../store/mappings.ts";
import { type ConnectionState, connectionStates } from "../store/overview.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

interface Account extends ConnectionState {
  readonly mapping: StageMapping | undefined;
}
interface Asked {
  readonly range: Figures["range"];
  readonly connection?: string | undefined;
  readonly pipeline?: string | undefined;
}

/** `GET /api/v1/figures`: how much was read, what became of it, and how well it serves Meta. */
export function figuresRoute(parts: ApiParts): Route {
  const kept = keptFigures<Bundle>(parts.clock);
  const countDays = settledDays();
  const bundleOf = (tenantId: TenantId, range: Figures["range"], now: Date) =>
    kept(`${tenantId} ${range}`, () => countBundle(parts.store, countDays, { tenantId, range, now }));
  return apiRoute(
    {
      path: "/figures",
      who: "viewer",
      summary: "How much was read, what became of it, and how well it serves Meta",
      query: figuresQuery,
      answer: figuresView,
      handle: async ({ tenant, query, now }) => {
        const accounts = await accountsOf(tenant.id, parts);
        if (query.connection !== undefined && !accounts.some(({ id }) => id === query.connection))
          throw new Failure("not_found", "there is no such connection");
        const bundle = await bundleOf(tenant.id, query.range, now);
        const month = query.range === "28d" ? bundle : await bundleOf(tenant.id, "28d", now);
        return viewOf(query, { accounts, bundle, month, now }, parts);
      },
    },
    parts,
  );
}

async function accountsOf(tenantId: TenantId, { store }: ApiParts): Promise<readonly Account[]> {
  return await store.web(tenantId, async (trx) => {
    const accounts: Account[] = [];
    for (const state of await connectionStates(trx, tenantId))
      accounts.push({ ...state, mapping: (await findMapping(trx, tenantId, state.id))?.mapping });
    return accounts;
  });
}

interface Found {
  readonly accounts: readonly Account[];
  readonly bundle: Bundle;
  readonly month: Bundle;
  readonly now: Date;
}

function viewOf(asked: Asked, { accounts, bundle, month, now }: Found, { connectors }: ApiParts): Figures {
  const { window } = bundle;
  const wanted = (row: { readonly connectionId: string; readonly pipelineId: string }): boolean =>
    (asked.connection === undefined || row.connectionId === asked.connection) &&
    (asked.pipeline === undefined || row.pipelineId === asked.pipeline);
  const counts = bundle.counts.filter(wanted);
  const sample = bundle.sample.filter(wanted);
  const chosen = accounts.filter(({ id }) => asked.connection === undefined || id === asked.connection);
  const live = chosen.flatMap(({ sendFrom }) => sendFrom ?? []).sort((a, b) => a.getTime() - b.getTime());
  const looked = sample.reduce((all, { events }) => all + events, 0);
  const losses = lossesOf(counts);
  const span = ({ from, to }: { from: Date; to: Date }) => ({ from: from.toISOString(), to: to.toISOString() });
  return {
    asOf: window.to.toISOString(),
    range: asked.range,
    ...span(window),
    before: span(window.before),
    bucket: asked.range === "24h" ? "hour" : "day",
    ...(live[0] && { liveSince: live[0].toISOString() }),
    connections: accounts.map(({ id, name, connector, mapping }) => ({
      id,
      name,
      crmName: connectors.get(connector)?.manifest.crmName ?? connector,
      pipelines: pipelinesOf(mapping),
    })),
    losses,
    series: seriesOf(counts, window),
    funnels: funnels(chosen, counts, sample).filter(wanted),
    sample: { count: looked, of: eventsIn(counts) },
    coverage: coverageOf(sample),
    sources: sourcesOf(chosen, bundle.journeys, now),
    readiness: {
      days: 28,
      requirements: readinessOf({
        funnels: funnels(accounts, month.counts, month.sample),
        series: seriesOf(month.counts, month.window),
        sample: month.sample,
        journeys: month.journeys,
      }),
    },
  };
}

const funnels = (accounts: readonly Account[], counts: Bundle["counts"], sample: Bundle["sample"]) =>
  accounts.flatMap(({ id, mapping }) => (mapping ? funnelsOf(id, mapping, counts, sample) : []));

function pipelinesOf(mapping: StageMapping | undefined): { id: string; label: string }[] {
  const labels = new Map(
    mapping?.rules.map(({ pipelineId, pipelineLabel }) => [pipelineId, pipelineLabel ?? pipelineId]),
  );
  return [...labels].map(([id, label]) => ({ id, label }));
}

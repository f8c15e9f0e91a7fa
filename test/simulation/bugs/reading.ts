import { recordKey } from "../../../core/connector.ts";
import type { Setting } from "../../../core/translate.ts";
import type { Lead, StageObservation } from "../../../core/types.ts";
import type { Bug } from "../bug.ts";
import type { ModelCheckpoint } from "../model-crm.ts";

/** Every page of a connector, changed. */
const pages = (
  name: string,
  change: (page: PageOf, ask: { readonly first: boolean; readonly since: ModelCheckpoint | undefined }) => PageOf,
): Bug => ({
  name,
  plant: () => ({
    connector: (connector) => ({
      ...connector,
      async *changes(access, since) {
        let first = true;
        for await (const page of connector.changes(access, since)) {
          yield change(page, { first, since });
          first = false;
        }
      },
    }),
  }),
});
interface PageOf {
  readonly observations: readonly StageObservation[];
  readonly checkpoint: ModelCheckpoint;
  readonly caughtUp: boolean;
}

const since = (name: string, change: (since: ModelCheckpoint) => ModelCheckpoint): Bug => ({
  name,
  plant: () => ({
    connector: (connector) => ({
      ...connector,
      changes: (access, from) => connector.changes(access, change(from)),
    }),
  }),
});

const setting = (name: string, change: (setting: Setting) => Partial<Setting>): Bug => ({
  name,
  plant: () => ({ source: (source) => ({ ...source, setting: { ...source.setting, ...change(source.setting) } }) }),
});

const people = (name: string, change: (lead: Lead) => Lead): Bug => ({
  name,
  plant: () => ({
    connector: (connector) => ({
      ...connector,
      leads: async (access, records) =>
        new Map([...(await connector.leads(access, records))].map(([key, lead]) => [key, change(lead)])),
    }),
  }),
});

const observed = (name: string, change: (seen: StageObservation) => StageObservation | undefined): Bug =>
  pages(name, (page) => ({ ...page, observations: page.observations.flatMap((seen) => change(seen) ?? []) }));

/** Bugs of reading: connectors, checkpoints, settings. */
export const readingBugs: readonly Bug[] = [
  since("the changes are read without looking back over what was late", (from) =>
    from.pass ? from : { ...from, upTo: from.upTo + 1_000_000 },
  ),
  since("a page begins behind everything of the last one's moment", ({ pass, ...from }) =>
    pass ? { ...from, pass: { ...pass, after: [pass.after[0], Number.MAX_SAFE_INTEGER] } } : from,
  ),
  since("a pass that was broken off begins at its end", ({ pass, ...from }) =>
    pass ? { ...from, upTo: pass.startedAt } : from,
  ),
  pages("the first page is taken for all", (page, { first }) =>
    first && !page.caughtUp
      ? { ...page, caughtUp: true, checkpoint: { v: 1, upTo: page.checkpoint.pass?.startedAt ?? 0 } }
      : page,
  ),
  pages("the last record of a full page is left to the next one, which begins behind it", (page) =>
    page.caughtUp ? page : { ...page, observations: page.observations.slice(0, -1) },
  ),
  {
    name: "the checkpoint is our own time instead of the CRM's",
    plant: () => ({
      connector: (connector) => ({
        ...connector,
        async *changes(access, from) {
          for await (const page of connector.changes(access, from))
            yield page.caughtUp ? { ...page, checkpoint: { v: 1, upTo: access.clock.now().getTime() } } : page;
        },
      }),
    }),
  },
  observed("a change with a moment of its own at each reading is taken for a new one", (seen) => ({
    ...seen,
    enteredAt: new Date(seen.enteredAt.getTime() + 1),
  })),
  observed("milliseconds are taken for seconds", (seen) => ({
    ...seen,
    enteredAt: new Date(seen.enteredAt.getTime() / 1000),
  })),
  observed("a stage that is lost is not reported", (seen) => (seen.stageId === "lost" ? undefined : seen)),
  {
    name: "a ring is answered with the record's current stage only",
    plant: () => ({
      connector: (connector) => ({
        ...connector,
        read: async (access, records) => {
          const seen = await connector.read(access, records);
          return [...Map.groupBy(seen, ({ record }) => recordKey(record)).values()].flatMap((of) => of.slice(-1));
        },
      }),
    }),
  },
  people("the lead id passes through a number", ({ leadId, ...lead }) => ({
    ...lead,
    ...(leadId !== undefined && { leadId: String(Number(leadId)) }),
  })),
  people("the consent is forgotten", ({ consent: _, ...lead }) => lead),
  {
    name: "the people come back in the order of the answer and are given to the records in the order of the question",
    plant: () => ({
      connector: (connector) => ({
        ...connector,
        leads: async (access, records) => {
          const found = [...(await connector.leads(access, records)).values()].reverse();
          return new Map(records.flatMap((record, n) => (found[n] ? [[recordKey(record), found[n]]] : [])));
        },
      }),
    }),
  },
  setting("the start that was chosen is ignored", ({ connection }) => ({
    connection: { ...connection, sendFrom: new Date(0) },
  })),
  setting("every entry is sent although the first only was asked for", ({ mapping }) => ({
    mapping: {
      ...mapping,
      rule: (pipelineId, stageId) => {
        const rule = mapping.rule(pipelineId, stageId);
        return rule && { ...rule, entries: "every" };
      },
    },
  })),
  setting("the funnel is filled from its end", ({ mapping }) => ({
    mapping: { ...mapping, funnel: (pipelineId) => [...mapping.funnel(pipelineId)].reverse() },
  })),
  setting("stages that were jumped over are not filled", ({ mapping }) => ({
    mapping: { ...mapping, mapping: { ...mapping.mapping, fillSkipped: false } },
  })),
  {
    name: "the mapping is remembered for ever",
    plant: () => {
      const remembered = new Map<string, Setting["mapping"]>();
      return {
        source: (source) => {
          const mapping = remembered.get(source.connection.id) ?? source.setting.mapping;
          remembered.set(source.connection.id, mapping);
          return { ...source, setting: { ...source.setting, mapping } };
        },
      };
    },
  },
];

import { z } from "zod";
import { defineConnector, type Inbox, type Page } from "../../core/connector.ts";
import type { Pipeline } from "../../core/types.ts";
import { pages } from "./inbox.ts";
import { manifest } from "./manifest.ts";

const stage = z.object({
  id: z.string().min(1).max(256),
  label: z.string().min(1).max(256),
  outcome: z.enum(["open", "won", "lost"]).default("open"),
});
const config = z.object({
  /** What this CRM's pipelines are, as the admin declared them: there is nobody to ask. */
  pipelines: z
    .array(
      z.object({
        id: z.string().min(1).max(256),
        label: z.string().min(1).max(256),
        object: z.string().min(1).max(64).default("lead"),
        stages: z.array(stage).max(200),
      }),
    )
    .max(50)
    .default([]),
});
/** The number of the last inbox item that was yielded. */
const checkpoint = z.object({ v: z.literal(1), after: z.int().nonnegative() });

/**
 * A CRM without a connector of its own: it pushes its stage changes to us (README.md beside this file), and what it pushed is
 * read from the durable inbox. The reference connector.
 */
export const http = defineConnector<z.infer<typeof config>, z.infer<typeof checkpoint>>({
  manifest,
  config,
  checkpoint,
  async account({ accountId }) {
    return { id: accountId, name: manifest.crmName, sandbox: false };
  },
  async check({ config, inbox }) {
    const declared = config.pipelines.some(({ stages }) => stages.length > 0);
    const probes = [
      { name: "inbox", ok: inbox !== undefined },
      {
        name: "pipelines",
        ok: declared,
        ...(declared ? {} : { hint: "Declare the pipelines and stages of your CRM." }),
      },
    ];
    return { ok: probes.every(({ ok }) => ok), probes };
  },
  async pipelines({ config }) {
    return inHousePipelines(config);
  },
  /** The fields are those of the push format; there is nothing to choose. */
  async fields() {
    return [];
  },
  /** There is no earlier state to learn: whatever was pushed is a change, from the first item on. */
  baseline: ({ inbox }, resume) => changesAfter(inbox, resume?.after ?? 0),
  changes: ({ inbox }, since) => changesAfter(inbox, since.after),
  /** Older entries come by pushing them. */
  async *history(_access, _range, resume) {
    yield { observations: [], checkpoint: resume ?? { v: 1, after: 0 }, caughtUp: true };
  },
  /** Nobody rings for single records here. */
  async read() {
    return [];
  },
  /** People come with the page. */
  async leads() {
    return new Map();
  },
  async uninstall() {
    return {
      removed: [],
      left: [{ what: "The job that sends us stage changes", howTo: "Stop it in your CRM; its key no longer works." }],
    };
  },
});

/** The declared pipelines, as every other CRM would list its own. */
export const inHousePipelines = ({ pipelines }: z.infer<typeof config>): readonly Pipeline[] =>
  pipelines.map((pipeline) => ({ ...pipeline, stages: pipeline.stages.map((one) => ({ ...one, active: true })) }));

async function* changesAfter(inbox: Inbox | undefined, from: number): AsyncIterable<Page<z.infer<typeof checkpoint>>> {
  for await (const { observations, leads, after, caughtUp } of pages(inbox, from))
    yield { observations, leads, checkpoint: { v: 1, after }, caughtUp };
}

import { type AnyConnector, type Page, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { RecordRef, StageObservation } from "../../core/types.ts";
import type { Broken } from "./connector.ts";

// biome-ignore lint/suspicious/noExplicitAny: spoils pages of any connector's checkpoint.
type AnyPage = Page<any>;
type Pages = AsyncIterable<AnyPage>;
type Reading = "baseline" | "changes" | "history";

/** The connector with the pages of these readings spoilt. */
function pagewise(connector: AnyConnector, readings: readonly Reading[], spoil: (pages: Pages) => Pages): AnyConnector {
  const spoilt = (reading: Reading, pages: Pages): Pages => (readings.includes(reading) ? spoil(pages) : pages);
  return {
    ...connector,
    baseline: (access, resume) => spoilt("baseline", connector.baseline(access, resume)),
    changes: (access, since) => spoilt("changes", connector.changes(access, since)),
    history: (access, range, resume) => spoilt("history", connector.history(access, range, resume)),
  };
}

const observing = (
  connector: AnyConnector,
  change: (observation: StageObservation, n: number) => StageObservation | undefined,
) => {
  const all = (observations: readonly StageObservation[]) =>
    observations.flatMap((observation, n) => change(observation, n) ?? []);
  return {
    ...pagewise(connector, ["baseline", "changes", "history"], async function* (pages) {
      for await (const page of pages) yield { ...page, observations: all(page.observations) };
    }),
    read: async (...input: Parameters<AnyConnector["read"]>) => all(await connector.read(...input)),
  };
};

/** Connectors with one fault each, and the check that must notice it. */
export const brokenConnectors: readonly Broken[] = [
  {
    sentence: "leaves out what changed at the very instant where a page ends",
    caughtBy: "sees the records that share one change time across the edge of a page",
    spoil: (connector) =>
      pagewise(connector, ["changes"], async function* (pages) {
        let edge: string | undefined;
        for await (const page of pages) {
          const beyond = page.observations.filter(({ enteredAt }) => enteredAt.toISOString() !== edge);
          edge = page.observations.at(-1)?.enteredAt.toISOString();
          yield { ...page, observations: beyond };
        }
      }),
  },
  {
    sentence: "stores its checkpoint ahead of the data",
    caughtBy: "loses nothing of the changes when it dies after every page",
    spoil: (connector) =>
      pagewise(connector, ["changes"], async function* (pages) {
        let held: AnyPage | undefined;
        for await (const page of pages) {
          if (held) yield { ...held, checkpoint: page.checkpoint };
          held = page;
        }
        if (held) yield held;
      }),
  },
  {
    sentence: "drops the last page",
    caughtBy: "reads every record in its baseline, and a poll after it brings nothing new",
    spoil: (connector) =>
      pagewise(connector, ["baseline"], async function* (pages) {
        for await (const page of pages) yield page.caughtUp ? { ...page, observations: [] } : page;
      }),
  },
  {
    sentence: "tells only the stage that a record is in now",
    caughtBy: "sees two moves between two polls where the CRM keeps history, else the last",
    spoil: (connector) =>
      pagewise(connector, ["changes"], async function* (pages) {
        for await (const page of pages) {
          const now = new Map(
            page.observations.map((observation) => [
              `${observation.record.object}:${observation.record.id}`,
              observation,
            ]),
          );
          yield { ...page, observations: [...now.values()] };
        }
      }),
  },
  {
    sentence: "takes the time of reading for the time of entering",
    caughtBy: "sees a move in each of two polls, once, in order and at the CRM's own time",
    spoil: (connector) => observing(connector, (observation) => ({ ...observation, enteredAt: new Date() })),
  },
  {
    sentence: "keeps quiet about deleted records",
    caughtBy: "says that a deleted record is gone, and reads the others beside it",
    spoil: (connector) => observing(connector, (observation) => (observation.gone ? undefined : observation)),
  },
  {
    sentence: "knows only the stages in the lists",
    caughtBy: "passes on a stage that is in no list",
    spoil: (connector) =>
      observing(connector, (observation) => (/nobody/.test(observation.stageId) ? undefined : observation)),
  },
  {
    sentence: "answers a doorbell otherwise than a poll",
    caughtBy: "answers a doorbell with the same observations as a poll",
    spoil: (connector) => ({
      ...connector,
      read: async (...input) => (await connector.read(...input)).map((seen) => ({ ...seen, enteredAt: new Date(1) })),
    }),
  },
  {
    sentence: "takes the end of a range into the range",
    caughtBy: "reads of a range what was entered in it, the first instant with and the last without",
    spoil: (connector) => ({
      ...connector,
      history: (access, { from, to }, resume) =>
        connector.history(access, { from, to: new Date(to.getTime() + 1) }, resume),
    }),
  },
  {
    sentence: "reads of a range only what was not changed again after it",
    caughtBy: "reads of a range also what was changed again after it",
    spoil: (connector) => ({
      ...connector,
      async *history(access, range, resume) {
        for await (const page of connector.history(access, range, resume)) {
          const records = [...new Map(page.observations.map(({ record }) => [recordKey(record), record])).values()];
          const later = (await connector.read(access, records)).filter(({ enteredAt }) => enteredAt >= range.to);
          const changed = new Set(later.map(({ record }) => recordKey(record)));
          const kept = page.observations.filter(({ record }) => !changed.has(recordKey(record)));
          yield { ...page, observations: kept };
        }
      },
    }),
  },
  {
    sentence: "forgets every tenth entry of a range",
    caughtBy: "loses nothing of a range when it dies after every page",
    spoil: (connector) =>
      pagewise(connector, ["history"], async function* (pages) {
        for await (const page of pages)
          yield { ...page, observations: page.observations.filter((_, n) => n % 10 !== 9) };
      }),
  },
  {
    sentence: "stores its place in a range ahead of the data",
    caughtBy: "reads a crowded range to its end, in pages that one can hold, dying after every one of them",
    spoil: (connector) =>
      pagewise(connector, ["history"], async function* (pages) {
        let held: AnyPage | undefined;
        for await (const page of pages) {
          if (held) yield { ...held, checkpoint: page.checkpoint };
          held = page;
        }
        if (held) yield held;
      }),
  },
  {
    sentence: "gives a range as one page",
    caughtBy: "reads a crowded range to its end, in pages that one can hold, dying after every one of them",
    spoil: (connector) =>
      pagewise(connector, ["history"], async function* (pages) {
        const all: StageObservation[] = [];
        for await (const page of pages) {
          all.push(...page.observations);
          if (page.caughtUp) yield { ...page, observations: all };
        }
      }),
  },
  {
    sentence: "tells of deleted records in a range",
    caughtBy: "leaves out of a range what is gone, and reads what lies beside it",
    spoil: (connector) =>
      pagewise(connector, ["history"], async function* (pages) {
        for await (const page of pages)
          yield { ...page, observations: page.observations.map((seen) => ({ ...seen, gone: "deleted" as const })) };
      }),
  },
  {
    sentence: "asks for people one by one",
    caughtBy: "asks for people in bulk, never one by one",
    spoil: (connector) => ({
      ...connector,
      async leads(access, records: readonly RecordRef[]) {
        const all = new Map();
        for (const record of records)
          for (const [key, lead] of await connector.leads(access, [record])) all.set(key, lead);
        return all;
      },
    }),
  },
  {
    sentence: "reads a lead id as a number",
    caughtBy: "finds the person behind each kind of record, with the lead id digit by digit",
    spoil: (connector) => ({
      ...connector,
      leads: async (...input) =>
        new Map(
          [...(await connector.leads(...input))].map(([key, lead]) => [
            key,
            { ...lead, leadId: String(Number(lead.leadId)) },
          ]),
        ),
    }),
  },
  {
    sentence: "swallows a fault and calls itself caught up",
    caughtBy: "does not go past what it could not read",
    spoil: (connector) =>
      pagewise(connector, ["changes"], async function* (pages) {
        let last: AnyPage | undefined;
        try {
          for await (last of pages) yield last;
        } catch {
          // what this one does wrong
          if (last) yield { ...last, caughtUp: true };
        }
      }),
  },
  {
    sentence: "tries again by itself",
    caughtBy: "gives every fault of the vendor its right code and time to come back, and tries nothing again itself",
    spoil: (connector) =>
      ({
        ...connector,
        async *baseline(access, resume) {
          try {
            yield* connector.baseline(access, resume);
          } catch {
            yield* connector.baseline(access, resume); // what this one does wrong
          }
        },
      }) satisfies AnyConnector,
  },
  {
    sentence: "quotes the vendor's answer in what it throws",
    caughtBy: "tells neither tokens nor people in what it throws and logs",
    spoil: (connector) => ({
      ...connector,
      async leads(access, records) {
        let answered = "";
        const fetch: typeof access.fetch = async (request) => {
          const answer = await access.fetch(request);
          answered = answer.text;
          return answer;
        };
        return connector.leads({ ...access, fetch }, records).catch((cause: unknown) => {
          throw new Failure("crm_schema", answered, { cause });
        });
      },
    }),
  },
  {
    sentence: "shares one account's token with all",
    caughtBy: "keeps two accounts apart when both are read at once",
    spoil: (connector) => {
      let shared: Promise<string> | undefined;
      return {
        ...connector,
        baseline: (access, resume) =>
          connector.baseline(
            {
              ...access,
              token: () => {
                shared ??= access.token();
                return shared;
              },
            },
            resume,
          ),
      };
    },
  },
];

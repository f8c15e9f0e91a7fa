import type { Person } from "../people.ts";
import type { Action } from "../simulator.ts";
import type { Account } from "./account.ts";
import { appActions } from "./app-actions.ts";
import type { FaultSwitch } from "./faults.ts";
import type { Hub } from "./hub.ts";
import { type ObjectType, objectType, typeOf } from "./objects.ts";
import { pipelineJson } from "./pipelines.ts";
import type { Written } from "./portal.ts";
import { type CrmRecord, currentValue } from "./record.ts";
import { contacts, contactValues } from "./staff.ts";
import { truth } from "./truth.ts";

interface Which {
  readonly object?: string | undefined;
  readonly id?: string | undefined;
}
interface Create {
  readonly object?: string;
  readonly stage?: string;
  readonly person?: Partial<Person>;
  /** ISO; in the past for a backdated import. */
  readonly at?: string;
  readonly amount?: string;
  /** Ids of existing contacts of a deal or lead; `[]` for none. Without it a new person is made. */
  readonly contacts?: readonly string[];
}

/** What the people of one portal do. */
function portalActions({ world, staff }: Account): Readonly<Record<string, Action>> {
  const { portal, pipelines, associations } = world;
  const typeIn = ({ object }: Which): ObjectType => objectType(object ?? "contact");
  const recordIn = (which: Which): CrmRecord => {
    const record = portal.get(typeIn(which).id, String(which.id));
    if (!record) throw new Error(`there is no ${typeIn(which).name} ${which.id}`);
    return record;
  };
  const written = (source: string, at?: string): Written => {
    const stamp = world.now().getTime();
    const begins = at === undefined ? stamp : new Date(at).getTime();
    if (Number.isNaN(begins)) throw new Error(`"${at}" is not a time`);
    return { at: begins, stamp, source: at === undefined ? source : "IMPORT" };
  };
  const firstStage = (type: ObjectType): string =>
    type === contacts ? "lead" : (pipelines.of(type.id)[0]?.stages[0]?.id ?? "");
  const checked = (type: ObjectType, stage: string): string => {
    staff.pipelineOf(type, stage);
    return stage;
  };

  return {
    create(input: Create) {
      const type = typeIn(input);
      const stage = checked(type, input.stage ?? firstStage(type));
      const how = written("CRM_UI", input.at);
      if (type === contacts)
        return { object: type.name, id: staff.contact(staff.somebody(input.person), stage, how).id };
      const people = input.contacts?.map((id) => recordIn({ object: "contact", id })) ?? [
        staff.contact(staff.somebody(input.person), "lead", how),
      ];
      const { id } = staff.record(type, people, stage, input.amount ?? "1250.00", how);
      return { object: type.name, id, contacts: people.map((contact) => contact.id) };
    },
    move(input: Which & { stage: string; pipeline?: string; at?: string }) {
      const record = recordIn(input);
      const stage = checked(typeIn(input), input.stage);
      staff.move(record, stage, written("CRM_UI", input.at), input.pipeline);
      return { object: typeIn(input).name, id: record.id };
    },
    write(input: Which & { properties: Readonly<Record<string, string>> }) {
      portal.write(recordIn(input), input.properties, written("CRM_UI"));
    },
    link({ object, id, contact }: Which & { contact: string }) {
      staff.link(recordIn({ object, id }), recordIn({ id: contact }), false, written("CRM_UI"));
    },
    touch: (input: Which) => portal.touch(recordIn(input), world.now().getTime()),
    /** Deletes; with `privacy` for good, so that reads say 404 and both webhooks are sent. */
    delete(input: Which & { privacy?: boolean }) {
      if (input.privacy) portal.purge(recordIn(input), written("CRM_UI"));
      else portal.archive(recordIn(input), written("CRM_UI"));
    },
    restore: (input: Which) => portal.restore(recordIn(input), written("CRM_UI")),
    merge({ object, from, into }: { object?: string; from: string; into: string }) {
      const type = objectType(object ?? "contact");
      const [loser, winner] = [from, into].map((id) => recordIn({ object: type.name, id })) as [CrmRecord, CrmRecord];
      associations.move(loser, winner);
      portal.merge(loser, winner, written("MERGE_OBJECTS"));
    },
    /** Many new records without people, in one stroke: all share one last-modified time. */
    bulk(input: { object?: string; count: number; stage?: string }) {
      const type = typeIn(input);
      const stage = checked(type, input.stage ?? firstStage(type));
      const rows = Array.from({ length: input.count }, () =>
        type === contacts
          ? contactValues(staff.somebody(), stage)
          : { [type.stage]: stage, [type.pipeline ?? ""]: staff.pipelineOf(type, stage) },
      );
      const records = portal.create(type, rows, written("BATCH_UPDATE"));
      return { object: type.name, count: records.length, ids: records.map(({ id }) => id) };
    },

    history: () => truth(portal, associations),
    recent({ limit = 20 }: { limit?: number }) {
      const living = portal.all().filter(({ archivedAt }) => archivedAt === undefined);
      return living
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, limit)
        .map((record) => {
          const type = typeOf(record.type);
          const stage = currentValue(record, type.stage) ?? "";
          const held = pipelines.stage(type.id, stage)?.pipeline;
          return {
            object: type.name,
            id: record.id,
            name: nameOf(record),
            pipeline: held?.id ?? "",
            stage,
            stages: (held?.stages ?? []).map(({ id, label }) => ({ id, label })),
          };
        });
    },
    /** Shows pipelines; with `stage` renames or archives one while records keep its id. */
    pipelines(input: { object?: string; stage?: string; label?: string; archived?: boolean }) {
      const type = objectType(input.object ?? "deal");
      const { label, archived } = input;
      if (input.stage)
        pipelines.change(type.id, checked(type, input.stage), {
          ...(label === undefined ? {} : { label }),
          ...(archived === undefined ? {} : { archived }),
        });
      return pipelines.of(type.id).map(pipelineJson);
    },
  };
}

/**
 * The back door: what people, tests and the demo can make happen. Each takes an object and gives JSON back; with `portal`
 * (hub id, or place from 1) it happens there, else in the first one.
 */
export function actionsOf(hub: Hub, faults: FaultSwitch): Readonly<Record<string, Action>> {
  const ofPortal = (input: unknown): Account => {
    const named = typeof input === "object" && input !== null ? Reflect.get(input, "portal") : undefined;
    return hub.account(hub.portal(named).hubId);
  };
  const names = Object.keys(portalActions(ofPortal({})));
  const there = names.map((name): [string, Action] => [name, (input) => portalActions(ofPortal(input))[name]?.(input)]);
  const actions = [...there, ...Object.entries(appActions(hub, faults))];
  return Object.fromEntries(actions.map(([name, run]) => [name, async (input) => (await run(input ?? {})) ?? {}]));
}

const nameOf = (record: CrmRecord): string =>
  currentValue(record, "dealname") ??
  currentValue(record, "hs_lead_name") ??
  [currentValue(record, "firstname"), currentValue(record, "lastname")].filter(Boolean).join(" ");

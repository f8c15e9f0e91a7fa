import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Connection, PersonId } from "../../core/types.ts";
import type { LeadFieldsAsked, LeadFieldsDraft, LeadFieldsSaved } from "../api/lead-fields.ts";
import { listAudit, writeAudit } from "../store/audit.ts";
import { changeConnection, lockConnection } from "../store/connections.ts";
import type { Store } from "../store/open.ts";
import { findPeople } from "../store/people.ts";
import { chosenOf, configWith, versionOf } from "./lead-fields.ts";

/**
 * Puts another choice of fields into force, for what is read from now on. Asking for what holds already changes nothing.
 *
 * @throws Failure `conflict` when somebody has chosen otherwise since `from`
 */
export async function saveFields(
  { tenantId, id, ...known }: Connection,
  connector: AnyConnector,
  { from, who, ...wanted }: LeadFieldsAsked & { readonly who: PersonId },
  store: Pick<Store, "web" | "db">,
  now: Date,
): Promise<LeadFieldsSaved> {
  const saved = await store.web(tenantId, async (trx) => {
    const config = (await lockConnection(trx, tenantId, id))?.config ?? known.config;
    const next = configWith(connector, config, wanted);
    const [before, after] = [chosenOf(connector, config), chosenOf(connector, next)];
    const version = versionOf(after);
    if (version === versionOf(before)) return { version, chosen: after };
    if (from !== versionOf(before)) return undefined;
    await changeConnection(trx, tenantId, id, { config: next });
    const about = { id, ...told("was", before, after), ...told("is", after, before) };
    await writeAudit(trx, tenantId, { who, what: "connection.fields", about }, now);
    return { version, chosen: after };
  });
  if (!saved)
    throw new Failure(
      "conflict",
      `${await lastToChoose({ tenantId, id }, store)} chose other fields meanwhile; look at them first`,
    );
  return saved;
}

/** Whom the log still knows to have chosen. */
async function lastToChoose(
  { tenantId, id }: Pick<Connection, "tenantId" | "id">,
  { web, db }: Pick<Store, "web" | "db">,
): Promise<string> {
  const deeds = await web(tenantId, (trx) => listAudit(trx, tenantId, { limit: 50, what: "connection.fields" }));
  const who = deeds.find(({ about }) => about.id === id)?.who as PersonId | undefined;
  const person = who && (await findPeople(db, [who])).get(who);
  return person?.name ?? person?.mail ?? "somebody";
}

/** What one choice has and the other has not, as names of fields: `is.leadId`, `is.value.deal`. */
function told(when: string, one: LeadFieldsDraft, other: LeadFieldsDraft): Readonly<Record<string, string>> {
  const others = new Map(flat(other));
  return Object.fromEntries(
    flat(one)
      .filter(([use, name]) => others.get(use) !== name)
      .map(([use, name]) => [`${when}.${use}`, name]),
  );
}
const flat = ({ value, ...chosen }: LeadFieldsDraft): readonly (readonly [use: string, name: string])[] => [
  ...Object.entries(chosen).flatMap(([use, name]) => (name === undefined ? [] : [[use, name] as const])),
  ...Object.entries(value ?? {}).map(([object, name]) => [`value.${object}`, name] as const),
];

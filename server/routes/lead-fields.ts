import type { Field } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Connection, ConnectionId, Tenant } from "../../core/types.ts";
import {
  leadFieldsAsked,
  leadFieldsChecked,
  leadFieldsDraft,
  leadFieldsSaved,
  leadFieldsView,
} from "../api/lead-fields.ts";
import { askCrm, connectorOf, crmOf } from "../mapping/ask-crm.ts";
import { chosenOf, configWith, coverageBy, isChoosable, mustExist, versionOf } from "../mapping/lead-fields.ts";
import { saveFields } from "../mapping/save-fields.ts";
import { findConnection } from "../store/connections.ts";
import { recentSamples } from "../store/samples.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Records that a sample holds at most. */
const sample = 150;

/** Which CRM fields tell who a lead is and what a record is worth, and of how many they do. */
export const leadFieldRoutes = (parts: ApiParts): readonly Route[] => {
  const { store, connectors } = parts;
  const records = (tenant: Tenant, { id }: Connection) =>
    store.web(tenant.id, async (trx) =>
      (await recentSamples(trx, tenant.id, id, { limit: sample })).map(({ record }) => record),
    );
  const fieldsOf = (connection: Connection) =>
    askCrm<readonly Field[]>(connection, parts, (connector, access) => connector.fields(access));
  return [
    apiRoute(
      {
        path: "/connections/:id/lead-fields",
        who: "viewer",
        summary:
          "Which CRM fields tell who a lead is and what a record is worth, and of how many of the latest leads they do",
        limit: "costly",
        answer: leadFieldsView,
        handle: async ({ tenant, params, now }) => {
          const connection = await connectionIn(params, tenant, parts);
          const connector = connectorOf(connection, connectors);
          const asOf = now.toISOString();
          if (!isChoosable(connector))
            return {
              asOf,
              choosable: false,
              fields: [],
              version: "",
              chosen: {},
              standard: {},
              crm: { answered: true },
            };
          const [fields, covered] = await Promise.all([
            fieldsOf(connection),
            records(tenant, connection).then((some) => coverageBy(connection, tenant, some, parts, now)),
          ]);
          const chosen = chosenOf(connector, connection.config);
          return {
            asOf,
            choosable: true,
            version: versionOf(chosen),
            chosen,
            standard: chosenOf(connector, {}).value ?? {},
            fields:
              "answer" in fields ? fields.answer.map(({ tells, ...field }) => ({ ...field, tells: [...tells] })) : [],
            crm: crmOf("silent" in fields ? fields : covered),
            ...("answer" in covered && { coverage: covered.answer }),
          };
        },
      },
      parts,
    ),
    apiRoute(
      {
        path: "/connections/:id/lead-fields/check",
        who: "viewer",
        summary: "Of how many of the latest leads another choice of fields would tell it; nothing is saved",
        limit: "costly",
        body: leadFieldsDraft,
        answer: leadFieldsChecked,
        handle: async ({ tenant, params, body, now }) => {
          const connection = await connectionIn(params, tenant, parts);
          const config = configWith(connectorOf(connection, connectors), connection.config, body);
          const some = await records(tenant, connection);
          const covered = await coverageBy({ ...connection, config }, tenant, some, parts, now);
          return { crm: crmOf(covered), ...("answer" in covered && { coverage: covered.answer }) };
        },
      },
      parts,
    ),
    apiRoute(
      {
        path: "/connections/:id/lead-fields",
        who: "admin",
        summary:
          "Choose the CRM fields that tell who a lead is and what a record is worth, for what is read from now on",
        limit: "costly",
        body: leadFieldsAsked,
        answer: leadFieldsSaved,
        handle: async ({ tenant, who, params, body, now }) => {
          const connection = await connectionIn(params, tenant, parts);
          const connector = connectorOf(connection, connectors);
          configWith(connector, connection.config, body);
          const fields = await fieldsOf(connection);
          if ("silent" in fields) throw new Failure(fields.silent, "the fields were not saved");
          mustExist(fields.answer, chosenOf(connector, connection.config), body);
          return await saveFields(connection, connector, { ...body, who }, store, now);
        },
      },
      parts,
    ),
  ];
};

/** @throws Failure `not_found` */
async function connectionIn(
  params: Parameters<typeof idIn>[0],
  tenant: Tenant,
  { store }: ApiParts,
): Promise<Connection> {
  const id = idIn<ConnectionId>(params, "id", "con");
  const connection = await store.web(tenant.id, (trx) => findConnection(trx, tenant.id, id));
  if (!connection) throw new Failure("not_found", `connection ${id}`);
  return connection;
}

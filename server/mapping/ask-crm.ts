import type { Access, AnyConnector } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import { withFreshToken } from "../../core/explain.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { Connection } from "../../core/types.ts";
import { type AccessParts, createAccess } from "../access/access.ts";
import { reasonOf } from "../api/words.ts";
import { within } from "../within.ts";

export interface AskParts {
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
}

/** What a CRM said while somebody waited for it, or why it said nothing. */
export type CrmAnswer<Answer> = { readonly answer: Answer } | { readonly silent: FailureCode };

/** As long as somebody looks at a page that shows the rest meanwhile. */
const patienceMs = 12_000;

/**
 * Asks the connection's CRM something for a page. That it does not answer is an answer too: pages show what we have.
 *
 * @throws Failure `not_found` where no connector knows the CRM
 */
export async function askCrm<Answer>(
  connection: Connection,
  { connectors, access: parts }: AskParts,
  ask: (connector: AnyConnector, access: Access<unknown>) => Promise<Answer>,
): Promise<CrmAnswer<Answer>> {
  const connector = connectorOf(connection, connectors);
  try {
    const asked = createAccess(connection, connector, parts).then((access) =>
      withFreshToken(async () => ({ answer: await ask(connector, access) })),
    );
    return (await within(patienceMs, asked)) ?? { silent: "network_no_answer" };
  } catch (error) {
    if (!isFailure(error) || error.code === "store_unavailable") throw error;
    return { silent: error.code };
  }
}

/** @throws Failure `not_found` */
export function connectorOf(connection: Connection, connectors: ReadonlyMap<string, AnyConnector>): AnyConnector {
  const connector = connectors.get(connection.connector);
  if (!connector) throw new Failure("not_found", `connection ${connection.id}`);
  return connector;
}

/** As the API tells it. */
export const crmOf = (answer: CrmAnswer<unknown>) =>
  "silent" in answer ? { answered: false, reason: reasonOf(answer.silent) } : { answered: true };

import type { Action } from "../simulator.ts";
import { recordActions } from "./actions.ts";
import type { FaultPlan, SalesforceFaults } from "./faults.ts";
import { orgFacts } from "./org-facts.ts";
import type { Orgs } from "./orgs.ts";
import { setupActions } from "./setup.ts";

type Actions = Readonly<Record<string, Action>>;

/** The back door. With `org` (its id, or place from 1) an action happens there, else in the first org. */
export function orgActions(orgs: Orgs, faults: FaultPlan): Actions {
  const of = (input: unknown): Actions => {
    const named = typeof input === "object" && input !== null ? Reflect.get(input, "org") : undefined;
    const { rest } = orgs.named(named);
    return { ...recordActions(rest), ...setupActions(rest) };
  };
  const names = Object.keys(of({}));
  const there = names.map((name): [string, Action] => [name, (input) => of(input)[name]?.(input)]);
  return { ...Object.fromEntries(there), ...appActions(orgs, faults) };
}

/** What concerns them all. */
function appActions(orgs: Orgs, faults: FaultPlan): Actions {
  return {
    /** {redirectUris?}: the app's keys, for the browser flow; registers callbacks when given. */
    app: ({ redirectUris }: { redirectUris?: readonly string[] }) => {
      const { settings, orgId } = orgs.first.rest;
      if (redirectUris) settings.change({ redirectUris });
      const { clientId, clientSecret } = orgs.app.secrets;
      return { accountId: orgId, clientId, clientSecret, redirectUris: settings.now.redirectUris };
    },
    /** Every org with its users; founds those that nobody has been to yet. */
    orgs: () =>
      orgFacts.map((facts) => {
        const { rest } = orgs.open(facts);
        return {
          place: facts.place,
          accountId: rest.orgId,
          name: facts.name,
          sandbox: facts.sandbox,
          instanceUrl: rest.settings.now.instanceUrl ?? rest.ownOrigin(),
          users: [...rest.org.all("User")].map(({ Id, Name, Username, Email, IsActive }) => ({
            id: Id,
            name: Name,
            username: Username,
            mail: Email,
            active: IsActive,
          })),
        };
      }),
    fault: (plan: SalesforceFaults) => faults.set(plan),
  };
}

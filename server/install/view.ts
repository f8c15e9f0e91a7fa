import { Failure } from "../../core/errors.ts";
import type { PersonId } from "../../core/types.ts";
import type { InstallView } from "../api/installs.ts";
import { isAtLeast } from "../sign-in/roles.ts";
import type { SignedIn } from "../sign-in/session.ts";
import { findClaim } from "../store/claimed-accounts.ts";
import { liveGrantsOf } from "../store/connected.ts";
import { listConnections } from "../store/connections.ts";
import { listReached } from "../store/datasets.ts";
import { type Install, installLivesMs, installsOfBrowser } from "../store/installs.ts";
import { roleIn } from "../store/members.ts";
import { findPeople } from "../store/people.ts";
import { findTenant } from "../store/tenants.ts";
import { isAbandoned } from "./abandoned.ts";
import type { InstallParts } from "./parts.ts";

/** Salesforce drops a person's sixth consent to an app; there is room for one more try or two. */
const many = 3;

/** @throws Failure `not_found` when this browser did not bring it */
export async function ownInstall(id: string, browser: string, { store, clock }: InstallParts): Promise<Install> {
  const own = await installsOfBrowser(store.db, browser, clock.now());
  const install = own.find((one) => one.id === id);
  if (!install) throw new Failure("not_found", "no install of this browser");
  return install;
}

/** What the confirm page shows. */
export async function viewOf(
  install: Install,
  signedIn: SignedIn | undefined,
  parts: InstallParts,
): Promise<InstallView> {
  const { db } = parts.store;
  const { manifest } = parts.connectors.get(install.provider) ?? {};
  if (!manifest) throw new Failure("not_found", install.provider);
  const { about, personId, provider, createdAt } = install;
  const person = (await findPeople(db, [personId])).get(personId);
  const granted = new Set(about.scopes);
  const place = await whereTo(install, signedIn, parts);
  const grants = await liveGrantsOf(db, personId, provider);
  return {
    id: install.id,
    provider,
    crmName: manifest.crmName,
    account: { id: install.accountId, name: about.accountName, sandbox: about.sandbox },
    person: { name: person?.name ?? null, mail: person?.mail ?? null },
    asked: install.asked,
    scopes: manifest.scopes.map(({ scope, required, reason }) => ({
      scope,
      required,
      reason,
      granted: granted.has(scope),
    })),
    ...place,
    sharesDataset: about.sandbox && place.workspace ? await sharedDataset(place.workspace.id, parts) : null,
    grants,
    manyGrants: grants >= many,
    createdAt: createdAt.toISOString(),
    endsAt: new Date(createdAt.getTime() + installLivesMs).toISOString(),
  };
}

async function whereTo(
  install: Install,
  signedIn: SignedIn | undefined,
  { store: { db }, clock }: InstallParts,
): Promise<Pick<InstallView, "state" | "workspace">> {
  if (!install.asked && !signedIn) return { state: "sign_in", workspace: null };
  const claim = await findClaim(db, install.provider, install.accountId);
  if (claim && !(await isAbandoned(db, claim, clock.now()))) {
    const people: readonly (PersonId | undefined)[] = [
      signedIn?.person.id,
      install.asked ? install.personId : undefined,
    ];
    for (const who of people)
      if (who && (await roleIn(db, claim.tenantId, who))) {
        const tenant = await findTenant(db, claim.tenantId);
        return { state: "yours", workspace: tenant ? { id: tenant.id, name: tenant.name } : null };
      }
    return { state: "taken", workspace: null };
  }
  const open = signedIn?.open;
  const may = open && isAtLeast(open.role, "admin") && (install.tenantId ?? open.tenant.id) === open.tenant.id;
  return { state: "new", workspace: may ? { id: open.tenant.id, name: open.tenant.name } : null };
}

async function sharedDataset(tenantId: InstallView["id"], { store: { db } }: InstallParts): Promise<string | null> {
  const tenant = tenantId as Install["tenantId"];
  if (!tenant) return null;
  const [dataset, ...others] = (await listReached(db, tenant)).filter(({ disconnectedAt }) => !disconnectedAt);
  if (!dataset || others.length > 0) return null;
  const used = (await listConnections(db, tenant)).some(({ datasetId }) => datasetId === dataset.id);
  return used ? dataset.name : null;
}

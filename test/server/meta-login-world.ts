import type { DatasetConnected } from "../../server/api/datasets.ts";
import { createSession } from "../../server/sign-in/session.ts";
import type { MetaFront } from "./meta-front.ts";
import type { Ask } from "./people.ts";

export interface MetaBusiness {
  readonly id: string;
  readonly name: string;
  readonly datasets: readonly { id: string; name: string; isCrm: boolean; permitted: boolean }[];
}

/** The businesses of the simulated Meta. */
export const businessesAt = async (here: MetaFront): Promise<readonly MetaBusiness[]> =>
  (await here.act<{ businesses: readonly MetaBusiness[] }>("businesses")).businesses;

/** One browser, with one session that stays. */
export async function browserAt(
  here: MetaFront,
  role: "admin" | "viewer" = "admin",
  tenant = here.tenant,
): Promise<Ask> {
  const { id } = await here.people.person(role, tenant);
  const { token } = await createSession(here.store.db, { personId: id, tenantId: tenant.id }, new Date());
  return (path, init = {}) =>
    fetch(new URL(path, here.url), {
      redirect: "manual",
      ...init,
      headers: { ...(init.headers as Record<string, string> | undefined), cookie: `session=${token}` },
    });
}

export const locationOf = (here: MetaFront, response: Response): URL =>
  new URL(response.headers.get("location") ?? "", here.url);

/** Leaves for Meta, answers its page, and gives the address that Meta sends the browser back to. */
export async function answerMeta(
  here: MetaFront,
  ask: Ask,
  answer: Readonly<Record<string, string | readonly string[]>>,
): Promise<URL> {
  const left = await ask("/connect/meta");
  if (left.status !== 303) throw new Error(`leaving for Meta: ${left.status}`);
  const dialog = locationOf(here, left);
  for (const [name, value] of Object.entries({ answer: "allow", ...answer }))
    for (const each of [value].flat()) dialog.searchParams.append(name, each);
  const back = await fetch(dialog, { redirect: "manual" });
  if (back.status !== 302) throw new Error(`Meta's page: ${(await back.text()).slice(-300)}`);
  return locationOf(here, back);
}

/** All the way, with all datasets of a business shared; where the browser ends. */
export async function signInAtMeta(
  here: MetaFront,
  ask: Ask,
  n = 0,
): Promise<{ readonly to: URL; readonly business: MetaBusiness }> {
  const [business] = (await businessesAt(here)).slice(n);
  if (!business) throw new Error("no such business");
  const datasets = business.datasets.map(({ id }) => id);
  const back = await answerMeta(here, ask, { business: business.id, datasets });
  return { business, to: locationOf(here, await ask(`${back.pathname}${back.search}`)) };
}

/** The first business's CRM dataset, connected by login. */
export async function connectByLogin(here: MetaFront): Promise<DatasetConnected> {
  const ask = await browserAt(here);
  const { business } = await signInAtMeta(here, ask);
  const crm = business.datasets.find(({ isCrm, permitted }) => isCrm && permitted);
  const { status, body } = await here.post<DatasetConnected>(
    "/meta/choose",
    { business: business.id, metaId: crm?.id },
    ask,
  );
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

import { z } from "zod";
import { type Bearer, type Graph, kindOf, type Told } from "./graph.ts";
import type { MetaLogin } from "./login.ts";
import { refused } from "./sign-in.ts";

export interface Business {
  readonly id: string;
  readonly name: string;
}
/** A dataset of a business, as the one who signed in may see it. */
export interface BusinessDataset {
  readonly metaId: string;
  readonly name: string;
  readonly crm?: boolean;
  /** We may send there. */
  readonly permitted: boolean;
}

const number = z.string().regex(/^\d+$/);
const Business = z.looseObject({ id: number, name: z.string().default("") });
const Pixel = z.looseObject({
  id: number,
  name: z.string().default(""),
  is_crm: z.boolean().optional(),
  permitted_tasks: z.array(z.string()).optional(),
});
const Paging = z.looseObject({
  cursors: z.looseObject({ after: z.string().optional() }).optional(),
  next: z.string().optional(),
});

/** Pages of a list that are read at most, of a hundred each. */
const mostPages = 20;

/**
 * The business that was opened to us, or all of the person's.
 *
 * @throws Failure `meta_login`
 */
export async function listBusinesses(graph: Graph, login: MetaLogin, by: Bearer): Promise<readonly Business[]> {
  if (login.businessId === undefined) {
    const { told, refused: no } = await listAll(graph, "me/businesses", "id,name", by, Business);
    if (no) throw refused("the businesses could not be listed", no);
    return told;
  }
  const asked = await graph.get(login.businessId, { fields: "id,name" }, by, Business);
  if (asked.refused) throw refused("the business could not be looked at", asked.refused);
  return [asked.told];
}

/**
 * What the business owns and what others share with it; a shared one that it also owns is told once.
 *
 * @throws Failure `meta_login` when it shows neither
 */
export async function listBusinessDatasets(
  graph: Graph,
  businessId: string,
  by: Bearer,
): Promise<readonly BusinessDataset[]> {
  const fields = "id,name,is_crm,permitted_tasks";
  const owned = await listAll(graph, `${businessId}/owned_pixels`, fields, by, Pixel);
  if (owned.refused && kindOf(owned.refused) !== "permission")
    throw refused("the datasets could not be listed", owned.refused);
  const shared = await listAll(graph, `${businessId}/client_pixels`, fields, by, Pixel);
  if (owned.refused && shared.refused) throw refused("the datasets could not be listed", shared.refused);
  const found = [...(owned.told ?? []), ...(shared.told ?? [])].map(toDataset);
  return [...new Map(found.toReversed().map((dataset) => [dataset.metaId, dataset])).values()].toReversed();
}

const toDataset = ({ id, name, is_crm, permitted_tasks }: z.infer<typeof Pixel>): BusinessDataset => ({
  metaId: id,
  name,
  ...(is_crm !== undefined && { crm: is_crm }),
  // To send events is the task UPLOAD; whoever may edit may send (Business, "Client Pixels").
  permitted: permitted_tasks === undefined || permitted_tasks.some((task) => task === "UPLOAD" || task === "EDIT"),
});

/**
 * A new dataset for events of a CRM (Business, "Ads Pixels").
 *
 * @throws Failure `meta_login`
 */
export async function createCrmDataset(graph: Graph, businessId: string, name: string, by: Bearer): Promise<string> {
  const made = await graph.post(`${businessId}/adspixels`, { name, is_crm: "true" }, by, z.looseObject({ id: number }));
  if (made.refused) throw refused("no dataset could be made", made.refused);
  return made.told.id;
}

/** Page by page by cursor: the ready-made address of the next page is never followed. */
async function listAll<Node>(
  graph: Graph,
  path: string,
  fields: string,
  by: Bearer,
  node: z.ZodType<Node>,
): Promise<Told<readonly Node[]>> {
  const page = z.looseObject({ data: z.array(node), paging: Paging.optional() });
  const all: Node[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const asked = await graph.get(path, { fields, limit: "100", ...(after !== undefined && { after }) }, by, page);
    if (asked.refused) return asked;
    const { data, paging } = asked.told;
    all.push(...data);
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  return { told: all };
}

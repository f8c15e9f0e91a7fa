import { z } from "zod";
import type { Bearer, Graph, Told } from "./graph.ts";

const DatasetFacts = z.looseObject({ id: z.string(), name: z.string(), is_crm: z.boolean().optional() });
export type DatasetFacts = z.infer<typeof DatasetFacts>;

/** The dataset as Meta shows it to this token (Marketing API, "Ads Pixel"). */
export const datasetFacts = (metaId: string, by: Bearer, graph: Graph): Promise<Told<DatasetFacts>> =>
  graph.get(metaId, { fields: "id,name,is_crm" }, by, DatasetFacts);

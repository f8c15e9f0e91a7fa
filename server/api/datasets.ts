import { z } from "zod";
import { instant } from "./schema.ts";

/** What is said, asked and answered when Meta is connected. */

/** Meta's number of a dataset or a business, as text: it does not fit a JavaScript number. */
const metaId = z
  .string()
  .trim()
  .regex(/^\d{5,20}$/, "the digits that Events Manager shows, as text");
const token = z.string().trim().min(1).max(2_000);
const name = z.string().trim().min(1).max(100);

/** `POST /api/v1/datasets/check`: copied from Events Manager. Spaces around both are overlooked. */
export const datasetChecking = z.strictObject({ metaId: z.string().trim().max(40), token });
/** `POST /api/v1/datasets`. `name`: as it is called here; absent: as Meta calls it. */
export const datasetPasted = z.strictObject({ metaId, token, name: name.optional() });

/** In this order: form, alive, found, crm, send. */
export const datasetStep = z.object({
  step: z.enum(["form", "alive", "found", "crm", "send"]),
  /** `unseen`: Meta does not show it to this token, and nothing speaks against it. `not_reached`: a step before it failed. */
  state: z.enum(["ok", "failed", "unseen", "not_reached"]),
  /** What was found, for people; empty where it was not reached. */
  words: z.string(),
  fix: z.string().optional(),
});
export type DatasetStep = z.infer<typeof datasetStep>;
export const datasetChecked = z.object({
  /** Events can be sent there. */
  ok: z.boolean(),
  steps: z.array(datasetStep),
  /** As Meta calls the dataset, where it tells. */
  name: z.string().optional(),
  /** When the token ends; absent: never, or Meta does not tell. */
  endsAt: instant.optional(),
});
export type DatasetChecked = z.infer<typeof datasetChecked>;

/** A dataset that is connected now, by whichever way. */
export const datasetConnected = z.object({
  id: z.string(),
  metaId: z.string(),
  name: z.string(),
  via: z.enum(["pasted", "login"]),
  accessEndsAt: instant.optional(),
});
export type DatasetConnected = z.infer<typeof datasetConnected>;

/** `GET /api/v1/datasets`: with how each is reached, and until when. */
export const datasetsView = z.object({
  datasets: z.array(datasetConnected.extend({ disconnectedAt: instant.optional() })),
});

/** `GET /api/v1/meta/login` */
export const metaLoginView = z.object({
  /** Whether signing in at Meta is set up here: `GET /connect/meta` goes there. */
  offered: z.boolean(),
  /** Somebody of this workspace signed in, and a dataset is to be chosen. */
  waiting: z.boolean(),
});
export type MetaLoginView = z.infer<typeof metaLoginView>;

/** `GET /api/v1/meta/businesses`: those that were opened to us at Meta. */
export const metaBusinesses = z.object({ businesses: z.array(z.object({ id: z.string(), name: z.string() })) });
export type MetaBusinesses = z.infer<typeof metaBusinesses>;

/** `GET /api/v1/meta/datasets?business=123` */
export const metaDatasetsQuery = z.strictObject({ business: metaId });
export const metaDatasets = z.object({
  datasets: z.array(
    z.object({
      metaId: z.string(),
      name: z.string(),
      /** Only events of a CRM dataset count as stages of leads; absent: Meta does not tell. */
      crm: z.boolean().optional(),
      /** Whether we may send there. */
      permitted: z.boolean(),
      /** It is connected here. */
      connected: z.boolean(),
    }),
  ),
});
export type MetaDatasets = z.infer<typeof metaDatasets>;

/** `POST /api/v1/meta/choose`: a dataset of the business that is there, or a new CRM dataset of this name. */
export const metaChoice = z.union([
  z.strictObject({ business: metaId, metaId }),
  z.strictObject({ business: metaId, create: z.strictObject({ name }) }),
]);
export type MetaChoice = z.infer<typeof metaChoice>;

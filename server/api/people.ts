import { z } from "zod";
import { count } from "./schema.ts";

/** Finding and erasing one person. */

const connection = z.string().regex(/^con_[a-z0-9]{1,40}$/);
const name = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u);

/** By the CRM's record, or by what Meta was told of the person; without a connection, in all of them. */
export const personAsked = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("record"),
    connection,
    object: name(64).regex(/^[^:]*$/),
    record: name(256),
  }),
  z.strictObject({ by: z.enum(["mail", "phone", "lead_id"]), value: name(254), connection: connection.optional() }),
]);
export type PersonAsked = z.infer<typeof personAsked>;

const held = {
  /** Records of the CRM. */
  records: count,
  /** Stage entries. */
  entries: count,
  /** Events that Meta has taken: it keeps them under its own terms. */
  sent: count,
  waiting: count,
  givenUp: count,
  /** Changes that an in-house CRM pushed. */
  pushes: count,
};

/** `POST /api/v1/people/find` */
export const personFound = z.object({
  connections: z.array(z.object({ id: z.string(), name: z.string(), ...held })),
  /** The first of them: enough to recognise one's own record. */
  records: z.array(z.object({ connection: z.string(), object: z.string(), masked: z.string() })),
});
export type PersonFound = z.infer<typeof personFound>;

/** `POST /api/v1/people/erase` */
export const personErased = z.object({
  /** Where the receipt can be read, by whoever is given the address. */
  receipt: z.string(),
  ...held,
});
export type PersonErased = z.infer<typeof personErased>;

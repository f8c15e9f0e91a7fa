import { z } from "zod";
import { count, instant } from "./schema.ts";

/** Finding, handing out and erasing what is held of one person. */

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

const heldEvent = z.object({
  dataset: z.string().describe("Meta's number of it."),
  state: z.enum(["accepted", "waiting", "refused"]),
  keptAt: instant.optional().describe("When it was made; absent: its text is dropped by age."),
  text: z.string().optional().describe("The exact text: contact data as SHA-256, never plain."),
  words: z.string().optional().describe("Meta's own words about a refusal."),
});
const heldRecord = z.object({
  connection: z.string(),
  crmName: z.string(),
  account: z.string(),
  object: z.string(),
  id: z.string(),
  entries: z.array(
    z.object({
      pipelineId: z.string(),
      stageId: z.string(),
      enteredAt: instant,
      readAt: instant,
      filled: z.boolean().describe("The lead jumped over this stage."),
      notSent: z.string().optional().describe("Why no event was made of it, in words."),
      event: heldEvent.optional(),
    }),
  ),
  pushes: z.array(
    z.object({
      id: z.string(),
      receivedAt: instant,
      pipelineId: z.string(),
      stageId: z.string(),
      text: z.string().optional().describe("With contact data as SHA-256; absent: it is settled, and let go."),
    }),
  ),
});

/** `POST /api/v1/people/export`: all that is held of one person, to be handed out. */
export const personExported = z.object({
  workspace: z.string(),
  at: instant,
  complete: z.boolean().describe("False: there is more than one answer holds."),
  notes: z.array(z.string()).describe("How to read it, for the person."),
  records: z.array(heldRecord),
});
export type PersonExported = z.infer<typeof personExported>;

import { z } from "zod";
import { explainQuery } from "./record.ts";
import { count, instant } from "./schema.ts";

const id = z.string().min(1).max(256);

/** `POST /api/v1/connections/:id/test-event` */
export const testEventAsked = explainQuery.extend({
  pipelineId: id,
  stageId: id,
  code: z
    .string()
    .trim()
    .regex(/^TEST\d{1,12}$/, "the code that Events Manager shows under Test events: TEST and digits")
    .meta({ description: "From Events Manager, Test events. It may change from day to day.", examples: ["TEST12345"] }),
});
export type TestEventAsked = z.infer<typeof testEventAsked>;

const nullable = z.int().nullable();

/** What Meta said to the one request; it is not sent again. */
export const testEventAnswer = z.object({
  /**
   * `accepted`: Meta took it. `rejected`: somebody has to mend something. `not_taken`: nothing is wrong with it, and Meta did not
   * take it just now. `no_answer`: it may have arrived.
   */
  outcome: z.enum(["accepted", "rejected", "not_taken", "no_answer"]),
  at: instant,
  tookMs: count,
  eventName: z.string(),
  eventId: z.string(),
  /** The dataset it was sent to. */
  dataset: z.object({ id: z.string(), name: z.string(), metaId: z.string() }),
  /** Where Events Manager shows it; in the sandbox, where its stand-in does. */
  eventsManager: z.string(),
  traceId: z.string().nullable(),
  /** `events_received` */
  received: nullable,
  /** What else Meta said to an event that it took. */
  messages: z.array(z.string()),
  /** Meta's own words, unaltered. */
  words: z.string().nullable(),
  status: nullable,
  code: nullable,
  subcode: nullable,
  /** The line of the event that it is about, where that can be told: `user_data.em`. */
  field: z.string().nullable(),
  /** Our reading of it. */
  reading: z.object({ code: z.string(), title: z.string(), effect: z.string(), fix: z.string() }).nullable(),
});
export type TestEventAnswer = z.infer<typeof testEventAnswer>;

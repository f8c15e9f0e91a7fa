import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import type { Place } from "../store/delivery-wanted.ts";

/** A place in the list as the text that callers are given; it means nothing to them. */
export function textOf({ keptAt, datasetId, seq, connectionId, record, place }: Place): string {
  const parts = [keptAt.getTime(), datasetId, seq, connectionId, record, place];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

const written = z.tuple([
  z.int().min(0).max(8e12),
  z.string().max(60),
  z.int().min(0),
  z.string().max(60),
  z
    .string()
    .max(500)
    .regex(/^[^\0]*$/),
  z.int().min(0).max(2_147_483_647),
]);

/** @throws Failure `input_invalid` where it is none of ours */
export function placeIn(text: string): Place {
  const [at, datasetId, seq, connectionId, record, place] = read(text);
  return {
    keptAt: new Date(at),
    datasetId: datasetId as DatasetId | "",
    seq,
    connectionId: connectionId as ConnectionId,
    record,
    place,
  };
}

function read(text: string): z.infer<typeof written> {
  try {
    return written.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw new Failure("input_invalid", "before: take it from `next` of the answer before");
    throw error;
  }
}

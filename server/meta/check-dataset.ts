import { hash, randomUUID } from "node:crypto";
import { isFailure } from "../../core/errors.ts";
import type { Send } from "../../core/meta/sender.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import type { Clock } from "../../core/ports.ts";
import { type Checked, judge, type Probes, wellFormed } from "./check-words.ts";
import { datasetFacts } from "./dataset-facts.ts";
import type { Bearer, Graph, Told } from "./graph.ts";
import { tokenFacts } from "./token-facts.ts";

export interface CheckParts {
  readonly graph: Graph;
  readonly send: Send;
  readonly clock: Clock;
}

/**
 * Asks Meta, step by step, whether this token may send to this dataset, and leaves nothing there. A token that was made for
 * one dataset in Events Manager may only send: what cannot be looked at with it is said, and its right to send is proven.
 */
export async function checkDataset(metaId: string, by: Bearer, parts: CheckParts): Promise<Checked> {
  const faulty = wellFormed(metaId, by.token);
  if (faulty) return faulty;
  const token = await patiently(() => tokenFacts(parts.graph, by.token, by));
  const dead = token.told?.valid === false;
  const probes: Probes = {
    token,
    ...(!dead && { dataset: await patiently(() => datasetFacts(metaId, by, parts.graph)) }),
    ...(!dead && { verdict: await proveSending(metaId, by, parts) }),
  };
  return judge(metaId, probes, parts.clock.now());
}

/**
 * One event that is thirty days old: Meta refuses a request with an event older than seven days and processes nothing of it
 * ("Using the Conversions API"), and says so only to those who may send there.
 */
async function proveSending(
  metaId: string,
  { token, appSecret }: Bearer,
  { send, clock }: CheckParts,
): Promise<Verdict> {
  const payload = JSON.stringify({
    event_name: "Connection check",
    event_time: Math.floor(clock.now().getTime() / 1000) - 30 * 86_400,
    event_id: hash("sha256", randomUUID()).slice(0, 32),
    action_source: "system_generated",
    user_data: { em: [hash("sha256", randomUUID())] },
    custom_data: { event_source: "crm", lead_event_source: "Connection check" },
  });
  return await send({ metaId, token, ...(appSecret !== undefined && { appSecret }) }, [payload]);
}

/** A network that fails is an answer of this check too: nothing is known, and to be tried again. */
async function patiently<Value>(ask: () => Promise<Told<Value>>): Promise<Told<Value>> {
  try {
    return await ask();
  } catch (error) {
    if (!isFailure(error, "network_unreachable", "network_no_answer", "meta_login")) throw error;
    return { refused: { status: 503 } };
  }
}

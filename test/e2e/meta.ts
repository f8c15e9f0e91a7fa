import type { Product } from "./product.ts";

/** One event as simulated Meta received it. */
export interface MetaEvent {
  /** Its number over all requests, from 1. */
  readonly n: number;
  readonly request: number;
  /** Why it does not count as a Conversion Leads event. */
  readonly notCounted: string | null;
  /** The very text that arrived. */
  readonly raw: string;
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly time: number;
  /** The digits as they were written: a JavaScript number would round them. */
  readonly leadId: string | null;
  readonly source: string;
  readonly body: {
    readonly action_source: string;
    readonly user_data: Readonly<Record<string, unknown>>;
    readonly custom_data: Readonly<Record<string, unknown>>;
  };
}

interface Answer {
  readonly events: readonly { n: number; request: number; notCounted: string | null; event: string }[];
  readonly next: number;
}

/** Everything Meta received after event number `after`, in the order of arrival. */
export async function received(act: Product["act"], after = 0): Promise<readonly MetaEvent[]> {
  const events: MetaEvent[] = [];
  for (let from = after; ; ) {
    const answer = await act<Answer>("meta", "events", { after: from, limit: 5000, as: "text" });
    events.push(...answer.events.map(read));
    if (answer.events.length === 0) return events;
    from = answer.next;
  }
}

function read({ n, request, notCounted, event: raw }: Answer["events"][number]): MetaEvent {
  const event = JSON.parse(raw) as MetaEvent["body"] & { event_id: string; event_name: string; event_time: number };
  return {
    n,
    request,
    notCounted,
    raw,
    id: event.event_id,
    name: event.event_name,
    time: event.event_time,
    leadId: /"lead_id":"?(\d+)/.exec(raw)?.[1] ?? null,
    source: String(event.custom_data.lead_event_source),
    body: event,
  };
}
